import copy

import torch
from torch import nn


def make_scratch_twin(model, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        twin = copy.deepcopy(model)
        for layer in twin.modules():
            if hasattr(layer, "reset_parameters"):
                layer.reset_parameters()
    return twin.requires_grad_(True)


def majority_floor(train_labels, val_labels):
    classes, counts = torch.unique(train_labels, return_counts=True)
    return float((val_labels == classes[counts.argmax()]).double().mean())
