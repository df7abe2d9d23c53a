"""What is handed in, and what it is worth: the same files for every grader."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
NAME = "01_frozen_head"
"""The exercise's name in our copy of the course."""
FUNCTIONS = ("freeze_backbone", "make_param_groups", "replace_head")
POSSIBLE = 8
MIX = ("right", "wrong", "raises")
"""What a batch is made of, a third of each."""
TROUBLE = ("loop", "exit", "print", "memory", "patch", "empty", "read")
"""What misbehaves, in ``freeze_backbone``: three of the eight checks never call it."""
WORTH = {
    "right": 8, "wrong": 4, "raises": 0,
    "loop": 3, "exit": 3, "print": 8, "memory": 3, "patch": 4, "empty": 4, "read": 4,
}  # fmt: skip
"""Checks that a submission of each kind deserves to pass."""


class Submission(NamedTuple):
    """One file, under the name of its learner."""

    name: str
    kind: str
    source: str


def handed_in(kinds: tuple[str, ...]) -> list[Submission]:
    """Return a submission of each kind, in this order; no two of them are the same text."""
    return [Submission(f"{kind}-{number:03}", kind, source(kind, number)) for number, kind in enumerate(kinds)]


def mix(count: int) -> list[Submission]:
    """Return a batch: a third right, a third with a freeze that freezes nothing, a third that raises."""
    return handed_in(tuple(MIX[number % len(MIX)] for number in range(count)))


def source(kind: str, number: int = 0) -> str:
    """Return a submission's text: the right one, and below it what this kind puts in its place."""
    texts = [(HERE / "submissions" / f"{name}.py").read_text("utf-8") for name in dict.fromkeys(("right", kind))]
    return "\n\n".join([*texts, f"# {number}\n"])


def leaked(text: str) -> bool:
    """Whether a text shows that a submission got hold of the checks."""
    return "READ: " in text and "its head learned nothing" in text
