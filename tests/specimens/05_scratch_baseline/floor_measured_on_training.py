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
    majority = torch.bincount(train_labels).argmax()
    return (train_labels == majority).float().mean().item()
