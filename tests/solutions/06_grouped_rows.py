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
    return {"strategy": strategy, "seed": seed, "cost": cost, "score": seeded(seed, fit, model, seed)}


def compare_strategies(build, fit, strategies, seeds):
    table = [one_run(build, fit, strategy, seed) for strategy, seed in product(strategies, seeds)]
    return [summarise(name, list(rows)) for name, rows in groupby(table, key=lambda row: row["strategy"])]


def summarise(name, rows):
    scores = np.array([row["score"] for row in rows])
    return StrategySummary(
        strategy=name,
        trainable=rows[0]["cost"],
        mean=scores.mean(),
        std=scores.std(ddof=1) if scores.size > 1 else 0.0,
        n=scores.size,
        scores=tuple(scores),
    )


def paired_gain(a, b):
    gains = np.subtract(b.scores, a.scores) if a.n == b.n else None
    if gains is None:
        raise ValueError("every score needs a partner")
    return gains.mean(), (gains.std(ddof=1) / np.sqrt(gains.size) if gains.size > 1 else 0.0)
