"""What was seen of exercise 07, read from the evidence: the one view that checks and misconceptions share."""

from __future__ import annotations

import contextlib
import functools
import math
from typing import Any

import msgspec
import numpy as np

from grader.authoring import NotReached, Waits, expect_returned, fail, read_answer, returned_as, shorten
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import door
from .truth import Array, Cell

CLOSE = 1e-6
"""Differences below this come from another order of sums; one example more or less makes a thousand times as much."""
NORMALISE = "row_normalise"
SIGNATURES = {
    "confusion_matrix": ("y_true", "y_pred"),
    NORMALISE: ("cm",),
    "balanced_accuracy": ("cm",),
    "most_confused": ("cm",),
    "confusion_delta": ("before", "after"),
    "headline_and_pattern": ("before", "after"),
}
"""Names of each function's tensors."""


class _Told(Record, frozen=True):
    dtype: str
    shape: tuple[int, ...]


class Call(Record, frozen=True, kw_only=True):
    """One call of one of the learner's functions."""

    function: str
    id: str
    title: str
    """What was given, as a phrase after "On"."""
    inputs: tuple[Array, ...]
    numbers: tuple[int, ...]
    answer: Answer
    dtype: str
    """Of a returned tensor, without "torch."; empty when none came back."""
    shape: tuple[int, ...]
    tensor: Array | None
    """The returned tensor as float64; None when none came back, or one too large or too odd to send."""
    changed: tuple[str, ...]
    """Names of the inputs that were not what they had been after the call."""

    @property
    def text(self) -> str:
        """The call as code."""
        return f"{self.function}({', '.join([*SIGNATURES[self.function], *map(str, self.numbers)])})"

    @property
    def matrix(self) -> Array:
        """The only or the last matrix that went in, ``[C, C]``."""
        return self.inputs[-1]

    def returned_matrix(self) -> Array:
        """Return the returned matrix, ``[C, C]``; fail the check when it is anything else."""
        self._expect_returned()
        if not self.dtype:
            fail(f"`{self.text}` returned {shorten(self.answer.returned)}; the contract asks for a tensor.")
        classes = self.numbers[0] if self.numbers else len(self.matrix)
        if self.shape != (classes, classes):
            shape = " x ".join(map(str, self.shape))
            fail(f"On {self.title}, you returned a tensor of shape {shape}. How many rows and columns are asked for?")
        if self.tensor is None:
            fail(f"`{self.text}` returned a tensor of {self.dtype}, which is no matrix of counts or shares.")
        return self.tensor

    def returned_number(self, kind: Any) -> Any:
        """Return a number or several; fail the check when something else came back, or no finite number."""
        self._expect_returned()
        if self.dtype:
            fail(f"`{self.text}` returned a tensor; look at the return type in the contract.")
        odd = self.answer.returned if isinstance(self.answer.returned, list) else [self.answer.returned]
        for value in odd:
            if value in ("nan", "inf", "-inf"):
                fail(f"On {self.title}, you returned {value}. What was divided by what?")
        return returned_as(self.answer, kind, self.text)

    def is_number(self, value: float) -> bool:
        """Whether this number was returned, up to the order in which sums were taken; NaN for NaN."""
        mine = self.answer.returned
        if not math.isfinite(value):
            return bool(mine == str(value))
        return isinstance(mine, int | float) and abs(mine - value) <= CLOSE

    def _expect_returned(self) -> None:
        unwritten = self.answer.missing or self.answer.raises("NotImplementedError")
        expect_returned(self.answer, self.text, "" if unwritten else f"On {self.title}: ")


class Seen:
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._rows: list[dict[str, Any]] = list(evidence.plan["calls"])
        self._calls: dict[tuple[str, str], Call] = {}

    def calls(self, function: str) -> list[Call]:
        """Return every call of a function."""
        return [self.call(function, row["id"]) for row in self._rows if row["function"] == function]

    def call(self, function: str, name: str) -> Call:
        """Return one call."""
        if (function, name) not in self._calls:
            row = next(row for row in self._rows if (row["function"], row["id"]) == (function, name))
            self._calls[function, name] = self._read(row)
        return self._calls[function, name]

    def own_normalised(self, matrix: Array) -> Array | None:
        """Return what the learner's own ``row_normalise`` made of a matrix ``[C, C]``; None when that is no use."""
        for call in self._normalised_calls:
            if np.array_equal(call.matrix, matrix):
                usable = call.tensor is not None and call.tensor.shape == matrix.shape
                return call.tensor if usable else None
        return None

    def expect_own_fault(self, call: Call) -> None:
        """Block a check when its function failed inside ``row_normalise``, which fails when it is asked itself."""
        raised = call.answer.raised
        if raised is None or raised.function != NORMALISE or raised.type == "NotImplementedError":
            return
        own = (other.answer.raised for other in self._normalised_calls)
        if any(other is not None and other.type == raised.type for other in own):
            raise Waits(f"Your `{NORMALISE}` raised {raised.sentence()}; put that right first, and look here again.")

    @functools.cached_property
    def _normalised_calls(self) -> list[Call]:
        found = []
        for row in self._rows:
            if row["function"] == NORMALISE:
                with contextlib.suppress(NotReached):
                    found.append(self.call(NORMALISE, row["id"]))
        return found

    def _read(self, row: dict[str, Any]) -> Call:
        name = door.call(row)
        fact = self._evidence.facts.get(name)
        if not isinstance(fact, dict):
            raise NotReached(name)
        inputs = tuple(np.array(given, np.int64) for given in row["inputs"])
        told = _told(fact.get("tensor"))
        tensor = self._evidence.arrays.get(f"{name}/tensor")
        if told is not None and tensor is not None and tensor.shape != told.shape:
            raise NotReached(name)
        after = [self._evidence.arrays.get(f"{name}/{door.given(index)}") for index in range(len(inputs))]
        names = SIGNATURES[row["function"]]
        return Call(
            function=row["function"],
            id=row["id"],
            title=row["title"],
            inputs=inputs,
            numbers=tuple(row["numbers"]),
            answer=read_answer(fact.get("answer")),
            dtype="" if told is None else told.dtype.removeprefix("torch.")[:20],
            shape=() if told is None else told.shape,
            tensor=None if told is None or tensor is None else tensor.astype(np.float64),
            changed=tuple(n for n, was, now in zip(names, inputs, after, strict=True) if not _same(was, now)),
        )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def returned_cells(call: Call) -> list[Cell] | None:
    """Return the listed cells; None when something else came back."""
    try:
        return msgspec.convert(call.answer.returned, list[Cell])
    except msgspec.ValidationError:
        return None


def returned_pair(call: Call) -> tuple[float, float] | None:
    """Return the two numbers; None when something else came back."""
    try:
        return msgspec.convert(call.answer.returned, tuple[float, float])
    except msgspec.ValidationError:
        return None


def _told(fact: Any) -> _Told | None:
    try:
        return msgspec.convert(fact, _Told)
    except msgspec.ValidationError:
        return None


def _same(was: Array, now: Array | None) -> bool:
    return now is not None and now.dtype == np.int64 and np.array_equal(was, now)
