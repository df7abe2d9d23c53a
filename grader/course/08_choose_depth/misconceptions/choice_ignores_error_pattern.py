"""A class that is never found does not matter to the choice

Why it matters: A good mean can hide a class with a recall of zero. Whoever takes that strategy has a model that never
finds what it may have been built for.

Ask yourself: What do you know about a strategy besides its mean, and where did you use it?

Where to look: Whether `min_recall` is read at all.

Source: transformers issue 9374, where accuracy alone hid a class; the course page, on the confusion pattern.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import chooses, ungated, wrong
from ..truth import bar, cheapest, reaching

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not chooses(seen, ungated(lambda rows: cheapest(reaching(rows, bar(rows))))):
        return None
    choice = wrong(seen, "cheapest-misses-a-class")
    if choice is None:
        return None
    row = next(row for row in choice.rows if row.strategy == choice.answer.returned)
    return f"You chose {row.strategy} with a worst recall of {row.worst_recall}, although {choice.gate} was asked for."
