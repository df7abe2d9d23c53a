"""Goes into the sandbox: asks the learner's functions about small tensors and keeps what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from grader.inside.observe import Submitted, as_answer, numbers
from grader.inside.wire import Fact
from grader.wire.answer import Answer
from grader.wire.job import Job

from . import wire


def prepare(job: Job) -> list[dict[str, Any]]:
    """Return the calls."""
    return list(job.plan["calls"])


def _ask_all(function: str, learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    for call in calls:
        if call["function"] != function:
            continue
        given = [torch.tensor(values, dtype=torch.int64) for values in call["inputs"]]
        told, tensor = _ask(learner, function, *given, *call["numbers"])
        arrays = {wire.given(index): _array(each) for index, each in enumerate(given)}
        if tensor is not None and tensor.numel() <= wire.NUMBERS_CAP and not tensor.is_complex():
            arrays[wire.TENSOR] = _array(tensor)
        yield Fact(wire.call(call), told, arrays)


confusion_matrix = partial(_ask_all, wire.MATRIX)
row_normalise = partial(_ask_all, wire.NORMALISE)
balanced_accuracy = partial(_ask_all, wire.BALANCED)
most_confused = partial(_ask_all, wire.CONFUSED)
confusion_delta = partial(_ask_all, wire.DELTA)
headline_and_pattern = partial(_ask_all, wire.HEADLINE)


def _ask(learner: Submitted, function: str, *args: Any) -> tuple[wire.Called, torch.Tensor | None]:
    """Ask for a value; a tensor with dimensions is kept as it is."""
    answer, returned = learner.call(function, *args, read=lambda it: numbers(it, 2))
    if not answer.has_returned:
        return wire.Called(answer=answer), None
    if not isinstance(returned, torch.Tensor):
        return wire.Called(answer=as_answer(returned)), None
    dtype = str(returned.dtype).removeprefix("torch.")
    return wire.Called(answer=Answer(returned=None), dtype=dtype, shape=tuple(returned.shape)), returned


def _array(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """Return any tensor as int64 or float64."""
    dense = tensor.detach() if tensor.layout is torch.strided else tensor.detach().to_dense()
    return dense.cpu().to(torch.float64 if tensor.is_floating_point() else torch.int64).numpy()
