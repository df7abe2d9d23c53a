"""A worked answer to exercise 04.

The idea: two questions decide about a parameter, so the pair of answers *is* the group. Groups come into being
when their first member arrives, which is why none of them is ever empty.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


def in_head(name: str, head_names: Sequence[str]) -> bool:
    """Whether a parameter belongs to the head: compare whole names, or `fc1` would pass for `fc`."""
    return any(name == head or name.startswith(f"{head}.") for head in head_names)


def build_param_groups(
    model: nn.Module,
    head_names: Sequence[str],
    *,
    head_lr: float,
    backbone_lr: float,
    weight_decay: float,
) -> list[dict[str, Any]]:
    """Return groups by learning rate and weight decay, for what requires grad."""
    members: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            lr = head_lr if in_head(name, head_names) else backbone_lr
            decay = weight_decay if parameter.ndim > 1 else 0.0
            members.setdefault((lr, decay), []).append(parameter)

    # Every group says everything itself, so that no default of an optimizer can step in.
    return [{"params": params, "lr": lr, "weight_decay": decay} for (lr, decay), params in members.items()]


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Set every group's lr to a multiple of the one it began with."""
    for group in optimizer.param_groups:
        # setdefault writes only the first time, so later calls start from the same number again.
        group["lr"] = factor * group.setdefault("initial_lr", group["lr"])
