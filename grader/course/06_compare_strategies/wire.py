"""The facts of exercise 06: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grader.wire.answer import Answer, Told
from grader.wire.draws import SCALE

COMPARE, GAIN = "compare_strategies", "paired_gain"
REAL = "real"
"""Name of what came of comparing real strategies."""
PREDICTIONS = "predictions"
"""Name, behind that, of the classes that the trained models predict."""
RUNS_CAP = 200
"""Builds or fits in one comparison; every right one is far below."""
Row = Mapping[str, Any]
"""Of the plan."""


class Build(Told, frozen=True, kw_only=True):
    """One call of ``build``."""

    strategy: str
    draws: tuple[int, ...]
    """The random numbers that came next."""
    trainable: int
    scalars: int
    """All numbers in the model's parameters, frozen ones too."""


class StrategyRun(Told, frozen=True, kw_only=True):
    """One call of ``fit``."""

    build: Build
    """What had made the model."""
    serial: int
    """Which call of ``build`` that was."""
    trained: int
    """How often the model had been trained before."""
    seed: Any
    """As the learner's function gave it; None for what JSON cannot say."""
    draws: tuple[int, ...]
    correct: str
    """What ``fit`` returned, as marks."""

    @property
    def score(self) -> float:
        """Share of the examples that the model is right about; there have to be some."""
        return self.correct.count("1") / len(self.correct)


class Compared(Told, frozen=True, kw_only=True):
    """One call of ``compare_strategies``; beside the real one the predicted classes, run by run."""

    answer: Answer
    runs: tuple[StrategyRun, ...]
    strategies: tuple[Any, ...]
    """What was handed over, as it was after the call."""
    seeds: tuple[Any, ...]


def marks(correct: Iterable[bool]) -> str:
    """Return outcomes as a text, with a 1 for each example that a model is right about and a 0 for each other."""
    return "".join("01"[right] for right in correct)


def outcomes(text: str) -> list[bool]:
    """Return the outcomes that a text of marks tells."""
    return [mark == "1" for mark in text]


def right_about(row: Row, luck: float, built: int, fitted: int) -> list[bool]:
    """Return which examples a toy is right about: those that are no harder than it is good.

    How good that is depends on the strategy, and on the first random numbers of building and of fitting.
    """
    level = row["quality"] + row["share"] * built / SCALE + luck * fitted / SCALE
    return [difficulty < level for difficulty in row["difficulties"]]


def comparison(case: Row) -> str:
    """Return the name of what came of comparing toys."""
    return f"comparison/{case['id']}"


def pair(row: Row) -> str:
    """Return the name of the answer for a pair of summaries."""
    return f"pair/{row['id']}"
