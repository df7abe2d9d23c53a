"""A worked answer to exercise 08.

The idea: three steps in this order. Who stays? Who cannot be told from the best of those? Who is the cheapest of
them? Each is compared with the best by the error of that very difference.
"""

from collections.abc import Callable, Sequence

from grader import StrategySummary

ROUNDING = 1e-12
Gain = Callable[[StrategySummary, StrategySummary], tuple[float, float]]


def choose_cheapest(summaries: Sequence[StrategySummary], gain: Gain, *, min_recall: float = 0.0) -> str:
    """Return the name of the cheapest strategy that the evidence does not tell from the best."""
    kept = [summary for summary in summaries if summary.worst_recall + summary.worst_recall_error >= min_recall]
    if not kept:
        raise ValueError(f"no strategy may have a worst recall of {min_recall} or more")

    # `min` keeps the first of equals, so the earlier in the list wins when mean and cost are the same.
    best = min(kept, key=lambda summary: (-summary.mean, summary.trainable))

    good_enough = []
    for summary in kept:
        shortfall, error = gain(summary, best)
        if shortfall <= error + ROUNDING:
            good_enough.append(summary)

    return min(good_enough, key=lambda summary: (summary.trainable, -summary.mean)).strategy


def next_smaller_depth(tested: Sequence[int], chosen: int) -> int | None:
    """Return the depth that should be tried next, or None."""
    if chosen not in tested:
        raise ValueError(f"depth {chosen} was not tested")
    below = max((depth for depth in tested if depth < chosen), default=None)
    if below is None or chosen - below <= 1:
        return None
    return (below + chosen) // 2
