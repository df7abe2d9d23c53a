"""Exercise 04 as timm's param_groups_weight_decay goes about it: by dimensions and by suffix, once per part."""

from __future__ import annotations


def by_weight_decay(named_parameters, lr, weight_decay, no_decay_names=()):
    decay, no_decay = [], []
    for name, parameter in named_parameters:
        if not parameter.requires_grad:
            continue
        exempt = parameter.ndim <= 1 or name.endswith(".bias") or name in no_decay_names
        (no_decay if exempt else decay).append(parameter)
    groups = [
        {"params": no_decay, "weight_decay": 0.0, "lr": lr},
        {"params": decay, "weight_decay": weight_decay, "lr": lr},
    ]
    return [group for group in groups if group["params"]]


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay):
    prefixes = tuple(f"{head}." for head in head_names)
    named = dict(model.named_parameters())
    head = {name: named.pop(name) for name in list(named) if f"{name}.".startswith(prefixes)}
    return [
        *by_weight_decay(head.items(), head_lr, weight_decay),
        *by_weight_decay(named.items(), backbone_lr, weight_decay),
    ]


def scale_lrs(optimizer, factor):
    for group in optimizer.param_groups:
        if "initial_lr" not in group:
            group["initial_lr"] = group["lr"]
    for group in optimizer.param_groups:
        group["lr"] = group["initial_lr"] * factor
