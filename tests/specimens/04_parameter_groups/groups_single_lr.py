from typing import Any

import torch


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay) -> list[dict[str, Any]]:
    decayed = [(n, p) for n, p in model.named_parameters() if p.requires_grad and p.dim() > 1]
    plain = [(n, p) for n, p in model.named_parameters() if p.requires_grad and p.dim() <= 1]
    groups = []
    for members, decay in ((decayed, weight_decay), (plain, 0.0)):
        head = [p for n, p in members if n in head_names and "." in n]
        body = [p for n, p in members if not (n in head_names and "." in n)]
        groups.append({"params": head, "lr": head_lr, "weight_decay": decay})
        groups.append({"params": body, "lr": backbone_lr, "weight_decay": decay})
    return [group for group in groups if group["params"]]


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor
