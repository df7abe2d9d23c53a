"""A worked answer to exercise 05.

The idea: a deep copy already has the class, the keys and the shapes, and shares nothing. What is left to do is to
make every tensor new: by its layer's own reset where there is one, by hand where no layer knows of it. All of that
happens on a fork of the random generator, which is given back as it was.
"""

import copy

import torch
from torch import Tensor, nn


def make_scratch_twin(model: nn.Module, seed: int) -> nn.Module:
    """Return an untrained model of the same class, keys and shapes."""
    # A copy brings the flags along; a beginner learns everywhere.
    twin = copy.deepcopy(model).requires_grad_()

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for module in twin.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()  # BatchNorm's reset makes its statistics new, too
            else:
                for parameter in module.parameters(recurse=False):
                    nn.init.normal_(parameter, std=0.02)
    return twin


def majority_floor(train_labels: Tensor, val_labels: Tensor) -> float:
    """Return the validation accuracy of the most frequent training class."""
    # Of several largest counts, argmax takes the first: the smallest label.
    majority = torch.bincount(train_labels).argmax()
    return (val_labels == majority).double().mean().item()
