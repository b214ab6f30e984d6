"""A JupyterHub for one teaching machine: what `make hub` (tools/hub.py) tells it.

Everything that a hub leaves behind, its database and its cookie secret, lies in the folder in which
it is started; tools/hub.py makes one for each start and removes it.
"""

import os
import socket
import sys
import unicodedata
from pathlib import Path

from jupyterhub.authenticators.shared import SharedPasswordAuthenticator

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tools.hub import FOLDER, PASSWORD, PROXY  # noqa: E402
from tools.start import FIRST_PAGE, lay_out, sentences  # noqa: E402

c = get_config()  # noqa: F821  # type: ignore[name-defined]


# Who may come in


class ClassPassword(SharedPasswordAuthenticator):
    """Everybody who knows the password of the class, under a name of their own.

    Names are compared as people read them: ＡＮＮＡ, typed with a Japanese keyboard, is anna, and
    finds the pages of last time.
    """

    def normalize_username(self, username):
        return super().normalize_username(unicodedata.normalize("NFKC", username).strip())


c.JupyterHub.authenticator_class = ClassPassword
c.ClassPassword.user_password = os.environ.pop(PASSWORD)  # so that no other process gets it
c.ClassPassword.allow_all = True
# Letters of any script. A name is the name of a folder too: no slash, and no dot in front.
c.ClassPassword.username_pattern = r"\w[\w .-]{0,39}\Z"
c.JupyterHub.template_vars = {
    "announcement_login": "Type a name of your own (always the same one) and the class password."
}


# What each of them gets

learners = Path(os.environ.pop(FOLDER))


def hand_out(spawner):
    """A folder of the learner's own, laid out as by `make lab`; it is their home folder too."""
    own = learners / spawner.user.name
    for sentence in sentences(lay_out(ROOT, own), own.name):
        print(sentence, flush=True)
    spawner.home_dir = spawner.notebook_dir = str(own)
    # Short: the name of a socket has room for some hundred bytes.
    spawner.environment["JUPYTER_RUNTIME_DIR"] = str(Path.cwd() / str(spawner.user.id))


c.JupyterHub.spawner_class = "simple"
c.Spawner.pre_spawn_hook = hand_out
# Half the time of a core and 15 MiB less: a grammar of web addresses that no server of the class
# needs (src/twostep/charts/_altair.py) is not to be had. In values.yaml too.
c.Spawner.cmd = [
    sys.executable,
    "-c",
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyterhub.singleuser import main; main()",
]
c.Spawner.default_url = f"/lab/tree/{FIRST_PAGE}"
c.Spawner.args = [
    # A port is chosen before the kernel opens it; where many kernels start at once, another one
    # may be quicker. Sockets are files of the learner's own.
    "--KernelManager.transport=ipc",
    # A kernel whose page has been closed for a quarter of an hour gives its memory back.
    "--MappingKernelManager.cull_idle_timeout=900",
    "--Application.log_level=WARN",
]
if os.geteuid() == 0:
    c.Spawner.args.append("--allow-root")
# A class starts in the same minute: twenty servers take two cores a minute and a half.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.Spawner.poll_interval = 5  # so that a server that died is noticed, and started again, soon
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}  # a page that shows how far it is


# How it runs


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


c.JupyterHub.log_level = "WARN"
c.ConfigurableHTTPProxy.command = [str(PROXY)]
c.ConfigurableHTTPProxy.log_level = "warn"
# What only the hub and its proxy use between themselves: the usual ports may be taken.
c.JupyterHub.hub_port = free_port()
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{free_port()}"
