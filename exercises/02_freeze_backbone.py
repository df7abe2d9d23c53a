"""Exercise 02: a frozen backbone that is really frozen.                                  14 points

The cheapest way to adapt a pretrained model is to leave its backbone alone and to train only the head. "Leave alone"
is a promise with three parts, and most code keeps only the first:

1. *no gradient moves a weight.* That is what `requires_grad` is for;
2. *no buffer moves.* BatchNorm keeps a running mean and variance. They are no parameters, no optimizer ever sees
   them; in training mode the forward pass itself changes them;
3. *the same input gives the same features.* In training mode BatchNorm normalises with the batch at hand, so a
   picture's features depend on its neighbours, and dropout throws dice on every pass.

Parts 2 and 3 are a question of *mode*. And the mode does not last: trainers call `model.train()` at the beginning of
every epoch, and `model.eval()` for every validation. So you write `train_mode`, which the trainer calls instead:

    freeze_backbone(model, head_names)
    before = snapshot(model)
    for epoch in range(epochs):
        train_mode(model)                # instead of model.train()
        ... steps with momentum and weight decay ...
        model.eval()                     # validation
    changed_entries(before, model)       # a promise that is kept: only names of the head

Which modules are frozen is not fixed for good: somebody may free a block, or everything, before the next epoch.

Run this file to see what a model's state holds:     python exercises/02_freeze_backbone.py
Have it graded:                                      grade exercises/02_freeze_backbone.py

A tiny worked example. Frozen, and yet it moves:

    >>> norm = nn.BatchNorm1d(2).requires_grad_(False)
    >>> _ = norm(torch.tensor([[1.0, 2.0], [3.0, 6.0]]))
    >>> norm.running_mean, norm.num_batches_tracked
    (tensor([0.2000, 0.4000]), tensor(1))
    >>> _ = norm.eval()(torch.tensor([[1.0, 2.0], [3.0, 6.0]]))
    >>> norm.running_mean, norm.num_batches_tracked
    (tensor([0.2000, 0.4000]), tensor(1))
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn


def snapshot(model: nn.Module) -> dict[str, Tensor]:
    """Return a copy of every entry of `model.state_dict()`, by name. Later training must not change the copies."""
    # TODO: what does state_dict() hand out: copies, or the model's own tensors?
    raise NotImplementedError


def freeze_backbone(model: nn.Module, head_names: Sequence[str]) -> nn.Module:
    """Let exactly the head learn, whatever the flags were before, and return the same model.

    A parameter belongs to the head if its name equals one of `head_names`, or starts with it plus ".". Such a name
    may lie deeper, as "classifier.1" does. Afterwards a parameter requires grad if and only if it belongs to the
    head. Keep parameters, keys and values as they are: no module is replaced.
    """
    # TODO: decide for every parameter by its whole name; which object owns the flag?
    raise NotImplementedError


def train_mode(model: nn.Module) -> nn.Module:
    """Get the model ready for training; the trainer calls this at the start of every epoch instead of model.train().

    It goes by the flags as they are now. A module all of whose parameters are frozen behaves as at inference, and so
    does everything inside it; the rest trains. A module that has no parameters of its own or inside, such as dropout,
    follows its parent. When everything can learn, every module is in training mode. Return the model.

    Together with `freeze_backbone`: after any number of steps, with weight decay and momentum, with validation in
    between, no parameter and no buffer of the backbone has changed, and the head has. In training, what a frozen
    backbone makes of a sample does not depend on the other samples of its batch, and two passes agree; a dropout
    between backbone and head is at work all the same.
    (Overriding `train` or using hooks is fine, as long as it goes by the flags of the moment.)
    """
    # TODO: begin with model.train(); which modules have to be put back to eval()? And which have no say of their own?
    raise NotImplementedError


def changed_entries(before: Mapping[str, Tensor], model: nn.Module) -> list[str]:
    """Return the sorted names of the entries in which a snapshot and the model's state differ.

    An entry differs when its tensors are not exactly equal (NaN equals nothing), when their shapes differ, or when
    only one side has it.
    """
    # TODO: exactly equal means equal, not close; and what is an entry that one side lacks?
    raise NotImplementedError


if __name__ == "__main__":
    from grader.inside import models

    spec = {"block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 8, 8, 8], "num_classes": 3}
    tiny = models.resnet(spec).requires_grad_(requires_grad=False)
    before = {name: tensor.clone() for name, tensor in tiny.state_dict().items()}
    tiny.train()(torch.randn(4, 3, 12, 12))
    print("After one forward pass of a ResNet in which nothing requires grad:")
    for name, tensor in tiny.state_dict().items():
        kind = "parameter" if name in dict(tiny.named_parameters()) else "buffer   "
        print(f"    {kind} {name:40} {'as before' if torch.equal(tensor, before[name]) else 'CHANGED'}")
