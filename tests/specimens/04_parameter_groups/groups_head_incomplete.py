from typing import Any

import torch


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay) -> list[dict[str, Any]]:
    groups = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        lr = head_lr if name.startswith(head_names[0] + ".") or name == head_names[0] else backbone_lr
        decay = 0.0 if parameter.ndim < 2 else weight_decay
        groups.setdefault((lr, decay), []).append(parameter)
    return [{"params": params, "lr": lr, "weight_decay": decay} for (lr, decay), params in groups.items()]


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor
