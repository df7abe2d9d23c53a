"""Watch a folder: start the loop, handle keys and signals, restore the terminal at the end."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from functools import partial

from rich.console import Console
from rich.text import Text

from grader.errors import STOPPED
from grader.records import Exercise

from .board import board
from .changes import changes
from .checks import Observe
from .folder import Folder
from .keys import Keys
from .loop import Loop
from .screens import standing
from .window import Window, open_window

KEYS = "n:next  h:hint  l:list  c:all  e:explain  o:report  x:reset  q:quit"


def watch(folder: Folder, exercise: Exercise, observe: Observe) -> int:
    """Check the learner's files whenever they are saved, until they have enough; return the exit code."""
    console = Console()
    with open_window(console, Text(KEYS, style="dim")) as window:
        code = _go_on(folder, window, Loop(folder, window, observe, exercise))
    console.print(standing(board(folder)))
    return code


def _go_on(folder: Folder, window: Window, loop: Loop) -> int:
    """Run the loop while changes, keys and signals are handed in."""
    stop = threading.Event()
    files = threading.Thread(target=_hand_in_changes, args=(folder, loop, stop))
    with Keys(partial(loop.later, loop.press)) as keys, _signals(loop, window, keys):
        files.start()
        try:
            return loop.run()
        finally:
            stop.set()
            files.join()


def _hand_in_changes(folder: Folder, loop: Loop, stop: threading.Event) -> None:
    for changed in changes(folder, stop):
        loop.later(loop.changed, changed)


@contextlib.contextmanager
def _signals(loop: Loop, window: Window, keys: Keys) -> Iterator[None]:
    """Hand signals to the loop while the with block runs, so that none of them interrupts a check half-way."""
    handlers = {
        "SIGINT": partial(loop.stop, STOPPED),
        "SIGTERM": partial(loop.stop, STOPPED),
        "SIGHUP": partial(loop.stop, STOPPED),
        "SIGWINCH": window.draw,
        "SIGTSTP": partial(_pause, window, keys),
    }
    # Windows lacks some of them.
    known = {getattr(signal, name): action for name, action in handlers.items() if hasattr(signal, name)}
    before = {number: signal.getsignal(number) for number in known}
    for number, action in known.items():
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, lambda *_, action=action: loop.later(action))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pause(window: Window, keys: Keys) -> None:
    """Give the terminal back, stop as the shell asks, and take it again when the shell says to go on."""
    keys.give_back()
    window.give_back()
    os.kill(os.getpid(), signal.SIGSTOP)
    window.take()
    keys.take()
    window.draw()
