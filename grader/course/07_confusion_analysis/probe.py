"""Goes into the sandbox: asks the learner's functions about small tensors and keeps what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from grader.inside.observe import Submitted, as_answer, numbers
from grader.inside.wire import Fact
from grader.wire.answer import Answer
from grader.wire.job import Job

LARGEST = 1 << 16
"""Numbers of a tensor that are worth sending back; every right answer is far below."""


def prepare(job: Job) -> list[dict[str, Any]]:
    """Return the calls."""
    return list(job.plan["calls"])


def confusion_matrix(learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    """Ask for the matrix of every set of labels."""
    yield from _ask_all("confusion_matrix", learner, calls)


def row_normalise(learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    """Ask for the normalised form of every matrix that another function gets, too."""
    yield from _ask_all("row_normalise", learner, calls)


def balanced_accuracy(learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    """Ask for the balanced accuracy of every matrix."""
    yield from _ask_all("balanced_accuracy", learner, calls)


def most_confused(learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    """Ask for the most confused pairs."""
    yield from _ask_all("most_confused", learner, calls)


def confusion_delta(learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    """Ask for the change between two matrices."""
    yield from _ask_all("confusion_delta", learner, calls)


def headline_and_pattern(learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    """Ask for the change of the headline and of the pattern."""
    yield from _ask_all("headline_and_pattern", learner, calls)


def _ask_all(function: str, learner: Submitted, calls: list[dict[str, Any]]) -> Iterator[Fact]:
    for call in calls:
        if call["function"] != function:
            continue
        given = [torch.tensor(values, dtype=torch.int64) for values in call["inputs"]]
        answer, tensor = _ask(learner, function, *given, *call["numbers"])
        arrays = {f"in{index}": _array(each) for index, each in enumerate(given)}
        if tensor is not None and tensor.numel() <= LARGEST and not tensor.is_complex():
            arrays["tensor"] = _array(tensor)
        told = None if tensor is None else {"dtype": str(tensor.dtype), "shape": list(tensor.shape)}
        yield Fact(f"{function}/{call['id']}", {"answer": answer, "tensor": told}, arrays)


def _ask(learner: Submitted, function: str, *args: Any) -> tuple[Answer, torch.Tensor | None]:
    """Ask for a value; a tensor with dimensions is kept as it is."""
    answer, returned = learner.call(function, *args, read=lambda it: numbers(it, 2))
    if not answer.has_returned:
        return answer, None
    if isinstance(returned, torch.Tensor):
        return Answer(returned=None), returned
    return as_answer(returned), None


def _array(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """Return any tensor as int64 or float64."""
    dense = tensor.detach() if tensor.layout is torch.strided else tensor.detach().to_dense()
    return dense.cpu().to(torch.float64 if tensor.is_floating_point() else torch.int64).numpy()
