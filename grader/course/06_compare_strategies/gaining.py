"""``paired_gain`` in steps, and the mistakes that take other ones."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from grader.adaptation import rule
from grader.adaptation.rule import Outcomes
from grader.authoring.slips import slip, throw

Means = Sequence[float]
Spread = Callable[[Means], float]
Error = Callable[..., float]


class Gaining:
    """The gain, and its standard error."""

    def gain(self, first: Outcomes, second: Outcomes) -> Any:
        """Return both numbers."""
        if self.differs(first, second):
            return self.refused(first, second)
        table = self.table(first, second)
        return self.both(self.average(table), self.error(table, first, second))

    def differs(self, first: Outcomes, second: Outcomes) -> bool:
        """When outcomes have no partners."""
        return len(first) != len(second) or len(first[0]) != len(second[0])

    def refused(self, first: Outcomes, second: Outcomes) -> Any:  # noqa: ARG002  a slip may go on
        """What happens then: ValueError."""
        raise ValueError

    def table(self, first: Outcomes, second: Outcomes) -> list[list[float]]:
        """What is taken from what, ``[seeds][examples]``."""
        return [[float(b) - float(a) for a, b in zip(*rows, strict=False)] for rows in zip(first, second, strict=False)]

    def average(self, table: Sequence[Means]) -> float:
        """Which mean is the gain."""
        return statistics.fmean(chain.from_iterable(table))

    def error(self, table: Sequence[Means], first: Outcomes, second: Outcomes) -> float:  # noqa: ARG002
        """How both sources become one error."""
        return self.joined(self.over(seeds(table)), self.over(examples(table)))

    def over(self, means: Means) -> float:
        """What error some means have."""
        return self.spread(means) / math.sqrt(len(means))

    def spread(self, means: Means) -> float:
        """How they scatter."""
        return rule.std(means)

    def joined(self, over_seeds: float, over_examples: float) -> float:
        """How two errors become one."""
        return math.hypot(over_seeds, over_examples)

    def both(self, gain: float, error: float) -> Any:
        """What comes back."""
        return gain, error


def seeds(table: Sequence[Means]) -> list[float]:
    """Return the mean of every seed."""
    return list(map(statistics.fmean, table))


def examples(table: Sequence[Means]) -> list[float]:
    """Return the mean of every example."""
    return [statistics.fmean(column) for column in zip(*table, strict=True)]


def _of(combine: Callable[[Means, Means], float]) -> Error:
    """Return the error that is made of the means of the seeds and of the examples."""
    return lambda _, table, *__: combine(seeds(table), examples(table))


def _flat(combine: Callable[[Means], float]) -> Error:
    return lambda _, table, *__: combine(list(chain.from_iterable(table)))


def _apart(combine: Callable[[rule.Estimate, rule.Estimate], float]) -> Error:
    """Return the error that is made of each strategy by itself."""
    return lambda _, __, first, second: combine(rule.estimate(first), rule.estimate(second))


def _population(means: Means) -> float:
    return statistics.pstdev(means)


def _cut(first: Outcomes, second: Outcomes) -> tuple[Outcomes, Outcomes]:
    """Leave out what has no partner."""
    rows, columns = min(len(first), len(second)), min(len(first[0]), len(second[0]))
    return tuple([row[:columns] for row in each[:rows]] for each in (first, second))  # type: ignore[return-value]


def _of_means(self: Gaining, first: Outcomes, second: Outcomes) -> Any:
    """Compare the means of all, whatever their number."""
    a, b = rule.estimate(first), rule.estimate(second)
    return self.both(b.mean - a.mean, math.hypot(a.error, b.error))


_ERRORS: tuple[tuple[str, str, Error], ...] = (
    ("gain-seeds-only", "the error comes from the seeds alone", _of(lambda s, _: rule.standard_error(s))),
    ("gain-examples-only", "the error comes from the examples alone", _of(lambda _, e: rule.standard_error(e))),
    ("gain-all-independent", "every seed and example counts by itself", _flat(rule.standard_error)),
    ("gain-errors-added", "both errors are added", _of(lambda s, e: rule.standard_error(s) + rule.standard_error(e))),
    (
        "gain-errors-otherwise",
        "the mean of both errors is taken",
        _of(lambda s, e: (rule.standard_error(s) + rule.standard_error(e)) / 2),
    ),
    (
        "gain-errors-otherwise",
        "the larger of both errors is taken",
        _of(lambda s, e: max(rule.standard_error(s), rule.standard_error(e))),
    ),
    (
        "gain-errors-otherwise",
        "the squares are added and no root is taken",
        _of(lambda s, e: rule.standard_error(s) ** 2 + rule.standard_error(e) ** 2),
    ),
    (
        "gain-errors-otherwise",
        "the root of the sum of both errors is taken",
        _of(lambda s, e: math.sqrt(rule.standard_error(s) + rule.standard_error(e))),
    ),
    (
        "gain-errors-otherwise",
        "one error is taken from the other",
        _of(lambda s, e: abs(rule.standard_error(s) - rule.standard_error(e))),
    ),
    (
        "gain-errors-otherwise",
        "the errors are multiplied",
        _of(lambda s, e: rule.standard_error(s) * rule.standard_error(e)),
    ),
    (
        "gain-wrong-count",
        "each spread is divided by the root of the other's number",
        _of(lambda s, e: math.hypot(rule.std(s) / math.sqrt(len(e)), rule.std(e) / math.sqrt(len(s)))),
    ),
    (
        "gain-wrong-count",
        "both spreads are divided by the root of the seeds",
        _of(lambda s, e: math.hypot(rule.std(s), rule.std(e)) / math.sqrt(len(s))),
    ),
    (
        "gain-wrong-count",
        "both spreads are divided by the root of the examples",
        _of(lambda s, e: math.hypot(rule.std(s), rule.std(e)) / math.sqrt(len(e))),
    ),
    (
        "gain-wrong-count",
        "both spreads are divided by the root of all outcomes",
        _of(lambda s, e: math.hypot(rule.std(s), rule.std(e)) / math.sqrt(len(s) * len(e))),
    ),
    (
        "gain-wrong-count",
        "the seeds' spread is divided by the root of the examples",
        _of(lambda s, e: rule.std(s) / math.sqrt(len(e))),
    ),
    (
        "gain-wrong-count",
        "the examples' spread is divided by the root of the seeds",
        _of(lambda s, e: rule.std(e) / math.sqrt(len(s))),
    ),
    (
        "gain-wrong-count",
        "spreads are divided by numbers, not by their roots",
        _of(lambda s, e: math.hypot(rule.std(s) / len(s), rule.std(e) / len(e))),
    ),
    (
        "gain-wrong-count",
        "one less stands below the root",
        _of(lambda s, e: math.hypot(*(rule.std(v) / math.sqrt(max(len(v) - 1, 1)) for v in (s, e)))),
    ),
    (
        "gain-std-not-standard-error",
        "deviations stand for errors",
        _of(lambda s, e: math.hypot(rule.std(s), rule.std(e))),
    ),
    (
        "gain-std-not-standard-error",
        "deviations with n stand for errors",
        _of(lambda s, e: math.hypot(_population(s), _population(e))),
    ),
    ("gain-std-not-standard-error", "deviations are added", _of(lambda s, e: rule.std(s) + rule.std(e))),
    ("gain-std-not-standard-error", "the deviation of the seeds is the error", _of(lambda s, _: rule.std(s))),
    ("gain-std-not-standard-error", "the deviation with n of the seeds is the error", _of(lambda s, _: _population(s))),
    ("gain-std-not-standard-error", "the deviation of the examples is the error", _of(lambda _, e: rule.std(e))),
    (
        "gain-std-not-standard-error",
        "the deviation with n of the examples is the error",
        _of(lambda _, e: _population(e)),
    ),
    ("gain-std-not-standard-error", "the deviation of all differences is the error", _flat(rule.std)),
    ("gain-std-not-standard-error", "the deviation with n of all differences is the error", _flat(_population)),
    ("gain-ignores-pairing", "the errors of both are joined", _apart(lambda a, b: math.hypot(a.error, b.error))),
    (
        "gain-ignores-pairing",
        "the seeds' errors of both are joined",
        _apart(lambda a, b: math.hypot(a.over_seeds, b.over_seeds)),
    ),
    (
        "gain-ignores-pairing",
        "the examples' errors of both are joined",
        _apart(lambda a, b: math.hypot(a.over_examples, b.over_examples)),
    ),
    ("gain-ignores-pairing", "the errors of both are added", _apart(lambda a, b: a.error + b.error)),
    ("gain-ignores-pairing", "the seeds' errors of both are added", _apart(lambda a, b: a.over_seeds + b.over_seeds)),
    ("gain-ignores-pairing", "the difference of both errors is taken", _apart(lambda a, b: abs(b.error - a.error))),
    ("gain-ignores-pairing", "the difference of both errors is taken", _apart(lambda a, b: b.error - a.error)),
    ("gain-ignores-pairing", "the error of the first is taken", _apart(lambda a, _: a.error)),
    ("gain-ignores-pairing", "the error of the second is taken", _apart(lambda _, b: b.error)),
    ("gain-ignores-pairing", "the seeds' error of the first is taken", _apart(lambda a, _: a.over_seeds)),
    ("gain-ignores-pairing", "the seeds' error of the second is taken", _apart(lambda _, b: b.over_seeds)),
    ("gain-no-error", "the error is 0", lambda *_: 0.0),
)
"""What is taken for the standard error."""
SLIPS = (
    slip("gain-sign-reversed", "the second is taken from the first", table=lambda _, a, b: Gaining().table(b, a)),
    *(slip(page, says, error=error) for page, says, error in _ERRORS),
    slip(
        "gain-population-deviation",
        "deviations are taken with n, not with n - 1",
        spread=lambda _, means: _population(means),
    ),
    slip("gain-single-value", "a single mean has no deviation", spread=lambda _, means: statistics.stdev(means)),
    slip(
        "gain-single-value",
        "a single mean gives NaN",
        spread=lambda _, means: rule.std(means) if len(means) > 1 else math.nan,
    ),
    slip(
        "gain-single-value",
        "one seed gives no error at all",
        error=lambda s, table, a, b: Gaining.error(s, table, a, b) if len(table) > 1 else 0.0,
    ),
    slip(
        "gain-unequal-lengths", "outcomes without a partner are left out", refused=lambda s, a, b: s.gain(*_cut(a, b))
    ),
    slip(
        "gain-unequal-lengths",
        "seeds without a partner are left out",
        differs=lambda _, a, b: len(a[0]) != len(b[0]),
        table=lambda _, a, b: Gaining().table(*_cut(a, b)),
    ),
    slip(
        "gain-unequal-lengths",
        "examples without a partner are left out",
        differs=lambda _, a, b: len(a) != len(b),
        table=lambda _, a, b: Gaining().table(*_cut(a, b)),
    ),
    slip("gain-unequal-lengths", "the means are compared, whoever has partners", refused=_of_means),
    *(
        slip("gain-refuses-otherwise", "another exception is raised", refused=lambda *_, kind=kind: throw(kind()))
        for kind in (IndexError, AssertionError, TypeError, RuntimeError, KeyError)
    ),
    slip("gain-refuses-otherwise", "nothing comes back for outcomes without partners", refused=lambda *_: None),
    slip("gain-other-number", "the gain is rounded", average=lambda s, table: round(Gaining.average(s, table), 2)),
    slip("gain-other-number", "the size of the gain is told", average=lambda s, table: abs(Gaining.average(s, table))),
    slip("gain-other-number", "the gain is percent", average=lambda s, table: 100 * Gaining.average(s, table)),
    slip(
        "gain-other-number",
        "the sum of all differences is the gain",
        average=lambda _, table: sum(chain.from_iterable(table)),
    ),
    slip(
        "gain-other-number",
        "the middle difference of the seeds is the gain",
        average=lambda _, table: statistics.median(seeds(table)),
    ),
    slip("gain-other-number", "the last seed gives the gain", average=lambda _, table: seeds(table)[-1]),
    slip("gain-other-number", "the first seed gives the gain", average=lambda _, table: seeds(table)[0]),
    slip("gain-other-number", "the error comes first", both=lambda _, gain, error: (error, gain)),
    slip("gain-other-number", "two errors are told", both=lambda _, gain, error: (gain, 2 * error)),
    slip("gain-other-number", "1.96 errors are told", both=lambda _, gain, error: (gain, 1.96 * error)),
)
VARIATIONS: tuple[Mapping[str, Callable[..., Any]], ...] = (
    {"refused": lambda s, a, b: s.gain(*_cut(a, b))},
    {"spread": lambda _, means: statistics.stdev(means)},
)
"""What goes with any slip: nothing is refused, and a single value has no deviation."""
