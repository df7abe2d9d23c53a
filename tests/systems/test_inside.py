"""What runs in the learner's process, on systems that this test does not run on: they are stood in for."""

from __future__ import annotations

import ntpath
import os
import posixpath
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from grader.inside import observe
from grader.inside.wire import Fact, Writer

BINARY = 0x8000


def test_facts_leave_windows_without_a_byte_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "O_BINARY", BINARY, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(setmode=lambda *mode: told.append(mode)))
    descriptor = os.open(tmp_path / "facts", os.O_WRONLY | os.O_CREAT)
    Writer(descriptor).write(Fact("ten", 10))
    os.close(descriptor)
    assert told == [(descriptor, BINARY)]


WINDOWS = {
    "stdlib": r"C:\Python313\Lib",
    "platstdlib": r"C:\Python313\Lib",
    "purelib": r"D:\course\.venv\Lib\site-packages",
    "platlib": r"D:\course\.venv\Lib\site-packages",
}
FRAMEWORK = "/Library/Frameworks/Python.framework/Versions/3.13"
MACOS = {
    "stdlib": f"{FRAMEWORK}/lib/python3.13",
    "platstdlib": f"{FRAMEWORK}/lib/python3.13",
    "purelib": f"{FRAMEWORK}/lib/python3.13/site-packages",
    "platlib": f"{FRAMEWORK}/lib/python3.13/site-packages",
}
DEBIAN = {
    "stdlib": "/usr/lib/python3.13",
    "platstdlib": "/usr/lib/python3.13",
    "purelib": "/usr/local/lib/python3.13/dist-packages",
    "platlib": "/usr/local/lib/python3.13/dist-packages",
}


def stand_in(
    monkeypatch: pytest.MonkeyPatch, path: ModuleType, paths: dict[str, str], ours: str, searched: Sequence[str] = ()
) -> None:
    """Let ``observe`` have been imported where paths are like this."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "path", path)
        elsewhere.setattr(os, "__file__", path.join(paths["stdlib"], "os.py"))
        elsewhere.setattr(sys, "path", list(searched))
        elsewhere.setattr(sysconfig, "get_paths", lambda: paths)
        elsewhere.setattr(observe, "__file__", path.join(ours, "inside", "observe.py"))
        places = observe._places()
    monkeypatch.setattr(observe, "_PLACES", places)
    monkeypatch.setattr(observe, "_compared", path.normcase)


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        (r"D:\course\.venv\Lib\site-packages\torch\nn\modules\module.py", "torch"),
        (r"d:\Course\.venv\lib\site-packages\PIL\Image.py", "PIL"),
        (r"D:\course\.venv\Lib\site-packages\six.py", "six"),
        (r"C:\Python313\Lib\json\decoder.py", "Python"),
        ("<frozen importlib._bootstrap>", "Python"),
        (r"D:\course\grader\course\03_partial_unfreeze\probe.py", "the exercise"),
        (r"D:\course\python3 notes\probe.py", "the exercise"),
    ],
)
def test_libraries_are_known_on_windows(filename: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, ntpath, WINDOWS, r"D:\course\grader")
    assert observe._library(filename) == name


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        (f"{FRAMEWORK}/lib/python3.13/site-packages/torch/optim/sgd.py", "torch"),
        (f"{FRAMEWORK}/lib/python3.13/inspect.py", "Python"),
        (f"{FRAMEWORK}/lib/python3.13/site-packages/grader/course/03_partial_unfreeze/probe.py", "the exercise"),
    ],
)
def test_libraries_are_known_in_a_framework_of_macos(filename: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, posixpath, MACOS, f"{FRAMEWORK}/lib/python3.13/site-packages/grader")
    assert observe._library(filename) == name


@pytest.mark.parametrize("folder", ["/usr/lib/python3/dist-packages", "/usr/local/lib/python3.13/dist-packages"])
def test_libraries_are_known_in_either_folder_of_debian(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, posixpath, DEBIAN, "/srv/grader", ["/usr/lib/python3/dist-packages"])
    assert observe._library(f"{folder}/numpy/linalg.py") == "numpy"


def test_libraries_are_known_here() -> None:
    assert observe._library(str(observe.torch.__file__)) == "torch"
    assert observe._library(sysconfig.__file__) == "Python"
    assert observe._library(observe.__file__) == "the exercise"
