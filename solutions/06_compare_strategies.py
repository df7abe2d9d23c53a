"""A worked answer to exercise 06.

The idea: what could make two strategies differ by luck is set back to the same beginning before it is needed: once
before the model is built, and once before it is trained, because building uses up random numbers, and not every
strategy uses up as many. What is left is the strategy itself.
"""

import math
from collections.abc import Callable, Sequence
from statistics import mean, stdev

import torch
from torch import nn

from grader import StrategySummary


def compare_strategies(
    build: Callable[[str], nn.Module],
    fit: Callable[[nn.Module, int], float],
    strategies: Sequence[str],
    seeds: Sequence[int],
) -> list[StrategySummary]:
    """Run every strategy with every seed, each pair once, and return one summary per strategy, in the order given."""
    summaries = []
    for strategy in strategies:
        scores = []
        for seed in seeds:
            torch.manual_seed(seed)  # the same first weights for every strategy
            model = build(strategy)
            torch.manual_seed(seed)  # the same batches, however many numbers building used up
            scores.append(fit(model, seed))
        summaries.append(
            StrategySummary(
                strategy=strategy,
                trainable=sum(p.numel() for p in model.parameters() if p.requires_grad),
                mean=mean(scores),
                std=spread(scores),
                n=len(scores),
                scores=tuple(scores),
            )
        )
    return summaries


def paired_gain(a: StrategySummary, b: StrategySummary) -> tuple[float, float]:
    """Return the mean of `b.scores[i] - a.scores[i]`, and the standard error of that mean."""
    # `strict` raises ValueError when one of the two has more scores.
    differences = [after - before for before, after in zip(a.scores, b.scores, strict=True)]
    return mean(differences), spread(differences) / math.sqrt(len(differences))


def spread(values: Sequence[float]) -> float:
    """Return the standard deviation with n - 1; a single value does not scatter."""
    return stdev(values) if len(values) > 1 else 0.0
