"""The spread of the differences is given for the error of their mean

Why it matters: How far single differences scatter does not shrink with more seeds; how well their mean is known does,
with the root of their number. A real gain looks like noise when the two are confused.

Ask yourself: With sixteen pairs instead of four, does your error become smaller?

Where to look: What is still to be done after the standard deviation of the differences.

Source: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", section 7.10.
"""

from __future__ import annotations

from statistics import fmean, pstdev

from ..facts import Seen
from ..stories import gains
from ..truth import std

FUNCTION = "paired_gain"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    sample = gains(seen, lambda pair: (fmean(pair.differences), std(pair.differences)))
    if not sample and not gains(seen, lambda pair: (fmean(pair.differences), pstdev(pair.differences))):
        return None
    pair = seen.pairs[0]
    return f"Of {pair.title}, your error is the standard deviation of the {len(pair.differences)} differences."
