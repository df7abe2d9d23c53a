from typing import Any

import torch


def in_head(name, head_names):
    return any(name == head or name.startswith(head + ".") for head in head_names)


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay) -> list[dict[str, Any]]:
    bins = {(lr, decay): [] for lr in (head_lr, backbone_lr) for decay in (weight_decay, 0.0)}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            lr = head_lr if in_head(name, head_names) else backbone_lr
            bins[lr, weight_decay if parameter.ndim > 1 else 0.0].append(parameter)
    return [dict(params=params, lr=lr, weight_decay=decay) for (lr, decay), params in bins.items()]


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor
