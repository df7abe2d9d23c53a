"""What was seen of exercise 06, read from the evidence: the one view that checks and misconceptions share."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from grader.authoring import NotReached, read_answer
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.draws import SCALE

from . import door
from .records import Build, Comparison, PairedCall, StrategyRun, Summary

COMPARE = "compare_strategies"
GAIN = "paired_gain"
COMPARE_CALL = f"{COMPARE}(build, fit, strategies, seeds)"
GAIN_CALL = f"{GAIN}(a, b)"
CLOSE = 1e-6
"""Differences below this come from another order of sums, or from sums in single precision."""


class _Fit(Record, frozen=True):
    serial: int
    trained: int
    seed: Any
    draws: tuple[int, ...]
    score: float


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    @functools.cached_property
    def toys(self) -> tuple[Comparison, ...]:
        """The comparisons of toys."""
        return tuple(self._toys(case) for case in self._plan["comparisons"])

    @property
    def repeated(self) -> list[Comparison]:
        """The comparisons of toys with several seeds."""
        return [each for each in self.toys if len(each.seeds) > 1]

    @property
    def single(self) -> list[Comparison]:
        """The comparisons of toys with one seed."""
        return [each for each in self.toys if len(each.seeds) == 1]

    @functools.cached_property
    def pairs(self) -> tuple[PairedCall, ...]:
        """The calls of ``paired_gain``."""
        return tuple(_pair(row, self._fact(door.pair(row))) for row in self._plan["pairs"])

    @functools.cached_property
    def real(self) -> Comparison:
        """The comparison of real strategies."""
        real = self._plan["real"]
        return self._comparison(door.REAL, "On a real task, comparing", real["strategies"], real["seeds"])

    @property
    def task(self) -> dict[str, Any]:
        """The row of the real task."""
        return dict(self._plan["real"]["scenario"])

    @property
    def predicted(self) -> str:
        """The set whose classes were predicted: ``test`` or ``validation``."""
        return str(self._plan["real"].get("predicted", "test"))

    @functools.cached_property
    def predictions(self) -> np.ndarray[Any, Any]:
        """Predicted classes for unseen inputs, uint8 ``[runs, N]``, in the order of the real runs."""
        predicted = self._evidence.arrays.get(f"{door.REAL}/predictions")
        if predicted is None or predicted.ndim != 2 or len(predicted) != len(self.real.runs):  # noqa: PLR2004  rows
            raise NotReached("predictions")
        return predicted

    def _toys(self, case: dict[str, Any]) -> Comparison:
        rows = {row["name"]: row for row in case["strategies"]}
        found = self._comparison(door.comparison(case), "Comparing", list(rows), case["seeds"])
        if not all(_came_about(run, rows.get(run.build.strategy), case["luck"]) for run in found.runs):
            raise NotReached(case["id"])
        return found

    def _comparison(self, name: str, about: str, names: list[str], seeds: list[int]) -> Comparison:
        fact = self._fact(name)
        try:
            builds = msgspec.convert(fact["builds"], list[Build])
            fits = msgspec.convert(fact["fits"], list[_Fit])
            runs = [StrategyRun(build=builds[fit.serial], **msgspec.structs.asdict(fit)) for fit in fits]
            answer = read_answer(fact["answer"])
            given = {"strategies": names, "seeds": seeds}
            return Comparison(
                about=about,
                names=tuple(names),
                seeds=tuple(seeds),
                answer=answer,
                summaries=_summaries(answer.returned),
                runs=tuple(runs),
                changed=tuple(argument for argument, value in given.items() if fact[argument] != value),
            )
        except (msgspec.ValidationError, TypeError, KeyError, IndexError) as error:
            raise NotReached(name) from error


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def is_number(value: Any) -> bool:
    """Whether something that a learner's function returned is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same_number(value: Any, right: float) -> bool:
    """Whether something is this number, up to rounding."""
    return is_number(value) and abs(value - right) <= CLOSE


def same_numbers(values: Any, right: Sequence[float]) -> bool:
    """Whether something is a list of these numbers in this order, up to rounding."""
    return isinstance(values, list) and len(values) == len(right) and all(map(same_number, values, right))


def _summaries(returned: Any) -> tuple[Summary, ...] | None:
    try:
        return msgspec.convert(returned, tuple[Summary, ...])
    except msgspec.ValidationError:
        return None


def _came_about(run: StrategyRun, row: dict[str, Any] | None, luck: float) -> bool:
    """Whether a toy's run is one that the probe would write: its score is made of the numbers that were drawn."""
    if row is None or not run.build.draws or not run.draws:
        return False
    score = row["quality"] + row["share"] * run.build.draws[0] / SCALE + luck * run.draws[0] / SCALE
    trainable, scalars = _scalars(row["live"]), _scalars(row["live"] + row["still"])
    return math.isclose(run.score, score) and (run.build.trainable, run.build.scalars) == (trainable, scalars)


def _scalars(shapes: list[list[int]]) -> int:
    return sum(math.prod(shape) for shape in shapes)


def _pair(row: dict[str, Any], fact: Any) -> PairedCall:
    answer = read_answer(fact)
    try:
        gain = msgspec.convert(answer.returned, tuple[float, float])
    except msgspec.ValidationError:
        gain = None
    return PairedCall(
        id=row["id"], first=tuple(row["a"]["scores"]), second=tuple(row["b"]["scores"]), answer=answer, gain=gain
    )
