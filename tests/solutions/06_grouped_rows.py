"""Exercise 06 solved in another style: one table of rows over all pairs, grouped afterwards, numbers from numpy."""

from itertools import groupby, product

import numpy as np
import torch

from grader import StrategySummary


def seeded(seed, function, *arguments):
    torch.manual_seed(seed)
    return function(*arguments)


def one_run(build, fit, strategy, seed):
    model = seeded(seed, build, strategy)
    cost = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return {"strategy": strategy, "seed": seed, "cost": cost, "correct": seeded(seed, fit, model, seed)}


def compare_strategies(build, fit, strategies, seeds):
    table = [one_run(build, fit, strategy, seed) for strategy, seed in product(strategies, seeds)]
    return [summarise(name, list(rows)) for name, rows in groupby(table, key=lambda row: row["strategy"])]


def summarise(name, rows):
    correct = np.array([row["correct"] for row in rows])
    scores = correct.mean(axis=1)
    return StrategySummary(
        strategy=name,
        trainable=rows[0]["cost"],
        mean=scores.mean(),
        std=scores.std(ddof=1) if scores.size > 1 else 0.0,
        n=scores.size,
        scores=tuple(scores),
        correct=tuple(map(tuple, correct)),
    )


def paired_gain(a, b):
    before, after = (np.array(each.correct, dtype=float) for each in (a, b))
    if before.shape != after.shape:
        raise ValueError("every outcome needs a partner")
    gains = after - before
    variances = [means.var(ddof=1) / means.size for means in (gains.mean(0), gains.mean(1)) if means.size > 1]
    return gains.mean(), np.sqrt(sum(variances))
