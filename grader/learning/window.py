"""Where the watch is shown: a window that keeps its last picture while something runs, or plain lines."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console, RenderableType
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

    def show(self, picture: RenderableType, status: str) -> None:
        """Replace the picture."""
        self._picture, self._status, self._page = picture, status, 0
        self.draw()

    def say(self, status: str) -> None:
        """Replace the last line."""
        self._status = status
        self._write(f"\r\x1b[2K{self._last_line()}")

    def turn(self) -> None:
        """Show the next lines, and the first ones after the last."""
        self._page += 1
        self.draw()

    def draw(self) -> None:
        """Draw everything in one go, so that nothing flickers."""
        below = self._lines(self._keys)
        room = max(1, self._console.height - len(below) - 2)
        lines = self._lines(self._picture)
        pages = -(-len(lines) // room) or 1
        start = self._page % pages * room
        shown = lines[start : start + room]
        more = f" {start + len(shown)} of {len(lines)} lines · space: more " if pages > 1 else ""
        rule = self._lines(Text(more.center(self._console.width, "─")[: self._console.width], style="dim"))
        padding = [""] * (room - len(shown))
        self._write("\x1b[H\x1b[2J" + "\n".join([*shown, *padding, *rule, *below, self._last_line()]))

    def take(self) -> None:
        """Take the whole terminal."""
        self._console.set_alt_screen(enable=True)
        self._console.show_cursor(show=False)

    def give_back(self) -> None:
        """Leave what was there before."""
        self._console.show_cursor(show=True)
        self._console.set_alt_screen(enable=False)

    def _last_line(self) -> str:
        line = Text(self._status, style="bold", no_wrap=True)
        line.truncate(max(1, self._console.width - 1), overflow="ellipsis")
        return "".join(self._lines(line))

    def _lines(self, what: RenderableType) -> list[str]:
        with self._console.capture() as captured:
            self._console.print(what)
        return captured.get().splitlines()

    def _write(self, text: str) -> None:
        self._console.file.write(text)
        self._console.file.flush()


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
