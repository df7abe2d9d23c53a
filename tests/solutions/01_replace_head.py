"""Exercise 01 solved in another style: the old layer stays and gets new parameters."""

from __future__ import annotations

import math

import torch
from torch import nn


def find(model):
    found = getattr(model, "fc", None) or model.classifier
    while not isinstance(found, nn.Linear):
        found = next(layer for layer in reversed(found) if isinstance(layer, nn.Linear))
    return found


def replace_head(model, num_classes):
    if not num_classes >= 1:
        raise ValueError("no classes")
    head = find(model)
    with torch.no_grad():
        weight = torch.empty_like(head.weight[:1]).repeat(num_classes, 1)
        head.weight = nn.Parameter(nn.init.trunc_normal_(weight, std=1 / math.sqrt(head.in_features)))
        if head.bias is not None:
            head.bias = nn.Parameter(head.bias.new_zeros(num_classes))
    head.out_features = num_classes
    for holder in (model, getattr(model, "config", None)):
        if hasattr(model, "config"):
            holder.num_labels = num_classes
    return model
