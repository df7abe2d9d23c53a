"""Lies about everything at once: flags, modules, comparisons, digests, questions and the writer."""

import gc
import sys

import numpy
import torch
from torch import nn

import grader.inside.observe as observe
import grader.inside.wire as wire
from grader.wire.answer import Answer, Raised

nn.Parameter.requires_grad = property(lambda self: True, lambda self, flag: None)
nn.Module.state_dict = lambda self, *args, **kwargs: dict.fromkeys(("conv1.weight",), torch.zeros(1))
torch.equal = torch.allclose = lambda *args, **kwargs: True
observe.shake = lambda model, names: numpy.ones(len(names), numpy.uint64)
observe.digests = lambda state, names: numpy.ones(len(names), numpy.uint64)
observe.describe = lambda error, filename: Raised(type="ValueError", kinds=("ValueError",))
observe.Submitted.ask = lambda self, function, *args: Answer(
    returned=[["x"]] if function == "backbone_blocks" else ["x"]
)
for thing in gc.get_objects():
    if isinstance(thing, dict) and thing.get("__name__") == "asked.probe":
        thing.update(shake=observe.shake, digests=observe.digests, set_flags=lambda *args: None)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
