import copy

import torch
from torch import nn


def make_scratch_twin(model, seed):
    torch.manual_seed(seed)
    twin = copy.deepcopy(model).requires_grad_(True)
    for module in twin.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
        else:
            for parameter in module.parameters(recurse=False):
                nn.init.normal_(parameter, std=0.02)
    return twin


def majority_floor(train_labels, val_labels):
    classes, counts = torch.unique(train_labels, return_counts=True)
    return float((val_labels == classes[counts.argmax()]).double().mean())
