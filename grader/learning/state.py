"""State of an exercise (begun, answered, solved), the same for the board, the watch and a CI job."""

from __future__ import annotations

import ast
import enum
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.notebook import read_notebook

if TYPE_CHECKING:
    from .progress import Attempted

GROWTH = 4
"""A file so many times as long as the stub is not merely the stub in another layout, and is not parsed."""


class State(enum.Enum):
    """How far one exercise is, as its file is now."""

    NOT_BEGUN = "not begun"
    """There is no file, or its code is still the stub's."""
    BEGUN = "begun"
    """The file is no stub any more, and this version of it was not judged."""
    PARTLY = "partly"
    """It was judged, and some points are open."""
    SOLVED = "solved"
    """It was judged, and has every point."""
    ANSWERS = "answers all"
    """Where there are no hidden checks: the code answers everything that is asked. Nobody knows whether rightly."""


_COUNTED = {
    State.SOLVED: "solved",
    State.ANSWERS: "answering all",
    State.PARTLY: "begun",
    State.BEGUN: "begun",
    State.NOT_BEGUN: "not begun",
}


def state(result: Attempted | None, *, is_stub: bool) -> State:
    """Return how far a file is, from what came of it as it is now."""
    if result and result.is_complete:
        return State.ANSWERS if result.earned is None else State.SOLVED
    if is_stub:
        return State.NOT_BEGUN
    return State.PARTLY if result and result.earned is not None else State.BEGUN


def counted(states: Sequence[State]) -> str:
    """Say how many exercises are how far."""
    words = [_COUNTED[each] for each in states]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(_COUNTED.values()) if word in words)


def is_untouched(content: bytes, suffix: str, stub: bytes) -> bool:
    """Whether a file is still the stub, whatever became of its layout.

    Code is compared as Python reads it, so neither line ends nor blank lines nor comments count, and the text at the
    top may have become a notebook's first cell. A note is compared line by line.
    """
    if suffix == ".md":
        return _lines(content) == _lines(stub)
    try:
        code = read_notebook(content, "").source if suffix == ".ipynb" else content
        return len(code) <= GROWTH * len(stub) and _meaning(code) == _meaning(stub)
    except (UsageError, SyntaxError, ValueError, RecursionError, MemoryError):  # no Python at all: somebody is at work
        return False


def _lines(text: bytes) -> list[bytes]:
    return [line.rstrip() for line in text.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]


def _meaning(code: bytes) -> str:
    """Return what Python makes of code, without the text at its top; raise SyntaxError where it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of "\d" and the like; the run itself says so
        module = ast.parse(code)
    has_text = ast.get_docstring(module, clean=False) is not None
    return ast.dump(ast.Module(module.body[has_text:], []))
