"""Jupyter's server sends a kernel's answers at once, where the course is installed."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from twostep import server

# A server with one kernel and one page connected to it: says whether small messages wait.
ASK = """
import asyncio, gc, socket, sys
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.websocket import websocket_connect

async def main():
    app = ServerApp()
    app.initialize(argv=sys.argv[1:], find_extensions=True, new_httpserver=True)
    kernel = await app.kernel_manager.start_kernel()
    page = await websocket_connect(f"ws://127.0.0.1:{app.port}/api/kernels/{kernel}/channels")
    (handler,) = [o for o in gc.get_objects() if isinstance(o, KernelWebsocketHandler)]
    tcp = handler.ws_connection.stream.socket
    print("at once:", bool(tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
    page.close()
    await app.kernel_manager.shutdown_kernel(kernel, now=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("on", [True, False])
def test_a_page_is_answered_at_once_unless_that_is_switched_off(tmp_path, on):
    """Also that the installation of the course switches it on, and that without it all works."""
    arguments = ["--IdentityProvider.token=", "--ServerApp.port=0", "--no-browser"]
    arguments += [f"--ServerApp.root_dir={tmp_path}", "--allow-root"]
    if not on:
        arguments.append('--ServerApp.jpserver_extensions={"twostep.server": False}')
    homes = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    ran = subprocess.run(
        [sys.executable, "-c", ASK, *arguments],
        env=os.environ | homes,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split("at once: ")[1].strip() == str(on)


class Stock:
    """A connection as Jupyter's server makes it."""

    log = logging.getLogger("server")

    def __init__(self, handler):
        self.websocket_handler = handler

    def connect(self):
        return "connected"


def load(setting, caplog):
    """What an application has for the setting after the extension was loaded."""
    caplog.set_level(logging.INFO)
    settings = {} if setting is None else {server.SETTING: setting}
    app = SimpleNamespace(web_app=SimpleNamespace(settings=settings), log=Stock.log)
    server._load_jupyter_server_extension(app)
    return settings.get(server.SETTING)


def test_every_connection_is_told_and_then_made_as_before(caplog):
    told = []
    connection = load(Stock, caplog)(SimpleNamespace(set_nodelay=told.append))
    assert connection.connect() == "connected"
    assert told == [True]
    assert caplog.text == ""


@pytest.mark.parametrize("setting", [None, "a name", object])
def test_a_server_of_another_make_starts_as_before_and_says_so(setting, caplog):
    assert load(setting, caplog) is setting
    assert caplog.text.count("sliders are not made quicker") == 1


def test_a_connection_that_cannot_be_told_is_made_as_before(caplog):
    assert load(Stock, caplog)(SimpleNamespace()).connect() == "connected"
    assert caplog.text.count("sliders are not made quicker") == 1


def test_the_extension_is_named_as_jupyter_looks_for_it():
    (point,) = server._jupyter_server_extension_points()
    assert point["module"] == server.__name__
    assert f'"{server.__name__}": true' in Path(server.__file__).with_suffix(".json").read_text()
