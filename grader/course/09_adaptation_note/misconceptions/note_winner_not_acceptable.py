"""The named strategy misses one of the classes

Why it matters: The headline is a mean over all examples, and a rare class hardly moves it. The gate is there because
a model that misses a class is of no use for what that class was asked for, however well it scores.

Ask yourself: What does the worst recall of your strategy say, and what was asked for?

Where to look: The column of worst recalls on the page of the comparison, and the gate.

Source: transformers issue 9374, where accuracy alone hid a class; the course page, on the confusion pattern.
"""

from __future__ import annotations

from .. import choice
from ..facts import Seen
from ..stories import defended, first_wrong

FUNCTION = "strategy"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, defended, lambda each: not choice.is_admitted(each.comparison, each.row))
    if claim is None:
        return None
    found = f"in {claim.row.worst_recall:.2f} of the cases, and the gate is {claim.comparison.min_recall:g}"
    return f"{claim.title}: `{claim.row.strategy}` finds one of the classes {found}."
