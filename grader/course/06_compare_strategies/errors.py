"""What may be taken for the standard error of a gain: the right way and the known wrong ones.

Each takes the outcomes of two strategies, ``[seeds][examples]`` and of equal shape, and returns a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from statistics import fmean, pstdev

from grader.adaptation import rule
from grader.adaptation.rule import Outcomes
from grader.records import Record

Error = Callable[[Outcomes, Outcomes], float]


class Differences(Record, frozen=True, kw_only=True):
    """Second minus first, and what becomes of it."""

    by_seed: list[list[int]]

    @property
    def seeds(self) -> list[float]:
        """Mean of every seed."""
        return list(map(fmean, self.by_seed))

    @property
    def examples(self) -> list[float]:
        """Mean of every example."""
        return [fmean(column) for column in zip(*self.by_seed, strict=True)]

    @property
    def all(self) -> list[int]:
        """Each by itself."""
        return list(chain.from_iterable(self.by_seed))


def differences(first: Outcomes, second: Outcomes) -> Differences:
    """Return second minus first."""
    rows = zip(first, second, strict=True)
    return Differences(by_seed=[[b - a for a, b in zip(*row, strict=True)] for row in rows])


def right(first: Outcomes, second: Outcomes) -> float:
    """Return what the contract asks for."""
    return rule.paired_gain(first, second).error


def seeds_only(first: Outcomes, second: Outcomes) -> float:
    """Return the error that comes from the seeds."""
    return rule.paired_gain(first, second).over_seeds


def examples_only(first: Outcomes, second: Outcomes) -> float:
    """Return the error that comes from the examples."""
    return rule.paired_gain(first, second).over_examples


def added(first: Outcomes, second: Outcomes) -> float:
    """Return the sum of both errors."""
    found = rule.paired_gain(first, second)
    return found.over_seeds + found.over_examples


def all_independent(first: Outcomes, second: Outcomes) -> float:
    """Return the error of a mean of so many independent differences as there are seeds times examples."""
    return rule.standard_error(differences(first, second).all)


def _of_spreads(combine: Callable[[Sequence[float], Sequence[float]], float]) -> Error:
    """Return a way that looks at the means of the seeds and at those of the examples."""

    def error(first: Outcomes, second: Outcomes) -> float:
        found = differences(first, second)
        return combine(found.seeds, found.examples)

    return error


DEVIATIONS: tuple[Error, ...] = (
    _of_spreads(lambda seeds, examples: math.hypot(rule.std(seeds), rule.std(examples))),
    _of_spreads(lambda seeds, examples: math.hypot(pstdev(seeds), pstdev(examples))),
    _of_spreads(lambda seeds, examples: rule.std(seeds) + rule.std(examples)),
    _of_spreads(lambda seeds, _: rule.std(seeds)),
    _of_spreads(lambda seeds, _: pstdev(seeds)),
    _of_spreads(lambda _, examples: rule.std(examples)),
    _of_spreads(lambda _, examples: pstdev(examples)),
    lambda first, second: rule.std(differences(first, second).all),
    lambda first, second: pstdev(differences(first, second).all),
)
"""Standard deviations that nothing was divided after."""
WRONG_COUNTS: tuple[Error, ...] = (
    _of_spreads(lambda s, e: math.hypot(rule.std(s) / math.sqrt(len(e)), rule.std(e) / math.sqrt(len(s)))),
    _of_spreads(lambda s, e: math.hypot(rule.std(s), rule.std(e)) / math.sqrt(len(s))),
    _of_spreads(lambda s, e: math.hypot(rule.std(s), rule.std(e)) / math.sqrt(len(e))),
    _of_spreads(lambda s, e: rule.std(s) / math.sqrt(len(e))),
    _of_spreads(lambda s, e: rule.std(e) / math.sqrt(len(s))),
)
"""Both spreads are there, or one of them, and divided by the root of another number than their own."""


def _apart(combine: Callable[[rule.Estimate, rule.Estimate], float]) -> Error:
    """Return a way that looks at each strategy by itself."""
    return lambda first, second: combine(rule.estimate(first), rule.estimate(second))


UNPAIRED: tuple[Error, ...] = (
    _apart(lambda a, b: math.hypot(a.error, b.error)),
    _apart(lambda a, b: math.hypot(a.over_seeds, b.over_seeds)),
    _apart(lambda a, b: math.hypot(a.over_examples, b.over_examples)),
    _apart(lambda a, b: a.error + b.error),
    _apart(lambda a, b: a.over_seeds + b.over_seeds),
    _apart(lambda a, b: abs(b.error - a.error)),
    _apart(lambda a, b: b.error - a.error),
    _apart(lambda a, _: a.error),
    _apart(lambda _, b: b.error),
    _apart(lambda a, _: a.over_seeds),
    _apart(lambda _, b: b.over_seeds),
)
"""What may be made of two separate spreads."""
