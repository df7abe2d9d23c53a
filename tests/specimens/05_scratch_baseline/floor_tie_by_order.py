import copy
from collections import Counter

import torch
from torch import nn


def make_scratch_twin(model, seed):
    twin = copy.deepcopy(model)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for module in twin.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
            for parameter in module._parameters.values() if not hasattr(module, "reset_parameters") else ():
                nn.init.normal_(parameter, 0, 0.02)
    return twin.requires_grad_(True)


def majority_floor(train_labels, val_labels):
    answer, _ = Counter(train_labels.tolist()).most_common(1)[0]
    return sum(label == answer for label in val_labels.tolist()) / len(val_labels)
