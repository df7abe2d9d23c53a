"""The learner's loop: a file is saved, it is checked, what was seen is shown."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue

from rich.console import Group
from rich.text import Text

from grader.errors import STOPPED, UsageError
from grader.judging.diagnose import page
from grader.records import Evidence, Exercise, Grade
from grader.report import brief, draw_page, headline, write
from grader.text import clean_line, shown

from . import screens
from .board import board, sha256
from .browser import open_page
from .checks import Check, Checks, Observe
from .folder import Folder, solution_path
from .progress import next_hint, remember_result
from .state import State
from .window import Window

_BACK = "enter: back to the result"
_WAITS = "Waiting for the next save"
_AWAKE_SECONDS = 0.5


class Loop:
    """What is looked at, and what happens next.

    Everything happens in one thread, in turn; other threads and signals only hand in what is to be done. The
    learner's code runs elsewhere, so that keys are answered while a check goes on.
    """

    def __init__(self, folder: Folder, window: Window, observe: Observe, exercise: Exercise) -> None:
        """Begin with one exercise."""
        self._folder = folder
        self._window = window
        self._current = exercise
        self._todo: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._checks = Checks(folder, observe, partial(self.later, self._ran))
        self._all = 0
        """How many files are being checked because the learner asked for all; 0 when they did not."""
        self._is_sure = False
        """Whether the key before this one was the first of the two that a reset takes."""
        self._exit: int | None = None
        self._actions: dict[str, Callable[[], None]] = {
            "n": self._go_on,
            "h": self._give_hint,
            "l": self._list,
            "c": self._check_all,
            "e": self._explain,
            "o": self._open_report,
            "q": partial(self.stop, 0),
            "\x03": partial(self.stop, STOPPED),  # Windows hands Ctrl+C to whoever reads single keys
            " ": self._window.turn,
            "\n": self._show_result,
            "\r": self._show_result,
        }

    def later(self, action: Callable[..., None], *arguments: object) -> None:
        """Have something done in turn."""
        self._todo.put(partial(action, *arguments))

    def run(self) -> int:
        """Go on until somebody stops it; return the exit code. Whatever cannot be done is said, and it goes on."""
        self._list()
        self.later(self._check, [self._current])
        while self._exit is None:
            try:
                self._next()()
            except UsageError as trouble:
                self._window.show(Text(str(trouble)), _WAITS)
                self.later(self._begin_next)
        self._checks.close()
        return self._exit

    def _next(self) -> Callable[[], None]:
        """Wait for what is to be done next, now and then awake on Windows, where no signal ends a wait."""
        while True:
            with contextlib.suppress(Empty):
                return self._todo.get(timeout=_AWAKE_SECONDS if sys.platform == "win32" else None)

    def stop(self, code: int) -> None:
        """End the loop."""
        self._exit = code

    def changed(self, exercises: Sequence[Exercise]) -> None:
        """Check what was saved; what has the content that was checked last is left alone."""
        fresh = [exercise for exercise in exercises if self._is_fresh(exercise)]
        if fresh and self._current not in fresh:
            self._current = fresh[-1]
        self._check(fresh)

    def press(self, key: str) -> None:
        """Do what a key stands for; a reset takes the same key twice."""
        sure, self._is_sure = self._is_sure, key == "x"
        if key == "x" and sure:
            self._reset()
        elif key == "x":
            self._window.say(f"x again puts the stub of {self._current.number} back and keeps your version aside")
        elif action := self._actions.get(key):
            action()

    def _is_fresh(self, exercise: Exercise) -> bool:
        file = self._folder.file(exercise)
        if file is None:
            self._window.say(f"{exercise.slug} is gone; x brings its stub back")
            return False
        if self._checks.has_run(exercise, sha256(file, exercise)):
            self._window.say(f"Nothing new in {clean_line(file.name)}")
            return False
        return True

    def _check(self, exercises: Sequence[Exercise]) -> None:
        self._checks.add(exercises)
        self._begin_next()

    def _begin_next(self) -> None:
        """Begin the check that waits longest, if none goes on, and say so at once."""
        check = self._checks.begin()
        if check:
            number = f" ({self._all - self._checks.left + 1} of {self._all})" if self._all else ""
            first = "" if self._checks.has_results else " the first check takes some seconds"
            self._window.say(f"Checking {check.exercise.slug}{number} …{first}")
        elif self._all and not self._checks.left:
            self._all = 0
            self._list()

    def _ran(self, check: Check, evidence: Future[Evidence]) -> None:
        """Show what was seen, write it down, and go on with what waits."""
        result = self._checks.judge(check, evidence)
        if check.exercise == self._current and not self._all:
            self._show_result(f" · {time.monotonic() - check.begun:.1f} s · {time.strftime('%H:%M:%S')}")
        try:
            remember_result(self._folder, check.exercise, result)
            write(result, self._folder.report(check.exercise), within=self._folder.root)
        except UsageError as trouble:
            self._window.say(str(trouble))
        self._begin_next()

    def _show_result(self, when: str = "") -> None:
        result = self._checks.result(self._current)
        if result is None:
            self._window.say(f"{self._current.slug} was not checked yet; save it, or press c")
            return
        picture = [brief(result)]
        if result.is_complete and solution_path(self._current).is_file():
            picture.append(Text(f"grade solution {self._current.number}  how the course solves it", style="cyan"))
        self._window.show(Group(*picture), f"{headline(result)}{when}")

    def _list(self) -> None:
        self._window.show(screens.draw_board(board(self._folder)), _BACK)

    def _give_hint(self) -> None:
        given = next_hint(self._folder, self._current)
        self._window.show(screens.draw_hints(self._current, given, "press h"), _BACK)

    def _go_on(self) -> None:
        """Turn to the next open exercise."""
        row = board(self._folder).after(self._current)
        if row is None:
            self._window.say("Everything else is solved")
            return
        self._current = row.exercise
        self._check([row.exercise])

    def _check_all(self) -> None:
        """Check every file that is no stub."""
        begun = [row.exercise for row in board(self._folder).rows if row.state is not State.NOT_BEGUN]
        self._all = len(begun)
        self._check(begun) if begun else self._list()

    def _explain(self) -> None:
        """Show the page of everything that was named."""
        result = self._checks.result(self._current)
        named = result.diagnoses if isinstance(result, Grade) else ()
        if not named:
            self._window.say("No misconception was named here")
            return
        pages = [draw_page(page(self._current, diagnosis.misconception)) for diagnosis in named]
        self._window.show(Group(*pages), _BACK)

    def _open_report(self) -> None:
        report = self._folder.report(self._current)
        if not report.exists():
            self._window.say("There is no report yet")
        else:
            self._window.say(f"{'Opening' if open_page(report) else 'The report is'} {shown(report)}")

    def _reset(self) -> None:
        """Put the stub back; it is not checked again before it is edited."""
        kept = self._folder.reset(self._current)
        self._checks.forget(self._current, sha256(self._folder.file_or_refuse(self._current), self._current))
        self._window.show(Text(screens.reset_told(self._current, kept, self._folder.root)), _WAITS)
