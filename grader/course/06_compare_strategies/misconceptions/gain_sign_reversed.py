"""A positive gain means that a is better

Why it matters: Every later decision reads the sign. With a and b swapped, the comparison recommends the worse of the
two.

Ask yourself: If b beats a with every seed, what sign has your gain?

Where to look: Which score is subtracted from which.

Source: the contract of paired_gain.
"""

from __future__ import annotations

from statistics import fmean

from ..facts import Seen
from ..stories import gains
from ..truth import error

FUNCTION = "paired_gain"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not gains(seen, lambda pair: (-fmean(pair.differences), error(pair.differences))):
        return None
    pair = seen.pairs[0]
    return f"Of {pair.title}, your gain has the right size, and the sign that says that the first is better."
