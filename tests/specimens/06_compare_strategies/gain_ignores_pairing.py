from statistics import mean, stdev

import torch

from grader import StrategySummary


def compare_strategies(build, fit, strategies, seeds):
    result = []
    for strategy in strategies:
        scores = []
        for seed in seeds:
            torch.manual_seed(seed)
            model = build(strategy)
            torch.manual_seed(seed)
            scores.append(fit(model, seed))
        trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
        std = stdev(scores) if len(scores) > 1 else 0.0
        result.append(StrategySummary(strategy, trainable, mean(scores), std, len(scores), tuple(scores)))
    return result


def paired_gain(a, b):
    if a.n != b.n:
        raise ValueError("not the same seeds")
    return b.mean - a.mean, (a.std**2 / a.n + b.std**2 / b.n) ** 0.5
