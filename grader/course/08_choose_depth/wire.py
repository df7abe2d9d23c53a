"""The facts of exercise 08: what they are called. Each depth is one answer, each table one for every order of it."""

from __future__ import annotations

CHOOSE, NEXT = "choose_cheapest", "next_smaller_depth"


def choice(case: str) -> str:
    """Return the name of the answers for one table."""
    return f"choice/{case}"


def depth(index: int) -> str:
    """Return the name of the answer for one ladder of depths."""
    return f"depth/{index}"
