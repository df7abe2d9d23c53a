"""Exercise 06 solved in another style: seeds in the outer loop, a dict of lists, torch for the numbers."""

from collections import defaultdict

import torch

from grader import StrategySummary


def compare_strategies(build, fit, strategies, seeds):
    found, costs = defaultdict(list), {}
    for seed in seeds:
        for strategy in strategies:
            torch.random.manual_seed(seed)
            model = build(strategy=strategy)
            costs[strategy] = torch.nn.utils.parameters_to_vector(
                [p for p in model.parameters() if p.requires_grad]
            ).numel()
            torch.default_generator.manual_seed(seed)
            found[strategy].append(fit(model=model, seed=seed))
    result = []
    for strategy in strategies:
        scores = torch.tensor(found[strategy], dtype=torch.float64)
        std = scores.std() if len(scores) > 1 else torch.tensor(0.0)
        result += [StrategySummary(strategy, costs[strategy], scores.mean(), std, len(scores), found[strategy])]
    return result


def paired_gain(a, b):
    first, second = torch.tensor(a.scores), torch.tensor(b.scores)
    if first.shape != second.shape:
        raise ValueError(f"{len(first)} and {len(second)} scores")
    difference = second - first
    error = difference.std(correction=min(1, len(difference) - 1)) / len(difference) ** 0.5
    return difference.mean().item(), error.item()
