"""A worked answer to exercise 08.

The idea: three steps in this order. Who is admitted? Where is the bar? Who is the cheapest that reaches it? The bar
belongs to the best of those admitted, and to nobody else.
"""

import math
from collections.abc import Sequence

from grader import StrategySummary

ROUNDING = 1e-12


def choose_cheapest(summaries: Sequence[StrategySummary], *, min_recall: float = 0.0) -> str:
    """Return the name of the cheapest strategy that the evidence does not tell from the best."""
    admitted = [summary for summary in summaries if summary.worst_recall >= min_recall]
    if not admitted:
        raise ValueError(f"no strategy has a worst recall of {min_recall} or more")

    best = max(admitted, key=lambda summary: summary.mean)
    bar = best.mean - best.std / math.sqrt(best.n)
    good_enough = [summary for summary in admitted if summary.mean >= bar - ROUNDING]

    # `min` keeps the first of equals, so the earlier in the list wins when cost and mean are the same.
    return min(good_enough, key=lambda summary: (summary.trainable, -summary.mean)).strategy


def next_smaller_depth(tested: Sequence[int], chosen: int) -> int | None:
    """Return the depth that should be tried next, or None."""
    if chosen not in tested:
        raise ValueError(f"depth {chosen} was not tested")
    below = max((depth for depth in tested if depth < chosen), default=None)
    if below is None or chosen - below <= 1:
        return None
    return (below + chosen) // 2
