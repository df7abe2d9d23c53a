"""Goes into the sandbox: asks for one layer and applies it."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from grader.inside.observe import Submitted, names_of
from grader.inside.wire import Fact
from grader.wire.job import Job

from . import wire


def prepare(job: Job) -> tuple[int, int, torch.Tensor]:
    """Return the widths and the row."""
    return job.plan["inputs"], job.plan["outputs"], torch.from_numpy(job.arrays["row"].copy())


def layer(learner: Submitted, prepared: tuple[int, int, torch.Tensor]) -> Iterator[Fact]:
    """Ask once."""
    inputs, outputs, row = prepared
    answer, made = learner.call(wire.LAYER, inputs, outputs)
    if not isinstance(made, torch.nn.Linear):
        yield Fact(wire.FACT, wire.Made(answer=answer))
        return
    with torch.no_grad():
        arrays = {"weight": made.weight.numpy(), "made": made(row).numpy()}
    yield Fact(wire.FACT, wire.Made(answer=answer, parameters=names_of(dict(made.named_parameters()))), arrays)
