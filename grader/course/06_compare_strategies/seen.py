"""What was seen of exercise 06, read from the evidence: the one view that checks and misconceptions share."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np

from grader.adaptation import rule
from grader.adaptation.rule import Outcomes
from grader.authoring import Unreadable, pretrained, value_as
from grader.authoring.anatomy import anatomy
from grader.authoring.view import View
from grader.records import Evidence, Record
from grader.wire.answer import Answer
from grader.wire.names import STRATEGIES

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
    correct: Any
    """As marks, seed by seed; of anything else the name of its type."""
    worst_recall: Any
    worst_recall_error: Any


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
        """Return a strategy's shares of right examples, in the order of the seeds; each must have been used once."""
        return [run.score for run in self._ordered(name)]

    def correct_of(self, name: str) -> list[str]:
        """Return what ``fit`` returned for a strategy, as marks, likewise."""
        return [run.correct for run in self._ordered(name)]

    def _ordered(self, name: str) -> list[StrategyRun]:
        found = {run.seed: run for run in self.of(name)}
        return [found[seed] for seed in self.seeds]

    @property
    def complete(self) -> bool:
        """Whether every strategy was fitted with every seed, once."""
        wanted = sorted(self.seeds)
        each_once = all(is_permutation(self.seeds_of(name), wanted) for name in self.names)
        return each_once and len(self.runs) == len(self.names) * len(self.seeds)

    @property
    def fresh(self) -> bool:
        """Whether every run trained a model of its own."""
        return len({run.serial for run in self.runs}) == len(self.runs)

    @property
    def seeded(self) -> bool:
        """Whether every run was built and fitted from the beginning of its seed's random numbers."""
        return all(
            run.seed in self.seeds and run.build.draws == run.draws == seeded_draws(run.seed) for run in self.runs
        )


class PairedCall(Record, frozen=True, kw_only=True):
    """One call of ``paired_gain``, whose outcomes are ``[seeds][examples]``."""

    first: Outcomes
    second: Outcomes
    answer: Answer

    @property
    def gain(self) -> tuple[float, float] | None:
        """The two numbers that came back; None when something else did."""
        return value_as(self.answer, tuple[float, float])

    @property
    def possible(self) -> bool:
        """Whether every outcome has a partner."""
        return _shape(self.first) == _shape(self.second)

    @property
    def estimate(self) -> rule.Estimate:
        """What should come back; every outcome needs a partner."""
        return rule.paired_gain(self.first, self.second)

    @property
    def title(self) -> str:
        """What was handed over, as a phrase after "Of"."""
        if not self.possible:
            return f"two strategies, one with {_sized(self.first)}, the other with {_sized(self.second)}"
        first, second = (", ".join(f"{fmean(row):.3f}" for row in rows) for rows in (self.first, self.second))
        return f"two strategies with {_sized(self.first)}, whose scores are ({first}) and ({second})"


def _shape(rows: Outcomes) -> tuple[int, int]:
    return len(rows), len(rows[0])


def _sized(rows: Outcomes) -> str:
    seeds, examples = _shape(rows)
    return f"{seeds} seed{'s' * (seeds > 1)} and {examples} example{'s' * (examples > 1)}"


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
                first=[wire.outcomes(text) for text in row["a"]["correct"]],
                second=[wire.outcomes(text) for text in row["b"]["correct"]],
                answer=self._told(wire.pair(row), Answer),
            )
            for row in sorted(self._plan["pairs"], key=lambda row: row["_place"])
        )

    @functools.cached_property
    def real(self) -> Comparison:
        """The comparison of real strategies; Unreadable for runs that the probe would not write."""
        real = self._plan["real"]
        found = self._comparison(wire.REAL, "On a real task, comparing", real["strategies"], real["seeds"])
        if not all(self._is_real(run) for run in found.runs):
            raise Unreadable(wire.REAL)
        return found

    def _is_real(self, run: StrategyRun) -> bool:
        """Whether a run is one that the probe would write: its model has the size that its strategy gives it."""
        size = self._sizes.get(run.build.strategy, run.build.trainable)
        return self._is_complete(run.correct) and run.build.trainable == size

    @functools.cached_property
    def _sizes(self) -> dict[str, int]:
        """How many scalars each strategy of the real task trains."""
        task = self.task
        body = anatomy(pretrained.spec(task["modality"], len(task["classes"])))
        depths = {"frozen": 0, "partial_unfreeze": task["depth"]}
        return {name: body.size_of(body.live_at(depths.get(name, len(body.blocks)))) for name in STRATEGIES}

    @property
    def task(self) -> dict[str, Any]:
        """The row of the real task."""
        return dict(self._plan["real"]["scenario"])

    @property
    def asks_unseen(self) -> bool:
        """Whether classes of unseen inputs were predicted; else those of the validation set were."""
        return bool(self._plan["real"].get("predicted", "test") == "test")

    @functools.cached_property
    def asked(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Labels of the inputs whose classes were predicted, ``[N]``: a hidden test's, or the validation set's."""
        return labels(self.task["name"], "test") if self.asks_unseen else self.validation

    @functools.cached_property
    def validation(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Labels of the real task's validation set, ``[N]``."""
        return labels(self.task["name"], "validation")

    @functools.cached_property
    def answered(self) -> list[list[bool]]:
        """For each real run which of those inputs its model is right about."""
        shape = len(self.real.runs), len(self.asked)
        predictions = self._array(f"{wire.REAL}/{wire.PREDICTIONS}", shape, np.uint8)
        return [(predicted == self.asked).tolist() for predicted in predictions]

    def _is_complete(self, marks: str) -> bool:
        return len(marks) == len(self.validation) and set(marks) <= {"0", "1"}

    def _toys(self, case: dict[str, Any]) -> Comparison:
        rows = {row["name"]: row for row in case["strategies"]}
        found = self._comparison(wire.comparison(case), "Comparing", list(rows), case["seeds"])
        if not all(_came_about(run, rows.get(run.build.strategy), case["luck"]) for run in found.runs):
            raise Unreadable(case["id"])
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
    """Whether a toy's run is one that the probe would write: its outcomes are made of the numbers that were drawn."""
    if row is None or not run.build.draws or not run.draws:
        return False
    correct = wire.marks(wire.right_about(row, luck, run.build.draws[0], run.draws[0]))
    trainable, scalars = _scalars(row["live"]), _scalars(row["live"] + row["still"])
    return run.correct == correct and (run.build.trainable, run.build.scalars) == (trainable, scalars)


def _scalars(shapes: list[list[int]]) -> int:
    return sum(math.prod(shape) for shape in shapes)
