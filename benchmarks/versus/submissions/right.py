"""Does what is asked."""

import torch
from torch import nn


def replace_head(model, num_classes):
    """Put a new layer where the head is."""
    name = "fc" if hasattr(model, "fc") else "classifier"
    width = getattr(model, name).in_features
    setattr(model, name, nn.Linear(width, num_classes))
    return model


def freeze_backbone(model):
    """Switch off every flag but the head's, and rest every BatchNorm."""
    model.requires_grad_(False)
    (model.fc if hasattr(model, "fc") else model.classifier).requires_grad_(True)
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.eval()
    return model


def make_param_groups(model, head_lr, backbone_lr):
    """Tell the head's parameters from the others by their names."""
    groups = {True: [], False: []}
    for name, parameter in model.named_parameters():
        groups[name.startswith(("fc.", "classifier."))].append(parameter)
    return [{"params": groups[True], "lr": head_lr}, {"params": groups[False], "lr": backbone_lr}]
