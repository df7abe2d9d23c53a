"""Exercise 08: choose the depth that the evidence supports                                     8 points

Four strategies were run with the same budget and the same seeds. Which one do you take? The one with the highest
score is rarely the right answer: scores are noisy, and more adaptation costs more trainable numbers, more time and
more to store. The rule of this course: *the cheapest strategy that the noise cannot tell from the best one.*

    strategy           trainable     mean     sd   worst recall ± se   best is higher by ± se
    scratch           11,181,642    0.702  0.030    0.41 ± 0.06         0.203 ± 0.021
    frozen                 5,130    0.861  0.008    0.00 ± 0.00         0.044 ± 0.011      one class is never found
    partial_unfreeze   8,398,858    0.899  0.012    0.63 ± 0.07         0.006 ± 0.008
    full_finetune     11,181,642    0.905  0.016    0.66 ± 0.06

The standard deviation (sd) says how far single runs scatter, a *standard error* (se) how well a mean is known. What
counts is how well the *difference* of two strategies is known: `gain(a, b)`, which is given here and is what
`paired_gain` of exercise 06 returns. The best is 0.006 above partial_unfreeze, and that is known to 0.008: for all we
know, the two are alike. ("One standard error rule": Breiman and others, 1984.)

And a mean can hide a class that is never found. So strategies with too low a worst recall are turned away first: they
can neither be chosen nor be the best. A recall is only known to its error, too: whoever might still pass stays in.

The last question of every comparison is what to run next. The course looks for *smaller* adaptations: between the
chosen depth and the next smaller tested one there may be a cheaper depth that nobody tried.

Run this file to see such a table:                      python exercises/08_choose_depth.py
Have it graded:                                         grade exercises/08_choose_depth.py

A tiny worked example. `min` takes a key; of a key that is a tuple, the second part speaks where the first is equal:

    >>> pears = [("old", 3, 0.5), ("new", 2, 0.4), ("odd", 2, 0.6)]
    >>> min(pears, key=lambda pear: (pear[1], -pear[2]))
    ('odd', 2, 0.6)
"""

from collections.abc import Callable, Sequence

from grader import StrategySummary

Gain = Callable[[StrategySummary, StrategySummary], tuple[float, float]]


def choose_cheapest(summaries: Sequence[StrategySummary], gain: Gain, *, min_recall: float = 0.0) -> str:
    """Return the name of the cheapest strategy that the evidence does not tell from the best.

    Strategies with `worst_recall + worst_recall_error < min_recall` are dropped; ValueError when none is left. The
    best is the highest mean of the rest; of equal means the one that trains less. `gain(a, b)` returns the mean of
    what b scores above a, and its standard error. Whatever the best surpasses by at most one standard error of that
    very gain is as good as the best. A difference up to 1e-12 is rounding, of means as well.

    The answer is the one with the fewest `trainable` among those; on equal cost the one with the higher mean. Where
    cost and mean are equal, the earlier in the list comes first; otherwise its order makes no difference.
    """
    # TODO: three steps: who stays, who is as good as the best of them, who is the cheapest of those?
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

    print(f"{'strategy':14} {'trainable':>11} {'mean':>7} {'sd':>7}   scores")
    runs = {"frozen": (5_130, (0.86, 0.87, 0.85, 0.86)), "full_finetune": (11_181_642, (0.92, 0.89, 0.91, 0.90))}
    for strategy, (trainable, scores) in runs.items():
        print(f"{strategy:14} {trainable:11,} {mean(scores):7.3f} {stdev(scores):7.3f}   {scores}")
