from statistics import mean, stdev

import torch

from grader import StrategySummary


def compare_strategies(build, fit, strategies, seeds):
    result = []
    for strategy in strategies:
        torch.manual_seed(seeds[0])
        model = build(strategy)
        torch.manual_seed(seeds[0])
        score = fit(model, seeds[0])
        trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
        result.append(StrategySummary(strategy, trainable, score, 0.0, 1, (score,)))
    return result


def paired_gain(a, b):
    if len(a.scores) != len(b.scores):
        raise ValueError("not the same seeds")
    gains = [y - x for x, y in zip(a.scores, b.scores)]
    return mean(gains), stdev(gains) / len(gains) ** 0.5 if len(gains) > 1 else 0.0
