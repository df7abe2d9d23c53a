"""A worked answer to exercise 02.

The idea: a model's state is more than what gradients move. Flags stop the gradients; the *mode* stops everything
else: BatchNorm's statistics and dropout's dice. So freezing takes both, and the mode has to be set anew whenever
training begins, because `model.train()` wakes everything up.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn


def snapshot(model: nn.Module) -> dict[str, Tensor]:
    """Return a copy of every entry of the state."""
    # state_dict() hands out the tensors themselves; without clone() they would go on changing with the model.
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def in_head(name: str, head_names: Sequence[str]) -> bool:
    """Whether a parameter belongs to the head: compare whole names, or `fc1` would pass for `fc`."""
    return any(name == head or name.startswith(f"{head}.") for head in head_names)


def freeze_backbone(model: nn.Module, head_names: Sequence[str]) -> nn.Module:
    """Let the head learn, and nothing else."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad = in_head(name, head_names)
    return model


def train_mode(model: nn.Module) -> nn.Module:
    """Put what can learn into training mode, and what is frozen into inference mode."""
    model.train()
    for module in model.modules():
        parameters = list(module.parameters())
        # "None of its parameters can learn" is also true of a module that has none: those follow their parent.
        if parameters and not any(parameter.requires_grad for parameter in parameters):
            module.eval()
    return model


def changed_entries(before: Mapping[str, Tensor], model: nn.Module) -> list[str]:
    """Return the sorted names of the entries that differ, or that only one side has."""
    after = model.state_dict()
    in_both = before.keys() & after.keys()
    differing = {name for name in in_both if not torch.equal(before[name], after[name])}
    return sorted(differing | (before.keys() ^ after.keys()))
