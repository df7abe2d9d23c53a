from typing import Any

import torch


def build_param_groups(model, head_names, *, head_lr, backbone_lr, weight_decay) -> list[dict[str, Any]]:
    trainable = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    head = [(n, p) for n, p in trainable if any(n.startswith(h + ".") or n == h for h in head_names)]
    body = [(n, p) for n, p in trainable if n.startswith(("layer", "bert.encoder", "distilbert.transformer"))]
    groups = []
    for members, lr in ((head, head_lr), (body, backbone_lr)):
        for decay in (weight_decay, 0.0):
            params = [p for n, p in members if (p.ndim > 1) == (decay > 0)]
            if params:
                groups.append({"params": params, "lr": lr, "weight_decay": decay})
    return groups


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
        group["lr"] = group["initial_lr"] * factor
