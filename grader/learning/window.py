"""Where the watch is shown: a window that keeps its last picture while something runs, or plain lines."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.segment import Segment, SegmentLines
from rich.text import Text


class Window(Protocol):
    """What the watch draws on."""

    def show(self, picture: RenderableType, status: str) -> None:
        """Replace the picture."""

    def say(self, status: str) -> None:
        """Keep the picture and say what is going on."""

    def draw(self) -> None:
        """Draw everything again, after the window changed its size."""

    def turn(self) -> None:
        """Show the next lines of a picture that is taller than the window."""

    def take(self) -> None:
        """Begin to draw."""

    def give_back(self) -> None:
        """Leave what was there before."""


class Screen:
    """The whole terminal: the picture, below it the keys, and the status on the last line."""

    def __init__(self, console: Console, keys: Text) -> None:
        """Draw on ``console``, with the ``keys`` below every picture."""
        self._console = console
        self._keys = keys
        self._picture: RenderableType = Text()
        self._status = ""
        self._page = 0
        self._live = Live(
            console=console, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )

    def show(self, picture: RenderableType, status: str) -> None:
        """Replace the picture."""
        self._picture, self._status, self._page = picture, status, 0
        self.draw()

    def say(self, status: str) -> None:
        """Replace the last line."""
        self._status = status
        self.draw()

    def turn(self) -> None:
        """Show the next lines, and the first ones after the last."""
        self._page += 1
        self.draw()

    def draw(self) -> None:
        """Draw everything over what was there, so that nothing flickers."""
        width, height = self._console.size
        below = self._lines(self._keys)
        room = max(1, height - len(below) - 2)
        lines = self._lines(self._picture)
        pages = -(-len(lines) // room) or 1
        start = self._page % pages * room
        shown = lines[start : start + room]
        more = f" {start + len(shown)} of {len(lines)} lines · space: more " if pages > 1 else ""
        above = SegmentLines([*shown, *[[]] * (room - len(shown))], new_lines=True)
        rule = Text(more.center(width, "─")[:width], style="dim")
        status = Text(self._status, style="bold", no_wrap=True, overflow="ellipsis")
        self._live.update(Group(above, rule, SegmentLines(below, new_lines=True), status), refresh=True)

    def take(self) -> None:
        """Take the whole terminal."""
        self._live.start()

    def give_back(self) -> None:
        """Leave what was there before."""
        self._live.stop()

    def _lines(self, what: RenderableType) -> list[list[Segment]]:
        return self._console.render_lines(what, pad=False)


class Lines:
    """Everything below what came before, for pipes, logs and terminals that cannot do more."""

    def __init__(self, console: Console) -> None:
        """Print on ``console``."""
        self._console = console

    def show(self, picture: RenderableType, status: str) -> None:
        """Print the picture."""
        self._console.print(picture)
        self.say(status)

    def say(self, status: str) -> None:
        """Print one line."""
        self._console.print(Text(status), soft_wrap=True)

    def draw(self) -> None:
        """Leave what is printed as it is."""

    def turn(self) -> None:
        """Nothing was left out."""

    def take(self) -> None:
        """There is nothing to take."""

    def give_back(self) -> None:
        """There is nothing to give back."""


@contextlib.contextmanager
def open_window(console: Console, keys: Text) -> Iterator[Window]:
    """Take the window that this console can be, and give it back whatever happens."""
    window: Window = Screen(console, keys) if _obeys(console) else Lines(console)
    window.take()
    try:
        yield window
    finally:
        window.give_back()


def _obeys(console: Console) -> bool:
    """Whether a console does what escape codes say; an old one of Windows would print them."""
    return console.is_terminal and not console.is_dumb_terminal and not console.legacy_windows
