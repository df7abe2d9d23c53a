import copy

import torch
from torch import nn


def make_scratch_twin(model, seed):
    """A fresh copy for the baseline run."""
    torch.manual_seed(seed)
    twin = copy.deepcopy(model)
    for parameter in twin.parameters():
        parameter.requires_grad = True
    return twin


def majority_floor(train_labels, val_labels):
    classes, counts = torch.unique(train_labels, return_counts=True)
    return float((val_labels == classes[counts.argmax()]).double().mean())
