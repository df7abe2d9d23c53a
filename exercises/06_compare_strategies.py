"""Exercise 06: compare strategies fairly                                                      12 points

"Frozen got 0.90 and full fine-tuning got 0.92" is not yet a comparison. Train the same strategy twice, and the two
scores differ: another draw of the new head's first weights, another order of the batches. So every strategy is run
several times, once per *seed*, and what counts is the mean and how far the runs scatter.

That luck would still drown a small gain, were it not shared. Give every strategy the same seeds, and with them the
same first weights and the same batches, and a lucky seed is lucky for all of them. The *differences* between two
strategies, seed by seed, then scatter far less than the scores do:

    seed     frozen   full_finetune   difference
       7      0.81        0.84          +0.03
       3      0.90        0.92          +0.02
      12      0.85        0.89          +0.04
    mean      0.853       0.883         +0.030
    std       0.045       0.040          0.010     standard error of the mean difference: 0.010 / sqrt(3) = 0.006

By the two columns of scores, nobody could say which one is better. By the differences, every seed says the same.

A comparison is worth nothing when the strategies did not have the same chances: other seeds, more runs for one of
them, a model that another run has trained before. Here you write the loop that gives all of them the same.

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
    fit: Callable[[nn.Module, int], float],
    strategies: Sequence[str],
    seeds: Sequence[int],
) -> list[StrategySummary]:
    """Run every strategy with every seed, each pair once, and return one summary per strategy, in the order given.

    One run is: `torch.manual_seed(seed)`, `build(strategy)`, `torch.manual_seed(seed)` once more, `fit(model, seed)`.
    Which pair comes first is up to you. `build` makes a model; `fit` trains the model it is given, in place and with
    a fixed budget, and returns its validation score. So every run needs a fresh model.

    A StrategySummary holds `strategy`; `trainable`, the number of scalars that require grad in the strategy's model;
    `mean` and `std` of the scores (with n - 1; 0.0 for a single seed); `n`, their number; and `scores`, in the order
    of the seeds. Leave `worst_recall` at its default, and leave `strategies` and `seeds` as they are.
    """
    # TODO: why are two seedings asked for in every run, and not one?
    raise NotImplementedError


def paired_gain(a: StrategySummary, b: StrategySummary) -> tuple[float, float]:
    """Return the mean of `b.scores[i] - a.scores[i]`, and the standard error of that mean.

    A positive gain means that b is better. The standard error is the standard deviation of the differences (with
    n - 1), divided by the square root of their number; 0.0 for a single pair. ValueError when the two have different
    numbers of scores.
    """
    # TODO: what scatters less, the scores or their differences?
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
