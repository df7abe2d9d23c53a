"""``grade watch`` in a real terminal, driven by tmux: keys, saves, sizes, and nothing left behind."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
import pytest

from grader.learning.progress import recall
from tests.whole import COUNT, POSSIBLE

if TYPE_CHECKING:
    from .conftest import Desk

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
PATIENCE = 120
"""Seconds that a test waits for what must come; a quiet machine needs none of them."""
WATCH = [sys.executable, "-c", "from grader.cli import main; main()", "watch"]
REVERSED = "The blocks are listed from the output side"
HANGS = b"import time\ntime.sleep(1000)\n"


def wait(what: str, condition: Callable[[], object], shown: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} never came:\n{shown()}"
        time.sleep(0.02)


class Terminal:
    """A tmux window, 60 columns wide and without colour, in which a command runs."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="loop-"))  # a socket's path must be short
        self.opened = self._home / "opened"
        browser = self._home / "browser"
        browser.write_text(f"#!/bin/sh\necho $1 >{self.opened}\n")
        browser.chmod(0o755)
        settings = {"NO_COLOR": "1", "BROWSER": str(browser), "LC_ALL": "C.UTF-8"}
        script = f"trap : INT; {shlex.join(command)}; echo exit code $?; exec cat"
        self._tmux(
            *("-f", "/dev/null", "new-session", "-d", "-x", "60", "-y", "40", "-c", str(folder)),
            *(f"-e{name}={value}" for name, value in settings.items()),
            shlex.join(["sh", "-c", script]),
        )

    def text(self) -> str:
        return self._tmux("capture-pane", "-p")

    def wait(self, text: str) -> None:
        """Wait until a text is on the screen, however its lines are broken."""
        wait(repr(text), lambda: text in " ".join(re.sub("[│\n]", " ", self.text()).split()), self.text)

    def wait_for_picture(self, width: int, height: int, first: str, last: str) -> None:
        """Wait until the window is filled: its first and last line, and a rule across all of its width."""

        def is_drawn() -> bool:
            lines = self.text().splitlines()
            fits = len(lines) == height and lines[0].startswith(first) and lines[-1].startswith(last)
            return fits and any(line[0] == line[-1] == "─" and len(line) == width for line in lines if line)

        wait(f"a picture of {width} by {height}", is_drawn, self.text)

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def coloured(self) -> bool:
        return re.search(r"\x1b\[[0-9;]*[34][0-7]", self._tmux("capture-pane", "-pe")) is not None

    def family(self) -> list[psutil.Process]:
        """Return every process that the command has."""
        shell = psutil.Process(int(self._tmux("display-message", "-p", "#{pane_pid}")))
        return shell.children(recursive=True)

    def close(self) -> None:
        self._tmux("kill-server")
        shutil.rmtree(self._home)

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-S", str(self._home / "socket"), *arguments]
        environment = dict(os.environ)  # without the COLUMNS that readline puts into the process behind Python's back
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


class Watched(NamedTuple):
    """A terminal in which a desk is watched."""

    terminal: Terminal
    desk: Desk


@pytest.fixture(scope="module")
def watched(new_desk: Callable[[Path], Desk], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One watch for all tests that leave it running: importing torch is most of what it costs."""
    desk = new_desk(tmp_path_factory.mktemp("course"))
    terminal = Terminal([*WATCH, str(desk.file)], desk.folder.root)
    yield Watched(terminal, desk)
    terminal.close()


def graded(desk: Desk) -> list[str]:
    """Return the digests of the versions that were graded, the last one last."""
    progress = recall(desk.folder, desk.exercise)
    return [result.sha256 for result in progress.results] if progress else []


@needs_tmux
class TestInOneSitting:
    """What a learner does, in this order."""

    def test_it_says_at_once_what_it_does_and_shows_the_board_meanwhile(self, watched: Watched) -> None:
        watched.terminal.wait("Checking 03_partial_unfreeze … the first check takes some")
        assert f"0 of {COUNT} solved" in watched.terminal.text()
        watched.terminal.wait("Start with `backbone_blocks`")

    def test_a_save_is_graded(self, watched: Watched) -> None:
        watched.desk.file.write_bytes(watched.desk.specimen("blocks_reversed"))
        watched.terminal.wait(REVERSED)
        text = watched.terminal.text
        wait("the status", lambda: "13 of 15 points" in text().splitlines()[-1], text)
        assert not watched.terminal.coloured()

    def test_a_save_by_another_file_in_its_place_is_graded(self, watched: Watched) -> None:
        draft = watched.desk.file.with_name("draft")
        draft.write_bytes(watched.desk.specimen("partial_off_by_one"))
        draft.replace(watched.desk.file)
        watched.terminal.wait("grade explain partial-off-by-one")

    def test_a_broken_file_is_said_and_mended(self, watched: Watched) -> None:
        watched.desk.file.write_bytes(b"def backbone_blocks(model:\n")
        watched.terminal.wait("Your file could not be imported: SyntaxError in line 1")
        watched.desk.file.write_bytes(watched.desk.specimen("blocks_reversed"))
        watched.terminal.wait(REVERSED)

    def test_a_deleted_file_keeps_the_picture_and_comes_back(self, watched: Watched) -> None:
        content = watched.desk.file.read_bytes()
        watched.desk.file.unlink()
        watched.terminal.wait("03_partial_unfreeze is gone; x brings its stub back")
        assert REVERSED in watched.terminal.text()
        watched.desk.file.write_bytes(content)
        watched.terminal.wait("Nothing new in 03_partial_unfreeze.py")
        assert REVERSED in watched.terminal.text()

    def test_it_fits_whatever_size_the_window_gets(self, watched: Watched) -> None:
        for width, height in ((40, 12), (100, 30), (60, 40)):
            watched.terminal.resize(width, height)
            watched.terminal.wait_for_picture(width, height, "03_partial_unfreeze  Partial", "Nothing new in")

    def test_what_does_not_fit_is_on_the_next_page(self, watched: Watched) -> None:
        watched.terminal.resize(60, 12)
        watched.terminal.wait("─ 8 of")
        watched.terminal.press("Space")
        watched.terminal.wait("─ 16 of")
        watched.terminal.resize(60, 40)
        watched.terminal.wait(REVERSED)

    def test_keys(self, watched: Watched) -> None:
        press, see = watched.terminal.press, watched.terminal.wait
        press("h")
        see("1. A nudge")
        press("h")
        see("2. The concept")
        press("e")
        see("Where to look: The order in which the blocks")
        press("l")
        see(f"0 of {COUNT} solved · 13 of {POSSIBLE} points")
        press("Up", "F5")
        press("Enter")
        see(REVERSED)
        press("o")
        see("Opening")
        wait("the browser", watched.terminal.opened.exists, watched.terminal.text)
        assert watched.terminal.opened.read_text().strip().endswith("/reports/03_partial_unfreeze.html")

    def test_reset_keeps_the_version_aside(self, watched: Watched) -> None:
        content = watched.desk.file.read_bytes()
        watched.terminal.press("x")
        watched.terminal.wait("x again puts the stub of 03 back")
        watched.terminal.press("x")
        watched.terminal.wait("03_partial_unfreeze is the untouched stub. Your version is")
        (aside,) = (watched.desk.folder.memory / "aside").iterdir()
        assert aside.read_bytes() == content

    def test_a_burst_of_saves_ends_with_the_last_and_is_not_checked_one_by_one(self, watched: Watched) -> None:
        known = len(graded(watched.desk))
        for number in range(40):
            last = watched.desk.solution + f"# {number}\n".encode()
            watched.desk.file.write_bytes(last)
            time.sleep(0.005)
        digest = hashlib.sha256(last).hexdigest()
        wait("the last version", lambda: graded(watched.desk)[-1] == digest, watched.terminal.text)
        assert len(graded(watched.desk)) - known < 20
        watched.terminal.wait("grade solution 03 how the course solves it")
        assert watched.terminal.text().splitlines()[-1].startswith("15 of 15 points")

    def test_next_and_check_all(self, watched: Watched) -> None:
        watched.terminal.press("n")
        watched.terminal.wait("04_parameter_groups Parameter groups")
        watched.terminal.press("c")
        watched.terminal.wait(f"1 of {COUNT} solved · 15 of {POSSIBLE} points")

    def test_it_stops_and_goes_on_as_the_shell_asks(self, watched: Watched) -> None:
        (watch, *_) = watched.terminal.family()
        watched.terminal.press("C-z")
        wait("the stop", lambda: watch.status() == psutil.STATUS_STOPPED, watched.terminal.text)
        assert "q:quit" not in watched.terminal.text()
        watch.send_signal(signal.SIGCONT)
        watched.terminal.wait("q:quit")
        watched.terminal.press("h")
        watched.terminal.wait("1. A nudge")

    def test_quitting_leaves_nothing_running(self, watched: Watched) -> None:
        family = watched.terminal.family()
        assert len(family) >= 2
        watched.terminal.press("q")
        watched.terminal.wait(f"1 of {COUNT} solved · 15 of {POSSIBLE} points exit code 0")
        assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []


@needs_tmux
def test_ctrl_c_during_an_endless_loop_ends_at_once_and_leaves_nothing_running(desk: Desk) -> None:
    desk.file.write_bytes(HANGS)
    terminal = Terminal(WATCH, desk.folder.root)
    try:
        terminal.wait("01_replace_head A new head")
        desk.file.write_bytes(HANGS + b"\n")
        terminal.wait("Checking 03_partial_unfreeze …")
        terminal.press("h")
        terminal.wait("1. A nudge")
        family = terminal.family()
        terminal.press("C-c")
        terminal.wait("exit code 130")
        assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []
    finally:
        terminal.close()


def test_where_there_is_no_terminal_it_prints_lines(desk: Desk) -> None:
    said = desk.folder.root / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen([*WATCH, str(desk.file)], cwd=desk.folder.root, stdin=subprocess.DEVNULL, stdout=out)
    try:
        wait("the stub's result", lambda: "0 of 15 points ·" in said.read_text(), said.read_text)
        desk.file.write_bytes(desk.solution)
        wait("the solution's result", lambda: "15 of 15 points ·" in said.read_text(), said.read_text)
        family = [process, *psutil.Process(process.pid).children(recursive=True)]
    finally:
        process.terminate()
    assert process.wait(PATIENCE) == 130
    assert psutil.wait_procs(family[1:], timeout=PATIENCE)[1] == []
    assert "\x1b" not in said.read_text()
    assert said.read_text().splitlines()[-1] == f"1 of {COUNT} solved · 15 of {POSSIBLE} points"
