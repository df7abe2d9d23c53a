from typing import Any

import torch


def in_head(name, head_names):
    return any(name == head or name.startswith(head + ".") for head in head_names)


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay) -> list[dict[str, Any]]:
    groups = []
    for keep, decay in ((lambda p: p.ndim > 1, weight_decay), (lambda p: p.ndim <= 1, 0.0)):
        everyone = [(n, p) for n, p in model.named_parameters() if p.requires_grad and keep(p)]
        head = [p for n, p in everyone if in_head(n, head_names)]
        for params, lr in (([p for n, p in everyone], backbone_lr), (head, head_lr)):
            if params:
                groups.append({"params": params, "lr": lr, "weight_decay": decay})
    return groups


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor
