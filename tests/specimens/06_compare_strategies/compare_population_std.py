from statistics import mean, stdev

import numpy as np
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
        result.append(
            StrategySummary(strategy, trainable, np.mean(scores), np.std(scores), len(scores), tuple(scores))
        )
    return result


def paired_gain(a, b):
    if len(a.scores) != len(b.scores):
        raise ValueError("not the same seeds")
    gains = [y - x for x, y in zip(a.scores, b.scores)]
    return mean(gains), stdev(gains) / len(gains) ** 0.5 if len(gains) > 1 else 0.0
