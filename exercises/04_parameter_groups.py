"""Exercise 04: parameter groups, or who learns how fast.                                 12 points

The head is new and knows nothing; the backbone was pretrained and knows a lot. One learning rate for both is
a compromise: large enough for the head, it tears up the backbone; small enough for the backbone, the head
crawls. So the optimizer gets *groups* of parameters, and every group has settings of its own.

Weight decay pulls a weight towards zero at every step. That is sensible for matrices, kernels and embedding
tables. It is not for biases, nor for the scales and shifts of normalisation layers (BatchNorm, LayerNorm): a
scale that is pulled towards zero silences its channel. In the models of this course these are exactly the
tensors with fewer than two dimensions.

During training a schedule lowers (or raises) all rates together. It must keep the plan: whatever number a
schedule multiplies with, the head stays as many times faster than the backbone as you decided.

Run this file to see groups at work:        python exercises/04_parameter_groups.py
Have it graded:                             grade exercises/04_parameter_groups.py

A tiny worked example. What a group does not say is taken from the optimizer's own defaults:

    >>> layer = nn.Linear(2, 1)
    >>> groups = [{"params": [layer.weight], "lr": 0.5}, {"params": [layer.bias], "weight_decay": 0.0}]
    >>> optimizer = torch.optim.SGD(groups, lr=0.1, weight_decay=0.01)
    >>> [(group["lr"], group["weight_decay"]) for group in optimizer.param_groups]
    [(0.5, 0.01), (0.1, 0.0)]

And one step of SGD moves a weight by minus lr times (gradient plus weight_decay times the weight itself).
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


def build_param_groups(
    model: nn.Module,
    head_names: Sequence[str],
    *,
    head_lr: float,
    backbone_lr: float,
    weight_decay: float,
) -> list[dict[str, Any]]:
    """Return parameter groups for torch.optim.SGD and AdamW: dicts with `params`, `lr` and `weight_decay`.

    Every parameter that requires grad is in exactly one group, and no other is in any. How many groups there
    are is up to you, but none is empty.

    A parameter belongs to the head if its name equals one of `head_names`, or starts with it plus ".".
    The head learns at `head_lr`, everything else at `backbone_lr`.

    Biases and the parameters of normalisation layers get a weight decay of 0.0, all others, embeddings
    included, get `weight_decay`.
    """
    # TODO: go through model.named_parameters() once; which two questions decide where a parameter belongs?
    raise NotImplementedError


def scale_lrs(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Set every group's `lr` to `factor` times the lr it had when this function first saw the group.

    That first lr is kept in the group under the key "initial_lr", as torch's schedulers do. So calling the
    function twice with 0.5 gives half of the first lr, not a quarter. A group that was added later has its
    own first lr. Where a scheduler has left an "initial_lr" in a group already, that is its first lr. The order of
    the groups and their other keys stay as they are.
    """
    # TODO: optimizer.param_groups is the list of dicts; what must be remembered before the first change?
    raise NotImplementedError


if __name__ == "__main__":
    tiny = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))
    for name, parameter in tiny.named_parameters():
        print(f"{name:10} {tuple(parameter.shape)!s:8} {parameter.ndim} dimensions")
    for group in build_param_groups(tiny, ["2"], head_lr=0.1, backbone_lr=0.01, weight_decay=0.05):
        print(len(group["params"]), "tensors at", group["lr"], "with a decay of", group["weight_decay"])
