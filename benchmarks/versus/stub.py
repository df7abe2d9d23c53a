"""A head for a new task on a frozen backbone.

Three functions, used one after the other, for torchvision's ResNets (head: `model.fc`) and for transformers' BERT
classifiers (head: `model.classifier`).
"""

from typing import Any

from torch import nn


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    """Put a new nn.Linear with `num_classes` outputs where the head is, and return the model."""
    # TODO: how many features arrive at the old head?
    raise NotImplementedError


def freeze_backbone(model: nn.Module) -> nn.Module:
    """Let the head alone learn, keep the backbone's BatchNorm statistics as they are, and return the model.

    It is called on a model in training mode; what it leaves is trained with.
    """
    # TODO: which object owns `requires_grad`, and what else moves when a batch goes through?
    raise NotImplementedError


def make_param_groups(model: nn.Module, head_lr: float, backbone_lr: float) -> list[dict[str, Any]]:
    """Return two groups for an optimizer: the head's parameters with `head_lr`, all others with `backbone_lr`."""
    # TODO: every parameter belongs to exactly one group
    raise NotImplementedError
