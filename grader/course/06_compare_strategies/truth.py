"""What the functions of exercise 06 should return, and what the course's random numbers and data say."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np

from grader import fixtures
from grader.adaptation import rule
from grader.records import Record
from grader.wire.draws import DRAWS, SCALE

SEEDS = 1 << 32
"""Seeds below this are their own."""


@functools.cache
def first_draws(seed: int) -> tuple[int, ...]:
    """Return what ``torch.randint(SCALE, (DRAWS,))`` gives after ``torch.manual_seed(seed)``.

    torch's generator on a processor is the Mersenne Twister, seeded as numpy's older generator seeds it.
    """
    words = np.random.RandomState(seed).randint(1 << 32, size=DRAWS, dtype=np.uint32)
    return tuple((words % SCALE).tolist())


def seeded_draws(seed: Any) -> tuple[int, ...]:
    """Return what comes next after a seed; nothing for one that torch would not take."""
    return first_draws(seed) if type(seed) is int and 0 <= seed < SEEDS else ()


class Rated(Record, frozen=True, kw_only=True):
    """What the runs of one strategy came to, as far as the rule of exercise 08 looks at it."""

    strategy: str
    trainable: int
    correct: rule.Outcomes
    """``[seeds][examples]``"""
    worst_recall: float = 1.0
    worst_recall_error: float = 0.0

    @property
    def mean(self) -> float:
        """Of the scores."""
        return fmean(map(fmean, self.correct))


def choice(rows: Sequence[Rated]) -> str:
    """Return the strategy that the rule chooses, on a task that has no gate."""
    return rule.pick(rows, _gain).strategy


def _gain(first: Rated, second: Rated) -> tuple[float, float]:
    gain = rule.paired_gain(first.correct, second.correct)
    return gain.mean, gain.error


def known_answer(scenario: str) -> str:
    """Return the strategy that the course's rule chooses on a scenario, as measured over many seeds."""
    rows = tomllib.loads(fixtures.verified("answers").file.read_text("utf-8"))["answer"]
    return str(next(row["strategy"] for row in rows if row["scenario"] == scenario))


def labels(scenario: str, part: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the labels of a scenario's hidden ``test``, which no sandbox ever sees, or of its ``validation``; ``[N]``.

    Raise FixtureFault for a hidden test whose labels are not here.
    """
    name = f"scenario-{scenario}-held-out" if part == "test" else f"scenario-{scenario}"
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = fixtures.arrays(name)[f"{part}_labels"]
    return found


def farthest_apart(accuracy: float, first: int, second: int) -> float:
    """Return how far two accuracies of one model may lie apart on two sets of so many examples.

    Four standard deviations of the difference of two shares; a share near 0 or 1 is taken as one example off it.
    """
    share = min(max(accuracy, 1 / first), 1 - 1 / first)
    return 4 * math.sqrt(share * (1 - share) * (1 / first + 1 / second))
