from typing import Any

import torch


def in_head(name, head_names):
    return any(name == head or name.startswith(head + ".") for head in head_names)


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay) -> list[dict[str, Any]]:
    trainable = filter(lambda pair: pair[1].requires_grad, model.named_parameters())
    groups = []
    for head, lr in ((True, head_lr), (False, backbone_lr)):
        for decays, decay in ((True, weight_decay), (False, 0.0)):
            params = [p for n, p in trainable if in_head(n, head_names) == head and (p.ndim > 1) == decays]
            groups.append({"params": params, "lr": lr, "weight_decay": decay})
    return groups


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor
