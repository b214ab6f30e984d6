"""The course for a room: a JupyterHub on this machine, until Ctrl+C ends it.

    python -m tools.hub [arguments for JupyterHub]

Learners come in with a name of their own and the class password. Each has a folder in my-class,
which git ignores, made and renewed as tools/start.py does it. Its settings are
deploy/jupyterhub_config.py. `make hub` installs what it needs.
"""

import argparse
import os
import secrets
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
from tools.install import advice

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "deploy" / "jupyterhub_config.py"
PROXY = ROOT / "deploy" / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy"
# The variables in which the configuration finds the class password, and the folder of the class.
PASSWORD, FOLDER = "TWOSTEP_CLASS_PASSWORD", "TWOSTEP_CLASS_FOLDER"
SHORTEST = 8
# Seconds that JupyterHub gets to stop everybody's server before it is ended by force.
LONGEST = 60
# Without what looks alike on a blackboard.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def class_password() -> str:
    """What the teacher types, or made up; it is kept nowhere. Raises ValueError if it is short."""
    question = (
        f"Class password, {SHORTEST} characters or more (or only Enter, to have one made up): "
    )
    if not (typed := input(question).strip()):
        return "".join(secrets.choice(SIGNS) for _sign in range(10))
    if len(typed) < SHORTEST:
        raise ValueError(
            f"The class password has {len(typed)} characters; it needs {SHORTEST} or more."
        )
    return typed


def encrypted(arguments: Sequence[str]) -> bool:
    """Whether JupyterHub is told of a certificate, as the network of a room needs it."""
    return any("ssl_cert" in each or "ssl-cert" in each for each in arguments)


def up(address: str) -> bool:
    """Whether the hub answers there. Its certificate may be known to nobody here."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        with urlopen(f"{address}/hub/health", timeout=5, context=trusting):
            return True
    except OSError:
        return False


def run(arguments: Sequence[str], password: str, learners: Path, address: str) -> int:
    """Run JupyterHub until it ends or we are told to end; return its exit status.

    It gets a session of its own, so that Ctrl+C reaches us alone, and we end it as it is meant to
    be ended: it stops each learner's server and its proxy first, and that takes some seconds.
    """
    ended = 0.0  # when we were told to end
    # Not where the system puts temporary files: on macOS that is too long for the name of a socket.
    with TemporaryDirectory(prefix="twostep-", dir="/tmp") as folder:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", f"--config={CONFIG}", *arguments],
            cwd=folder,
            env=os.environ | {PASSWORD: password, FOLDER: str(learners)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

        def end(_signal: int, _frame: FrameType | None) -> None:
            nonlocal ended
            if not ended:  # once is enough
                print("Ending the class: learners' pages are saved where they were.", flush=True)
                hub.terminate()
                ended = time.monotonic()

        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, end)
        started: dict[int, psutil.Process] = {}
        ready = False
        while hub.poll() is None:
            with suppress(psutil.NoSuchProcess):
                started |= {each.pid: each for each in psutil.Process(hub.pid).children(True)}
            if not ready and (ready := up(address)) and not ended:
                print(f"The course is at {address}. To end the class, press Ctrl+C.", flush=True)
            if ended and time.monotonic() > ended + LONGEST:
                hub.kill()
            time.sleep(0.5)
        # Told to end while it was starting, or ended by force, it leaves its proxy behind.
        for each in started.values():
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(list(started.values()), timeout=10)
        return 0 if ended else hub.returncode


def main() -> int:
    """Ask for the class password, say where the course is, and run the hub."""
    parser = argparse.ArgumentParser(prog="python -m tools.hub")
    parser.add_argument("--ip", default="127.0.0.1", help="0.0.0.0: the whole network of a room")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", default="my-class", help="another class: another folder")
    options, others = parser.parse_known_args()
    try:
        password = class_password()
    except ValueError as problem:
        sys.exit(str(problem))
    learners = (ROOT / options.folder).resolve()
    try:
        learners.mkdir(exist_ok=True)
    except OSError as problem:
        sys.exit(advice(problem))
    secure = encrypted(others)
    if not secure and options.ip != "127.0.0.1":
        print("Without a certificate, others in this network can read passwords and pages.")
    print(f"The class password is {password}. Each learner's pages are in {learners}.")
    print("Starting", flush=True)
    # 0.0.0.0 is no address to go to; this machine always has this one.
    host = "127.0.0.1" if options.ip == "0.0.0.0" else options.ip
    address = f"http{'s' if secure else ''}://{host}:{options.port}"
    others += [f"--ip={options.ip}", f"--port={options.port}"]
    return run(others, password, learners, address)


if __name__ == "__main__":
    sys.exit(main())
