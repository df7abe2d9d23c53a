from math import hypot
from statistics import mean, stdev

import torch

from grader import StrategySummary


def compare_strategies(build, fit, strategies, seeds):
    result = []
    for strategy in strategies:
        torch.manual_seed(seeds[0])
        model = build(strategy)
        correct = []
        for seed in seeds:
            torch.manual_seed(seed)
            correct.append(tuple(fit(model, seed)))
        scores = [mean(right) for right in correct]
        trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
        std = stdev(scores) if len(scores) > 1 else 0.0
        result.append(
            StrategySummary(strategy, trainable, mean(scores), std, len(scores), tuple(scores), tuple(correct))
        )
    return result


def paired_gain(a, b):
    table = [[y - x for x, y in zip(*rows, strict=True)] for rows in zip(a.correct, b.correct, strict=True)]
    seeds, examples = [mean(row) for row in table], [mean(column) for column in zip(*table)]
    return mean(seeds), hypot(error(seeds), error(examples))


def error(values):
    return stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
