"""Exercise 08: choose the depth that the evidence supports                                     8 points

Four strategies were run with the same budget and the same seeds. Which one do you take? The one with the highest
score is rarely the right answer: scores are noisy, and more adaptation costs more trainable numbers, more time and
more to store. The rule of this course: *the cheapest strategy that the noise cannot tell from the best one.*

    strategy           trainable     mean    std   n    worst recall
    scratch           11,181,642    0.702  0.030   4    0.41
    frozen                 5,130    0.861  0.008   4    0.00    one class is never found
    partial_unfreeze   8,398,858    0.899  0.012   4    0.63
    full_finetune     11,181,642    0.905  0.016   4    0.66

How much noise is there in a mean? The standard deviation `std` says how far single runs scatter. The mean of n runs
scatters less: its *standard error* is std / sqrt(n). The best mean minus its standard error is the bar; whatever
reaches the bar is as good as the best, for all we know. ("One standard error rule": Breiman and others, 1984.)

And a mean can hide a class that is never found. So strategies with too low a worst recall are refused first: they
can neither be chosen nor set the bar.

The last question of every comparison is what to run next. The course looks for *smaller* adaptations: between the
chosen depth and the next smaller tested one there may be a cheaper depth that nobody tried.

Run this file to see such a table:                      python exercises/08_choose_depth.py
Have it graded:                                         grade exercises/08_choose_depth.py

A tiny worked example. `min` and `max` take a key, and a key may be a tuple, whose second part speaks when the first
parts are equal:

    >>> pears = [("old", 3, 0.5), ("new", 2, 0.4), ("odd", 2, 0.6)]
    >>> min(pears, key=lambda pear: pear[1])
    ('new', 2, 0.4)
    >>> min(pears, key=lambda pear: (pear[1], -pear[2]))
    ('odd', 2, 0.6)
"""

from collections.abc import Sequence

from grader import StrategySummary


def choose_cheapest(summaries: Sequence[StrategySummary], *, min_recall: float = 0.0) -> str:
    """Return the name of the cheapest strategy that the evidence does not tell from the best.

    Strategies with `worst_recall < min_recall` are dropped; ValueError when none is left. The best is the highest
    mean among the rest, and the bar is the best mean minus its standard error, `std / sqrt(n)`. A mean on the bar
    reaches it, also when rounding puts it 1e-12 below.

    The answer is the strategy with the fewest `trainable` among those that reach the bar; on equal cost the one
    with the higher mean; when that is equal too, the earlier in the list. Otherwise the order of the list makes no
    difference.
    """
    # TODO: three steps: who is admitted, where is the bar, who is the cheapest above it?
    raise NotImplementedError


def next_smaller_depth(tested: Sequence[int], chosen: int) -> int | None:
    """Return the depth that should be tried next, or None.

    Let p be the largest tested depth below `chosen`. When there are untested depths between the two
    (`chosen - p > 1`), the answer is `(p + chosen) // 2`. It is None when there is no depth in between, and when
    nothing below `chosen` was tested. ValueError when `chosen` itself was not tested. The depths come in any order.
    """
    # TODO: which of the tested depths are below the chosen one?
    raise NotImplementedError


if __name__ == "__main__":
    from statistics import mean, stdev

    runs = {"frozen": (5_130, (0.86, 0.87, 0.85, 0.86)), "full_finetune": (11_181_642, (0.92, 0.89, 0.91, 0.90))}
    for strategy, (trainable, scores) in runs.items():
        print(StrategySummary(strategy, trainable, mean(scores), stdev(scores), len(scores), scores))
