"""``grade watch`` on Windows, which is stood in for: its keys, its Ctrl+C and its old consoles."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from rich.console import Console
from rich.text import Text

from grader import course
from grader.errors import STOPPED
from grader.learning import folder as folders
from grader.learning import keys, loop
from grader.learning.window import Lines, Screen, open_window
from grader.records import Evidence


@pytest.fixture
def keys_of_windows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import the keys where there is no termios, and where what is pressed is an arrow, F1, h and Ctrl+C."""
    pressed = iter(["\xe0", "H", "\0", ";", "h", "\x03"])
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("termios", "tty"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(getwch=lambda: next(pressed, "")))
    spec = importlib.util.spec_from_file_location("keys_of_windows", str(keys.__file__))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_arrow_is_no_letter(keys_of_windows: ModuleType) -> None:
    pressed: list[str] = []
    keys_of_windows.Keys(pressed.append)._read()
    assert pressed == ["h", "\x03"]


@pytest.fixture
def watched(tmp_path: Path) -> loop.Loop:
    def observe(*_: object) -> Evidence:
        raise AssertionError

    folder, _ = folders.begin(tmp_path)
    return loop.Loop(folder, Lines(Console(file=io.StringIO())), observe, course.exercises()["03_partial_unfreeze"])


def test_ctrl_c_as_a_key_stops_the_watch(watched: loop.Loop) -> None:
    watched.press("\x03")
    assert watched._exit == STOPPED


def test_a_wait_is_short_where_no_signal_ends_it(watched: loop.Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []

    class Todo:
        def get(self, timeout: float | None) -> object:
            waits.append(timeout)
            if len(waits) == 1:
                raise loop.Empty
            return print

    monkeypatch.setattr(watched, "_todo", Todo())
    monkeypatch.setattr(sys, "platform", "win32")
    assert watched._next() is print
    monkeypatch.setattr(sys, "platform", "linux")
    assert watched._next() is print
    assert waits == [loop._AWAKE_SECONDS, loop._AWAKE_SECONDS, None]


@pytest.fixture
def consoles() -> dict[bool, Console]:
    """Open a terminal that obeys escape codes, and an old one of Windows, which would print them."""
    return {
        old: Console(file=io.StringIO(), force_terminal=True, legacy_windows=old, _environ={"TERM": "xterm"})
        for old in (True, False)
    }


def test_an_old_console_gets_lines(consoles: dict[bool, Console], monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Screen, Lines):
        monkeypatch.setattr(kind, "take", lambda _: None)
        monkeypatch.setattr(kind, "give_back", lambda _: None)
    with open_window(consoles[True], Text()) as window:
        assert isinstance(window, Lines)
    with open_window(consoles[False], Text()) as window:
        assert isinstance(window, Screen)
