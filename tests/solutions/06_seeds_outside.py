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
        correct = torch.tensor(found[strategy])
        scores = correct.double().mean(dim=1)
        std = scores.std() if len(scores) > 1 else torch.tensor(0.0)
        figures = scores.mean(), std, len(scores), scores.tolist(), correct
        result += [StrategySummary(strategy, costs[strategy], *figures)]
    return result


def paired_gain(a, b):
    first, second = torch.tensor(a.correct).double(), torch.tensor(b.correct).double()
    if first.shape != second.shape:
        raise ValueError(f"{tuple(first.shape)} and {tuple(second.shape)} outcomes")
    difference = second - first
    errors = [standard_error(difference.mean(dim=dim)) for dim in (0, 1)]
    return difference.mean().item(), torch.stack(errors).square().sum().sqrt().item()


def standard_error(means):
    return means.std(correction=min(1, len(means) - 1)) / len(means) ** 0.5
