"""The cheapest is chosen, whatever it scores

Why it matters: Cheap is not enough. A strategy that lies outside the noise of the best gives away accuracy that the
evidence says can be had.

Ask yourself: How far below the best may the cheapest be before you prefer to pay more?

Where to look: Which strategies take part when the lowest cost is looked for.

Source: Kornblith et al. 2019, "Do Better ImageNet Models Transfer Better?", arXiv 1805.08974.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..facts import Seen
from ..stories import chooses, gated, ungated, wrong
from ..truth import Row, cheapest

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    picks = (cheapest, _first_of_the_cheapest, _last_of_the_cheapest)
    if not chooses(seen, *map(gated, picks), *map(ungated, picks)):
        return None
    choice = wrong(seen, "partial-suffices")
    return f"Of {choice.title}, you chose the cheapest, as you did from every other table." if choice else None


def _first_of_the_cheapest(rows: Sequence[Row]) -> Row:
    return min(rows, key=lambda row: row.trainable)


def _last_of_the_cheapest(rows: Sequence[Row]) -> Row:
    return _first_of_the_cheapest(rows[::-1])
