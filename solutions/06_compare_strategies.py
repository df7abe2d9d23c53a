"""A worked answer to exercise 06.

The idea: what could make two strategies differ by luck is set back to the same beginning before it is needed: once
before the model is built, and once before it is trained, because building uses up random numbers, and not every
strategy uses up as many. What is left is the strategy itself, and what the seeds and the examples happen to be: the
rows and the columns of one table of differences.
"""

import math
from collections.abc import Callable, Sequence
from statistics import mean, stdev

import torch
from torch import nn

from grader import StrategySummary


def compare_strategies(
    build: Callable[[str], nn.Module],
    fit: Callable[[nn.Module, int], list[bool]],
    strategies: Sequence[str],
    seeds: Sequence[int],
) -> list[StrategySummary]:
    """Run every strategy with every seed, each pair once, and return one summary per strategy, in the order given."""
    summaries = []
    for strategy in strategies:
        correct = []
        for seed in seeds:
            torch.manual_seed(seed)  # the same first weights for every strategy
            model = build(strategy)
            torch.manual_seed(seed)  # the same batches, however many numbers building used up
            correct.append(tuple(fit(model, seed)))
        scores = [sum(right) / len(right) for right in correct]
        summaries.append(
            StrategySummary(
                strategy=strategy,
                trainable=sum(p.numel() for p in model.parameters() if p.requires_grad),
                mean=mean(scores),
                std=spread(scores),
                n=len(scores),
                scores=tuple(scores),
                correct=tuple(correct),
            )
        )
    return summaries


def paired_gain(a: StrategySummary, b: StrategySummary) -> tuple[float, float]:
    """Return the mean of what b is right about above a, and its standard error over seeds and examples."""
    # `strict` raises ValueError when one of the two has more seeds, and inside, when it has more examples.
    table = [
        [after - before for before, after in zip(*rows, strict=True)] for rows in zip(a.correct, b.correct, strict=True)
    ]
    seeds = [mean(row) for row in table]
    examples = [mean(column) for column in zip(*table, strict=True)]
    return mean(seeds), math.hypot(error_of_mean(seeds), error_of_mean(examples))


def error_of_mean(values: Sequence[float]) -> float:
    """Return how well the mean of independent values is known."""
    return spread(values) / math.sqrt(len(values))


def spread(values: Sequence[float]) -> float:
    """Return the standard deviation with n - 1; a single value does not scatter."""
    return stdev(values) if len(values) > 1 else 0.0
