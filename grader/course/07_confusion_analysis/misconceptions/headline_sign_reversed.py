"""The headline is told the wrong way round

Why it matters: Whoever reads a positive number believes that adaptation helped. With before minus after, the table
recommends the strategy that lost.

Ask yourself: Accuracy rose from one matrix to the other. Which sign does your first number have?

Where to look: The order of the two terms of your first subtraction.

Source: the course's own convention, in the contract of headline_and_pattern.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import fits, tells

FUNCTION = "headline_and_pattern"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, tells(lambda _before, _after, headline, pattern: (-headline, pattern))):
        return None
    title = seen.call(FUNCTION, "better").title
    return f"On {title} before and after, your first number has the opposite sign."
