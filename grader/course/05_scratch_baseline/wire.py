"""The facts of exercise 05: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.wire.answer import Answer, Told

TWIN, FLOOR = "make_scratch_twin", "majority_floor"
NUMBERS = 4
"""Random numbers drawn after each call, to see where the global generator stands."""
Row = Mapping[str, Any]
"""Of the plan."""


class Twinned(Told, frozen=True, kw_only=True):
    """One call of ``make_scratch_twin``.

    Beside it the numbers drawn next, the original's digests after a step, and where a twin came back, those after it
    was pushed; where it fits, its values and its digests after a step.
    """

    answer: Answer
    same: bool
    """Whether the original itself came back."""
    akin: bool
    """Whether the class is the original's."""
    shapes: Mapping[str, tuple[int, ...]] | None = None
    """Of all that the twin holds; None when no model came back."""
    dtypes: Mapping[str, str] = {}
    """Of the same."""


def twin(row: Row, number: int) -> str:
    """Return the name of what came of one call of ``make_scratch_twin``."""
    return f"twin/{row['id']}/{number}"


def floor(row: Row) -> str:
    """Return the name of the answer for one set of labels."""
    return f"floor/{row['id']}"
