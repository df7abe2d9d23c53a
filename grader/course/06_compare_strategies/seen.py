"""What was seen of exercise 06, read from the evidence: the one view that checks and misconceptions share."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.authoring import NotReached, value_as
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.answer import Answer
from grader.wire.draws import SCALE

from . import wire
from .truth import labels, seeded_draws
from .wire import StrategyRun

CLOSE = 1e-6
"""Differences below this come from another order of sums, or from sums in single precision."""


class Summary(Record, frozen=True, kw_only=True):
    """One StrategySummary as the learner's function returned it: anything may stand in its fields."""

    strategy: Any
    trainable: Any
    mean: Any
    std: Any
    n: Any
    scores: Any
    worst_recall: Any


class Comparison(Record, frozen=True, kw_only=True):
    """One call of ``compare_strategies``."""

    about: str
    """What is compared, to begin a sentence with."""
    names: tuple[str, ...]
    seeds: tuple[int, ...]
    told: wire.Compared

    @property
    def answer(self) -> Answer:
        """What came of the call."""
        return self.told.answer

    @property
    def runs(self) -> tuple[StrategyRun, ...]:
        """Every call of ``fit``."""
        return self.told.runs

    @property
    def summaries(self) -> tuple[Summary, ...] | None:
        """What came back; None when it was something else than a list of summaries."""
        return value_as(self.answer, tuple[Summary, ...])

    @property
    def changed(self) -> list[str]:
        """Names of the arguments that were not what they had been after the call."""
        given = {"strategies": self.names, "seeds": self.seeds}
        return [argument for argument, value in given.items() if getattr(self.told, argument) != value]

    @property
    def title(self) -> str:
        """What was compared, to begin a sentence with."""
        seeds = f"the seed{'s' * (len(self.seeds) > 1)} {', '.join(map(str, self.seeds))}"
        return f"{self.about} {len(self.names)} strategies with {seeds}"

    def of(self, name: str) -> list[StrategyRun]:
        """Return the runs of a strategy, in the order in which they were made."""
        return [run for run in self.runs if run.build.strategy == name]

    def seeds_of(self, name: str) -> list[Any]:
        """Return the seeds that a strategy was fitted with."""
        return [run.seed for run in self.of(name)]

    def scores_of(self, name: str) -> list[float]:
        """Return what ``fit`` returned for a strategy, in the order of the seeds; each must have been used once."""
        found = {run.seed: run.score for run in self.of(name)}
        return [found[seed] for seed in self.seeds]

    @property
    def complete(self) -> bool:
        """Whether every strategy was fitted with every seed, once."""
        wanted = sorted(self.seeds)
        return all(is_permutation(self.seeds_of(name), wanted) for name in self.names)

    @property
    def fresh(self) -> bool:
        """Whether every run trained a model of its own."""
        return len({run.serial for run in self.runs}) == len(self.runs)

    @property
    def seeded(self) -> bool:
        """Whether every run was built and fitted from the beginning of its seed's random numbers."""
        return all(run.build.draws == run.draws == seeded_draws(run.seed) for run in self.runs)


class PairedCall(Record, frozen=True, kw_only=True):
    """One call of ``paired_gain``."""

    first: tuple[float, ...]
    second: tuple[float, ...]
    answer: Answer

    @property
    def gain(self) -> tuple[float, float] | None:
        """The two numbers that came back; None when something else did."""
        return value_as(self.answer, tuple[float, float])

    @property
    def differences(self) -> list[float]:
        """Second minus first, as far as both go."""
        return [after - before for before, after in zip(self.first, self.second, strict=False)]

    @property
    def possible(self) -> bool:
        """Whether every score has a partner."""
        return len(self.first) == len(self.second)

    @property
    def title(self) -> str:
        """What was handed over, as a phrase after "Of"."""
        first, second = (", ".join(f"{score:.3f}" for score in scores) for scores in (self.first, self.second))
        return f"the scores ({first}) and ({second})"


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
        return tuple(
            PairedCall(
                first=tuple(row["a"]["scores"]),
                second=tuple(row["b"]["scores"]),
                answer=self._told(wire.pair(row), Answer),
            )
            for row in self._plan["pairs"]
        )

    @functools.cached_property
    def real(self) -> Comparison:
        """The comparison of real strategies."""
        real = self._plan["real"]
        return self._comparison(wire.REAL, "On a real task, comparing", real["strategies"], real["seeds"])

    @property
    def task(self) -> dict[str, Any]:
        """The row of the real task."""
        return dict(self._plan["real"]["scenario"])

    @functools.cached_property
    def unseen(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Labels of the inputs whose classes were predicted, ``[N]``: a hidden test's, or the validation set's."""
        return labels(self.task["name"], self._plan["real"].get("predicted", "test"))

    @functools.cached_property
    def accuracies(self) -> list[float]:
        """For each real run the share of those inputs that its model is right for."""
        shape = len(self.real.runs), len(self.unseen)
        predictions = self._array(f"{wire.REAL}/{wire.PREDICTIONS}", shape, np.uint8)
        return [float(np.mean(predicted == self.unseen)) for predicted in predictions]

    def _toys(self, case: dict[str, Any]) -> Comparison:
        rows = {row["name"]: row for row in case["strategies"]}
        found = self._comparison(wire.comparison(case), "Comparing", list(rows), case["seeds"])
        if not all(_came_about(run, rows.get(run.build.strategy), case["luck"]) for run in found.runs):
            raise NotReached(case["id"])
        return found

    def _comparison(self, name: str, about: str, names: list[str], seeds: list[int]) -> Comparison:
        told = self._told(name, wire.Compared)
        return Comparison(about=about, names=tuple(names), seeds=tuple(seeds), told=told)


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


def is_permutation(seen: list[Any], wanted: list[int]) -> bool:
    """Whether these are the wanted seeds, each as often as it was wanted."""
    return all(type(seed) is int for seed in seen) and sorted(seen) == wanted


def _came_about(run: StrategyRun, row: dict[str, Any] | None, luck: float) -> bool:
    """Whether a toy's run is one that the probe would write: its score is made of the numbers that were drawn."""
    if row is None or not run.build.draws or not run.draws:
        return False
    score = row["quality"] + row["share"] * run.build.draws[0] / SCALE + luck * run.draws[0] / SCALE
    trainable, scalars = _scalars(row["live"]), _scalars(row["live"] + row["still"])
    return math.isclose(run.score, score) and (run.build.trainable, run.build.scalars) == (trainable, scalars)


def _scalars(shapes: list[list[int]]) -> int:
    return sum(math.prod(shape) for shape in shapes)
