from math import hypot
from statistics import mean, stdev

import torch

from grader import StrategySummary


def compare_strategies(build, fit, strategies, seeds):
    result = []
    for strategy in strategies:
        correct = []
        for seed in seeds:
            torch.manual_seed(seed)
            model = build(strategy)
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
    gains = [mean(row) for row in table]
    examples = [mean(column) for column in zip(*table)]
    return abs(mean(gains)), (error(gains) ** 2 + error(examples) ** 2) ** 0.5


def error(values):
    return stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
