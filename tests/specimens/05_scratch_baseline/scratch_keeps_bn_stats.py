import copy

import torch
from torch import nn


def make_scratch_twin(model, seed):
    generator = torch.Generator().manual_seed(seed)
    twin = copy.deepcopy(model)
    with torch.no_grad():
        for name, parameter in twin.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.05, generator=generator)
            elif name.endswith("weight"):
                parameter.fill_(1.0)
            else:
                parameter.zero_()
            parameter.requires_grad = True
    return twin


def majority_floor(train_labels, val_labels):
    classes, counts = torch.unique(train_labels, return_counts=True)
    return float((val_labels == classes[counts.argmax()]).double().mean())
