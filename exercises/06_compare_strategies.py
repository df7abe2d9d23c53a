"""Exercise 06: compare strategies fairly                                                      12 points

"Frozen got 0.60 and full fine-tuning got 0.80" is not yet a comparison. Train again, and the first weights and the
batches are others: so every strategy is run several times, once per *seed*. The validation set is a draw as well.
Share that luck: with the same seeds for all, a lucky seed is lucky for all, as an easy example is easy for all, and
the *differences* scatter less than the scores. They are +1 where only the second is right, -1 where only the first is:

    example      1   2   3   4   5   6   7   8   9  10     mean
    seed  7     +1  +1  +1  +1  -1  -1   0   0   0   0     0.20
    seed  3     +1  +1  +1  +1  -1  -1  +1   0   0   0     0.30
    seed 12     +1  +1  +1  +1  -1  -1   0   0   0   0     0.20
    mean         1   1   1   1  -1  -1 1/3   0   0   0     0.233

    seeds:    standard deviation (sd) of  3 means 0.058, standard error (se) 0.058 / sqrt(3)  = 0.033
    examples: standard deviation (sd) of 10 means 0.786, standard error (se) 0.786 / sqrt(10) = 0.249

This is *a validation set that lies*. The seeds agree, and by them alone the gain is seven times its error. But every
seed was asked the same ten questions, and it is the questions that disagree: ten others might well turn the result.
Nor is a comparison worth anything when the strategies did not have the same chances: other seeds, more runs for one,
a model that another run has trained before. Here you write the loop that gives all of them the same.

Run this file to see what building a model does to luck:  python exercises/06_compare_strategies.py
Have it graded:                                           grade exercises/06_compare_strategies.py

A tiny worked example. A seed sets torch's random numbers back to one beginning, and whatever draws moves on from
there; the sample standard deviation divides by n - 1:

    >>> generator = torch.manual_seed(5)
    >>> first = torch.rand(2)
    >>> generator = torch.manual_seed(5)
    >>> again = torch.rand(2)
    >>> torch.equal(first, again), torch.equal(first, torch.rand(2))
    (True, False)
    >>> from statistics import pstdev, stdev
    >>> stdev([2.0, 4.0]), pstdev([2.0, 4.0])
    (1.4142135623730951, 1.0)
"""

from collections.abc import Callable, Sequence

import torch
from torch import nn

from grader import StrategySummary


def compare_strategies(
    build: Callable[[str], nn.Module],
    fit: Callable[[nn.Module, int], list[bool]],
    strategies: Sequence[str],
    seeds: Sequence[int],
) -> list[StrategySummary]:
    """Run every strategy with every seed, each pair once, and return one summary per strategy, in the order given.

    One run is: `torch.manual_seed(seed)`, `build(strategy)`, `torch.manual_seed(seed)` once more, `fit(model, seed)`.
    Which pair comes first is up to you, and so is building a model once more to look at it. `build` makes a model;
    `fit` trains the model it is given, in place and with a fixed budget, and returns which validation examples it is
    then right about. So every run needs a fresh model.

    A StrategySummary holds `strategy`; `trainable`, the number of scalars that require grad in the strategy's model;
    `scores`, each run's share of right examples, and `correct`, each run's bools as a tuple, both in the order of the
    seeds; `mean` and `std` of the scores (with n - 1; 0.0 for a single seed); and `n`, their number. Leave the worst
    recall and its error at their defaults, and leave `strategies` and `seeds` as they are.
    """
    # TODO: why are two seedings asked for in every run, and not one?
    raise NotImplementedError


def paired_gain(a: StrategySummary, b: StrategySummary) -> tuple[float, float]:
    """Return the mean of b minus a over all seeds and examples of `correct`, and its standard error.

    A positive gain means that b is better. The error has two sources, whose squares add up to its square: the standard
    error of the seeds' mean differences, and that of the examples'. Each is a standard deviation (with n - 1) divided
    by the square root of how many means there are; of one mean it is 0.0. ValueError when a and b differ in their
    numbers of seeds or of examples.
    """
    # TODO: which numbers scatter because of the seeds, and which because of the examples?
    raise NotImplementedError


if __name__ == "__main__":

    def build_toy(strategy: str) -> nn.Module:
        """Make a model; the deeper one draws more random numbers for its first weights."""
        depth = {"shallow": 1, "deep": 4}[strategy]
        return nn.Sequential(*(nn.Linear(3, 3) for _ in range(depth)))

    for name in ("shallow", "deep"):
        torch.manual_seed(5)
        toy = build_toy(name)
        trainable = sum(parameter.numel() for parameter in toy.parameters())
        batch = torch.randperm(10)[:4].tolist()
        print(f"{name}: {trainable} scalars; the first batch after building it has the rows {batch}")
    print("One seed for both, and still they are trained on different batches. What went on in between?")
