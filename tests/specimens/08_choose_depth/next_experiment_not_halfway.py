from collections.abc import Callable, Sequence

from grader import StrategySummary

Gain = Callable[[StrategySummary, StrategySummary], tuple[float, float]]


def choose_cheapest(summaries: Sequence[StrategySummary], gain: Gain, *, min_recall: float = 0.0) -> str:
    kept = [s for s in summaries if s.worst_recall + s.worst_recall_error >= min_recall]
    if len(kept) == 0:
        raise ValueError("nothing is left")
    best = min(kept, key=lambda s: (-s.mean, s.trainable))
    fine = []
    for s in kept:
        mean, error = gain(s, best)
        if mean <= error + 1e-12:
            fine.append(s)
    return min(fine, key=lambda s: (s.trainable, -s.mean)).strategy


def next_smaller_depth(tested: Sequence[int], chosen: int) -> int | None:
    if chosen not in tested:
        raise ValueError("not tested")
    below = [d for d in tested if d < chosen]
    if not below:
        return None
    p = max(below)
    return chosen - 1 if chosen - p > 1 else None
