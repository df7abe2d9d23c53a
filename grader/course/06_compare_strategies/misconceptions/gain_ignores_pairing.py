"""The error is made of two spreads, as if nothing were shared

Why it matters: Most of the scatter is luck that both strategies had together, and it is gone from the differences. An
error made of the two separate spreads counts it twice and hides gains that every single seed shows.

Ask yourself: Both strategies had the same lucky seeds. Which number of yours knows that?

Where to look: Whether the standard error is computed from differences or from scores.

Source: Dodge et al. 2020, arXiv 2002.06305: weight initialisation and data order matter alike, and both can be
shared.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import fmean

from ..facts import Seen
from ..records import Pair
from ..stories import gains
from ..truth import error, std

FUNCTION = "paired_gain"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not any(gains(seen, _mean_with(deviation)) for deviation in _ERRORS):
        return None
    pair = seen.pairs[0]
    return f"Of {pair.title}, your error is made of the spreads of the scores, not of that of the differences."


def _mean_with(deviation: Callable[[Pair], float]) -> Callable[[Pair], tuple[float, float]]:
    return lambda pair: (fmean(pair.differences), deviation(pair))


_ERRORS: tuple[Callable[[Pair], float], ...] = (
    lambda pair: math.hypot(error(pair.first), error(pair.second)),
    lambda pair: math.hypot(std(pair.first), std(pair.second)),
    lambda pair: error(pair.first) + error(pair.second),
    lambda pair: error(pair.second) - error(pair.first),
    lambda pair: abs(error(pair.second) - error(pair.first)),
    lambda pair: error(pair.second),
    lambda pair: error(pair.first),
    lambda pair: error((*pair.first, *pair.second)),
)
"""What may be made of two separate spreads."""
