"""Exercise 04 as Hugging Face's trainer decides about decay: names collected outside normalisation layers, less the
biases. BatchNorm has to be among the layers, and the groups are given as named pairs."""

from __future__ import annotations

import re

from torch import nn

NORMALISATION = (nn.LayerNorm, nn.BatchNorm1d, nn.BatchNorm2d)
BIAS = re.compile(r"(?:^|\.)bias$")


def names_outside(module, forbidden):
    found = []
    for child_name, child in module.named_children():
        if not isinstance(child, forbidden):
            found += [f"{child_name}.{name}" for name in names_outside(child, forbidden)]
    return found + list(module._parameters)


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay):
    decayed = {name for name in names_outside(model, NORMALISATION) if not BIAS.search(name)}

    def pick(head, decay):
        for name, parameter in model.named_parameters():
            mine = any((name + ".").startswith(prefix + ".") for prefix in head_names)
            if parameter.requires_grad and mine is head and (name in decayed) is decay:
                yield name, parameter

    groups = []
    for head in (True, False):
        for decay in (True, False):
            if params := list(pick(head, decay)):
                lr = head_lr if head else backbone_lr
                groups.append({"params": params, "lr": lr, "weight_decay": weight_decay if decay else 0.0})
    return groups


def scale_lrs(optimizer, factor):
    for group in optimizer.param_groups:
        group["initial_lr"] = group.get("initial_lr", group["lr"])
        group.update(lr=group["initial_lr"] * factor)
