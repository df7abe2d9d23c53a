"""What was seen of exercise 07, read from the evidence: the one view that checks and misconceptions share."""

from __future__ import annotations

import contextlib
import functools
import math
from typing import Any

import numpy as np

from grader.authoring import NotReached, Unreadable, Waits, expect_returned, fail, returned_as, shorten, value_as
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import wire
from .truth import Array, Cell
from .wire import NORMALISE

CLOSE = 1e-6
"""Differences below this come from another order of sums; one example more or less makes a thousand times as much."""
_BOTH = ("before", "after")
SIGNATURES = {
    wire.MATRIX: ("y_true", "y_pred"),
    NORMALISE: ("cm",),
    wire.BALANCED: ("cm",),
    wire.CONFUSED: ("cm",),
    wire.DELTA: _BOTH,
    wire.HEADLINE: _BOTH,
}
"""Names of each function's tensors."""
DTYPE_CAP = 20
"""Characters of a dtype in a sentence."""


class Call(Record, frozen=True, kw_only=True):
    """One call of one of the learner's functions."""

    function: str
    title: str
    """What was given, as a phrase after "On"."""
    inputs: tuple[Array, ...]
    numbers: tuple[int, ...]
    told: wire.Called
    tensor: Array | None
    """The returned tensor as float64; None when none came back, or one too large or too odd to send."""
    changed: tuple[str, ...]
    """Names of the inputs that were not what they had been after the call."""

    @property
    def answer(self) -> Answer:
        """What came of it."""
        return self.told.answer

    @property
    def dtype(self) -> str:
        """Of a returned tensor; empty when none came back."""
        return self.told.dtype[:DTYPE_CAP]

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
        if self.told.shape != (classes, classes):
            shape = " x ".join(map(str, self.told.shape))
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


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        rows = sorted(self._plan["calls"], key=lambda row: row["_place"])
        self._rows = {(row["function"], row["_name"]): row for row in rows}
        self._calls: dict[tuple[str, str], Call] = {}

    def calls(self, function: str) -> list[Call]:
        """Return every call of a function."""
        return [self.call(*key) for key in self._rows if key[0] == function]

    def call(self, function: str, name: str) -> Call:
        """Return one call."""
        if (function, name) not in self._calls:
            self._calls[function, name] = self._read(self._rows[function, name])
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
        for function, name in self._rows:
            if function == NORMALISE:
                with contextlib.suppress(NotReached):
                    found.append(self.call(function, name))
        return found

    def _read(self, row: dict[str, Any]) -> Call:
        name, told = wire.call(row), self._told(wire.call(row), wire.Called)
        arrays = self._evidence.arrays
        tensor = arrays.get(f"{name}/{wire.TENSOR}") if told.dtype else None
        if tensor is not None and tensor.shape != told.shape:
            raise Unreadable(name)
        inputs = tuple(np.array(given, np.int64) for given in row["inputs"])
        names = SIGNATURES[row["function"]]
        after = [arrays.get(f"{name}/{wire.given(index)}") for index in range(len(inputs))]
        return Call(
            function=row["function"],
            title=row["_title"],
            inputs=inputs,
            numbers=tuple(row["numbers"]),
            told=told,
            tensor=None if tensor is None else tensor.astype(np.float64),
            changed=tuple(n for n, was, now in zip(names, inputs, after, strict=True) if not _same(was, now)),
        )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def returned_cells(call: Call) -> list[Cell] | None:
    """Return the listed cells; None when something else came back."""
    return value_as(call.answer, list[Cell])


def returned_pair(call: Call) -> tuple[float, float] | None:
    """Return the two numbers; None when something else came back."""
    return value_as(call.answer, tuple[float, float])


def mismatched(call: Call) -> bool:
    """Whether the two matrices come from different validation sets."""
    before, after = call.inputs
    return not np.array_equal(before.sum(1), after.sum(1))


def same(mine: Array, theirs: Array) -> bool:
    """Whether two arrays agree in shape and numbers, up to the order in which sums were taken."""
    return mine.shape == theirs.shape and bool(np.allclose(mine, theirs, rtol=0, atol=CLOSE, equal_nan=True))


def _same(was: Array, now: Array | None) -> bool:
    return now is not None and now.dtype == np.int64 and np.array_equal(was, now)
