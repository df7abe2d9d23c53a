"""Scores without a partner are dropped without a word

Why it matters: Two rows of different lengths do not come from the same seeds. Cut to the shorter one, they still give
a number, and nobody learns that a run is missing or that the pairs do not belong together.

Ask yourself: What does `zip` do with the longer of its two inputs?

Where to look: What happens before the first difference is taken.

Source: Python documentation of zip and its argument `strict` (PEP 618).
"""

from __future__ import annotations

from statistics import fmean

from ..facts import Seen
from ..stories import gains
from ..truth import error

FUNCTION = "paired_gain"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    alone = [pair for pair in seen.pairs if not pair.possible]
    right = gains(seen, lambda pair: (fmean(pair.differences), error(pair.differences)))
    if not right or not all(pair.gain for pair in alone):
        return None
    return f"Of {alone[0].title}, you returned a gain, as if every score had a partner."
