"""Errors that came and errors that went cancel out

Why it matters: Ten errors that moved to another cell are ten examples that are now mistaken for something else. Added
up with their signs they give zero: the number hides exactly what it was made to show.

Ask yourself: Ten errors moved from one cell to another. What does your second number say happened?

Where to look: At which point of the sum the sign is taken away.

Source: the course page: one case where the headline moved less than the error pattern.
"""

from __future__ import annotations

from collections.abc import Callable

from ..facts import Call, Seen
from ..stories import fits, tells
from ..truth import moved

FUNCTION = "headline_and_pattern"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    ways = [_sum(factor, size) for factor in (0.5, -0.5, 1.0, -1.0) for size in (float, abs)]
    if not fits(seen, FUNCTION, *ways):
        return None
    title = seen.call(FUNCTION, "same-headline").title
    return f"On {title}, errors moved between cells, and your second number is 0."


def _sum(factor: float, size: Callable[[float], float]) -> Callable[[Call], bool]:
    """Predict a sum with its signs, halved or not, from either matrix, and perhaps its size in the end."""
    return tells(
        lambda before, after, headline, _: (headline, size(factor * moved(before, after).sum() / before.sum()))
    )
