"""Learners of a JupyterHub without a browser: they come in, start their server, run cells.

For tests and benchmarks, which look at a hub as its learners' browsers do.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import requests
import websocket

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds, for whatever is waited for


class Hub:
    """A hub that runs: its address, its process, and what it printed so far."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process, self.address = process, f"http://127.0.0.1:{port}"
        self.log: list[str] = []

    def end(self) -> int:
        """Press Ctrl+C, once; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def hub(
    folder: Path, password: str, *arguments: str, python: str | Path = sys.executable
) -> Iterator[Hub]:
    """Open a class as `make hub` does, in a folder, and yield it when learners may come.

    Raises RuntimeError, with its log, if it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(python), "-m", "tools.hub", f"--port={port}", f"--folder={folder}", *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        # Nobody's settings but the course's.
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_PREFER_ENV_PATH": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    running = Hub(process, port)
    try:
        process.stdin.write(f"{password}\n")
        process.stdin.close()
        for line in process.stdout:
            running.log.append(line)
            if "The course is at" in line:
                break
        else:
            raise RuntimeError(f"the hub did not start:\n{''.join(running.log)}")
        # Read on, or the hub stops when the pipe for its log is full.
        reader = threading.Thread(target=lambda: running.log.extend(process.stdout or ()))
        reader.start()
        yield running
        running.end()
        reader.join()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


class Learner:
    """Somebody who came in through the page for it, and whose server runs.

    Raises RuntimeError where a name or password is not taken, or the server does not start.
    """

    def __init__(self, address: str, name: str, password: str) -> None:
        self.name = name
        self._session = requests.Session()
        self._session.get(f"{address}/hub/login", timeout=PATIENCE)
        form = {"username": name, "password": password, "_xsrf": self._cookies("/hub/")["_xsrf"]}
        came_in = self._session.post(f"{address}/hub/login", data=form, timeout=PATIENCE)
        place = re.search("/(?:spawn-pending|user)/([^/?]+)", came_in.url)
        if came_in.status_code >= 400 or not place:
            raise RuntimeError(f"{name} is not let in: {came_in.status_code}")
        self.own = f"{address}/user/{place[1]}"
        self._start = f"{address}/hub/spawn/{place[1]}"
        self.start()

    def start(self) -> None:
        """Wait for the page of the learner's server, which is started where it does not run."""
        ends = time.monotonic() + PATIENCE
        while not (page := self._session.get(self._start, timeout=PATIENCE)).url.startswith(
            f"{self.own}/lab"
        ):
            if page.status_code == 500 or time.monotonic() > ends:
                raise RuntimeError(
                    f"the server of {self.name} did not start: {page.status_code} {page.url}"
                )
            time.sleep(0.2)
        if page.status_code >= 400:
            raise RuntimeError(f"{self.name} gets no page: {page.status_code} {page.url}")
        self.page_address = page.url

    def _cookies(self, path: str) -> dict[str, str]:
        """What a browser sends to a path; of two with one name, that of the nearer folder."""
        sent = [each for each in self._session.cookies if path.startswith(each.path)]
        return {
            each.name: str(each.value) for each in sorted(sent, key=lambda each: len(each.path))
        }

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Ask the learner's own server; raises RuntimeError where it refuses."""
        place = f"{urlsplit(self.own).path}/"
        answer = self._session.request(
            method,
            f"{self.own}/api/{path}",
            json=body or None,
            headers={"X-XSRFToken": self._cookies(place).get("_xsrf", "")},
            timeout=PATIENCE,
        )
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[-500:]}")
        return answer.json() if answer.content else None

    def read(self, path: str) -> Any:
        """A notebook of the learner's."""
        return self.ask("GET", f"contents/{quote(path)}")["content"]

    def kernel(self) -> "Kernel":
        """A new kernel, to which a page is connected."""
        return Kernel(self, self.ask("POST", "kernels", name="python3")["id"])

    def connect(self, number: str) -> Any:
        """The socket over which a page talks to a kernel."""
        kept = self._cookies(f"{urlsplit(self.own).path}/")
        return websocket.create_connection(
            f"{self.own.replace('http', 'ws', 1)}/api/kernels/{number}/channels",
            cookie="; ".join(f"{name}={value}" for name, value in kept.items()),
            timeout=PATIENCE,
        )


class Kernel:
    """A kernel, as the page of a notebook talks to it."""

    def __init__(self, learner: Learner, number: str) -> None:
        self.learner, self.number = learner, number
        self._socket = learner.connect(number)

    def _send(self, kind: str, content: dict[str, Any]) -> str:
        name = uuid4().hex
        header = {
            "msg_id": name,
            "msg_type": kind,
            "session": "page",
            "username": self.learner.name,
            "version": "5.3",
            "date": "",
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self._socket.send(json.dumps(message | {"channel": "shell", "buffers": []}))
        return name

    def _answers(self, name: str) -> Iterable[dict[str, Any]]:
        """What the kernel publishes because of a message, until it is idle again."""
        reply = False
        idle = False
        while not (reply and idle):
            message = json.loads(self._socket.recv())
            if message["parent_header"].get("msg_id") != name:
                continue
            kind = message["header"]["msg_type"]
            # A message of a widget has no reply.
            reply = reply or kind == "execute_reply" or message["channel"] == "iopub"
            idle = idle or (kind == "status" and message["content"]["execution_state"] == "idle")
            yield message

    def run(self, source: str) -> list[dict[str, Any]]:
        """Run a cell; its outputs as a notebook stores them, lines of one stream put together."""
        asked = self._send(
            "execute_request", {"code": source, "silent": False, "store_history": True}
        )
        outputs: list[dict[str, Any]] = []
        for message in self._answers(asked):
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream":
                if outputs and outputs[-1].get("name") == content["name"]:
                    outputs[-1]["text"] += content["text"]
                else:
                    outputs.append({"output_type": kind} | content)
            elif kind in ("execute_result", "display_data", "error"):
                outputs.append({"output_type": kind} | content)
        return outputs

    def move(self, widget: str, **state: Any) -> dict[str, Any]:
        """Move a slider of a widget; what the kernel then says has changed."""
        data = {"method": "update", "state": state, "buffer_paths": []}
        changed: dict[str, Any] = {}
        for message in self._answers(self._send("comm_msg", {"comm_id": widget, "data": data})):
            content = message["content"]
            if message["header"]["msg_type"] == "comm_msg" and content["comm_id"] == widget:
                changed |= content["data"].get("state", {})
        return changed

    def restart(self) -> None:
        """What a learner presses when the kernel hangs or has died."""
        self.learner.ask("POST", f"kernels/{self.number}/restart")
        # As JupyterLab does: what is sent over the old one may never arrive.
        self._socket.close()
        self._socket = self.learner.connect(self.number)

    def close(self) -> None:
        """Leave the page; the kernel goes on."""
        self._socket.close()

    def end(self) -> None:
        """Leave the page and shut the kernel down."""
        self.close()
        self.learner.ask("DELETE", f"kernels/{self.number}")
