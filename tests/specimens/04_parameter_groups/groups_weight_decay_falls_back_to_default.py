from typing import Any

import torch


def in_head(name, head_names):
    return any(name == head or name.startswith(head + ".") for head in head_names)


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay) -> list[dict[str, Any]]:
    groups = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            lr = head_lr if in_head(name, head_names) else backbone_lr
            groups.setdefault((lr, parameter.ndim > 1), []).append(parameter)
    answer = []
    for (lr, decays), params in groups.items():
        group = {"params": params, "lr": lr}
        if decays:
            group["weight_decay"] = weight_decay
        answer.append(group)
    return answer


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor
