"""Goes into the sandbox: has twins made, looks at each, and pushes it to see whether the original moves along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
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


class Stage:
    """Everything the parts use, built before the learner's code is imported; every model is asked about once.

    How a model is built is not kept: whoever has that needs no twin.
    """

    def __init__(self, job: Job) -> None:
        self.rows = [{name: row[name] for name in _KEPT} for row in job.plan["models"]]
        self.models = {row["id"]: [_build(job, row) for _ in row["seeds"]] for row in job.plan["models"]}
        self.floors = list(job.plan["floors"])


_KEPT = ("id", "seeds", "global_seeds", "ahead")


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def make_scratch_twin(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for every planned twin, and draw from the global generator right after the call."""
    for row in stage.rows:
        for number, (model, seed) in enumerate(zip(stage.models[row["id"]], row["seeds"], strict=True)):
            expected = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
            torch.manual_seed(row["global_seeds"][number])
            _numbers(row["ahead"][number])
            answer, twin = learner.call(TWIN, model, seed)
            seen: Arrays = {"numbers": _numbers(wire.NUMBERS), "original": shake(model, list(expected))}
            told = wire.Twinned(answer=answer, same=twin is model, akin=type(twin) is type(model))
            if isinstance(twin, nn.Module):
                shapes, dtypes, arrays = _look(twin, expected)
                told = msgspec.structs.replace(told, shapes=shapes, dtypes=dtypes)
                seen |= arrays | {"afterwards": shake(model, list(expected))}
            yield Fact(wire.twin(row, number), told, seen)


def _numbers(count: int) -> np.ndarray[Any, Any]:
    """Draw what ``torch.rand`` would, whatever dtype the learner's file made the default."""
    drawn: np.ndarray[Any, Any] = torch.empty(count, dtype=torch.float32).uniform_().numpy()
    return drawn


def majority_floor(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for the floor of every set of labels."""
    for row in stage.floors:
        answer, returned = learner.call(
            FLOOR, torch.tensor(row["train"]), torch.tensor(row["val"]), read=lambda it: numbers(it, 0)
        )
        yield Fact(wire.floor(row), as_answer(returned) if answer.has_returned else answer)


def _build(job: Job, row: dict[str, Any]) -> nn.Module:
    model = models.build(row["spec"])
    model.load_state_dict(dict(tensors(job.arrays, f"{row['id']}/")))
    set_flags(model, row["flags"])
    return model


def _look(twin: nn.Module, expected: Shapes) -> tuple[Shapes, dict[str, str], Arrays]:
    """Return a twin's shapes, its dtypes and, if the shapes are as expected, its values and where a step takes it.

    In the end one is added to everything that the twin holds.
    """
    parameters, buffers = state(twin)
    entries = {**parameters, **buffers}
    kept = twin.state_dict().keys()
    shapes = {name: tuple(tensor.shape) for name, tensor in entries.items() if name in kept}
    dtypes = {name: str(entries[name].dtype).removeprefix("torch.") for name in shapes}
    seen: Arrays = {}
    if shapes == expected:
        wide = torch.float64 if "float64" in dtypes.values() else torch.float32
        flat = [entries[name].detach().reshape(-1).to(wide) for name in expected]
        seen = {"values": torch.cat(flat).numpy(), "shaken": shake(twin, list(expected))}
    with torch.no_grad():
        for tensor in entries.values():
            tensor.add_(1)
    return shapes, dtypes, seen
