"""Parts of `make live` without browser and network; all of it: tests/browser/test_live_pages.py."""

import io
import json
import sys
from hashlib import sha256
from importlib import import_module
from types import ModuleType, SimpleNamespace

import pytest

from tools import live as tool

PACKAGES = {
    "twostep": {"depends": ["Prompt_Toolkit", "numpy"], "file_name": "../../static/twostep.whl"},
    "prompt-toolkit": {"depends": [], "file_name": "https://example.org/full/prompt.whl"},
    "numpy": {"depends": [], "file_name": "https://example.org/full/numpy.whl"},
    "matplotlib": {"depends": ["numpy"], "file_name": "https://example.org/full/plot.whl"},
}


def test_a_page_needs_the_course_and_what_that_depends_on():
    assert set(tool.needed(PACKAGES, ["twostep"])) == {"twostep", "prompt-toolkit", "numpy"}
    with pytest.raises(KeyError, match="pandas"):
        list(tool.needed(PACKAGES, ["pandas"]))


def build_of(folder, content):
    packages = {
        name: {**package, "sha256": sha256(content).hexdigest()}
        for name, package in PACKAGES.items()
    }
    options = {"loadPyodideOptions": {"packages": ["twostep"]}}
    config = {"jupyter-config-data": {"litePluginSettings": {"kernel": options}}}
    (folder / tool.LOCK).parent.mkdir(parents=True)
    (folder / tool.LOCK).write_text(json.dumps({"packages": packages}))
    (folder / "jupyter-lite.json").write_text(json.dumps(config))


def test_what_a_page_needs_is_brought_to_its_site_and_nothing_more(monkeypatch, tmp_path):
    asked = []
    build_of(tmp_path, b"content")
    monkeypatch.setattr(tool, "urlopen", lambda url: asked.append(url) or io.BytesIO(b"content"))
    tool.bring_home(tmp_path)
    assert sorted(asked) == [PACKAGES[name]["file_name"] for name in ("numpy", "prompt-toolkit")]
    packages = json.loads((tmp_path / tool.LOCK).read_text())["packages"]
    assert packages["numpy"]["file_name"] == "../../static/pyodide-lock/numpy.whl"
    assert (tmp_path / "static" / "pyodide-lock" / "numpy.whl").read_bytes() == b"content"
    assert packages["matplotlib"] == {
        **PACKAGES["matplotlib"],
        "sha256": packages["matplotlib"]["sha256"],
    }


def test_a_package_that_is_not_the_listed_one_is_refused(monkeypatch, tmp_path):
    build_of(tmp_path, b"content")
    monkeypatch.setattr(tool, "urlopen", lambda _url: io.BytesIO(b"something else"))
    with pytest.raises(ValueError, match="is not the file that Pyodide's list names"):
        tool.bring_home(tmp_path)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("all there is")
    with pytest.raises(ValueError, match="holds something else: name a new folder"):
        tool.build(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "all there is"


@pytest.fixture
def in_the_browser(monkeypatch):
    """The module, and what its kernel hands to the page: the kernel and Pyodide are made up."""
    import_module("twostep")  # which would set the browser right by itself
    told = []

    class Comm:
        def publish_msg(self, *given):
            told.append(given)

        def handle_msg(self, message):
            told.append(message)

    class Display:
        def publish(self, *given):
            told.append(given)

    class Result:
        def write_format_data(self, data, _metadata=None):
            self.data = data

    for name, content in {
        "pyodide": {},
        "pyodide.ffi": {"jsnull": "JsNull"},
        "pyodide_kernel": {},
        "pyodide_kernel.comm": {"Comm": Comm},
        "pyodide_kernel.display": {"LiteDisplayHook": Result, "LiteDisplayPublisher": Display},
    }.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["pyodide_kernel"].comm = sys.modules["pyodide_kernel.comm"]
    monkeypatch.delitem(sys.modules, "twostep._lite", raising=False)
    comm = import_module("comm")
    monkeypatch.setattr(comm, "create_comm", comm.create_comm)
    tqdm = import_module("tqdm").tqdm
    monkeypatch.setattr(tqdm, "monitor_interval", 10)
    shell = SimpleNamespace(display_pub=Display(), displayhook=Result())
    import_module("twostep._lite").mend(shell)
    yield shell, comm.create_comm(), told
    del sys.modules["twostep._lite"]


def test_none_crosses_to_the_page_and_back(in_the_browser):
    shell, wire, told = in_the_browser
    data = {"state": {"value": None, "rows": [1, (None, "a")], "shown": False, "zero": 0}}
    there = {"state": {"value": "JsNull", "rows": [1, ["JsNull", "a"]], "shown": False, "zero": 0}}
    wire.publish_msg("comm_msg", data)
    wire.publish_msg("comm_close")
    shell.display_pub.publish(data)
    assert told == [("comm_msg", there), ("comm_close", None), (there,)]
    shell.displayhook.write_format_data(data)
    assert shell.displayhook.data == there
    told.clear()
    wire.handle_msg({"content": {"data": there}})
    assert told == [{"content": {"data": {"state": {**data["state"], "rows": [1, [None, "a"]]}}}}]
    assert import_module("tqdm").tqdm.monitor_interval == 0
