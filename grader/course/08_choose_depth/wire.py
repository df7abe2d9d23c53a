"""The facts of exercise 08: what they are called, and what the probe says in them.

Each depth is one answer, each table a ``Chosen`` for every order of it.
"""

from __future__ import annotations

from grader.wire.answer import Answer, Told

CHOOSE, NEXT = "choose_cheapest", "next_smaller_depth"


class Chosen(Told, frozen=True, kw_only=True):
    """One call of ``choose_cheapest``."""

    answer: Answer
    gains: tuple[tuple[str, str], ...] = ()
    """The pairs of strategies whose gain was asked for, each once, as first and second of the call."""


def choice(index: int) -> str:
    """Return the name of the answers for one table."""
    return f"choice/{index}"


def depth(index: int) -> str:
    """Return the name of the answer for one ladder of depths."""
    return f"depth/{index}"
