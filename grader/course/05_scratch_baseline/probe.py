"""Goes into the sandbox: has twins made, looks at each, and pushes it to see whether the original moves along."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.inside import models
from grader.inside.observe import Submitted, as_answer, numbers, set_flags, shake, state, tensors
from grader.inside.wire import Fact
from grader.wire.job import Job

from . import wire
from .wire import FLOOR, TWIN

Arrays = dict[str, np.ndarray[Any, Any]]
Shapes = dict[str, tuple[int, ...]]


_draw = functools.partial(torch.rand, dtype=torch.float32)
"""Bound before the learner's code is there, whatever that makes of ``torch.rand`` or of the default dtype."""


class Stage:
    """Everything the parts use, built before the learner's code is imported; every model is asked about once."""

    def __init__(self, job: Job) -> None:
        self.plan: dict[str, Any] = dict(job.plan)
        self.models = {row["id"]: [_build(job, row) for _ in row["seeds"]] for row in self.plan["models"]}


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def make_scratch_twin(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for every planned twin, and draw from the global generator right after the call."""
    for row in stage.plan["models"]:
        calls = zip(stage.models[row["id"]], row["seeds"], row["global_seeds"], strict=True)
        for number, (model, seed, global_seed) in enumerate(calls):
            expected = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
            torch.manual_seed(global_seed)
            _draw(wire.SPENT)
            answer, twin = learner.call(TWIN, model, seed)
            given_next = _draw(wire.NUMBERS).numpy()
            seen: Arrays = {"numbers": given_next, "original": shake(model, list(expected))}
            same, akin, shapes = twin is model, type(twin) is type(model), None
            if isinstance(twin, nn.Module):
                shapes, arrays = _look(twin, expected)
                seen |= arrays | {"afterwards": shake(model, list(expected))}
            yield Fact(wire.twin(row, number), wire.Twinned(answer=answer, same=same, akin=akin, shapes=shapes), seen)


def majority_floor(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for the floor of every set of labels."""
    for row in stage.plan["floors"]:
        answer, returned = learner.call(
            FLOOR, torch.tensor(row["train"]), torch.tensor(row["val"]), read=lambda it: numbers(it, 0)
        )
        yield Fact(wire.floor(row), as_answer(returned) if answer.has_returned else answer)


def _build(job: Job, row: dict[str, Any]) -> nn.Module:
    model = models.build(row["spec"])
    model.load_state_dict(dict(tensors(job.arrays, f"{row['id']}/")))
    set_flags(model, row["flags"])
    return model


def _look(twin: nn.Module, expected: Shapes) -> tuple[Shapes, Arrays]:
    """Return a twin's shapes and, if they are as expected, its values and where a step takes it.

    In the end one is added to everything that the twin holds.
    """
    parameters, buffers = state(twin)
    entries = {**parameters, **buffers}
    kept = twin.state_dict().keys()
    shapes = {name: tuple(tensor.shape) for name, tensor in entries.items() if name in kept}
    seen: Arrays = {}
    if shapes == expected:
        flat = [entries[name].detach().reshape(-1).float() for name in expected]
        seen = {"values": torch.cat(flat).numpy(), "shaken": shake(twin, list(expected))}
    with torch.no_grad():
        for tensor in entries.values():
            tensor.add_(1)
    return shapes, seen
