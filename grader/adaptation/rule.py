"""The course's decision rule: which adaptation strategy to choose, and what one gains over another.

A score is uncertain for two reasons: another seed would train another model, and another validation set of the same
size would hold other examples. Both count, and as they are independent, their squares add up::

    error² = variance over seeds / seeds + variance over examples / examples

where a seed's value is the mean over its examples, and an example's the mean over its seeds. A gain is taken seed by
seed and example by example before anything is averaged, so that what is easy or hard for both strategies drops out.
``docs/decisions/0009-all-the-noise.md`` has this beside a two-way bootstrap, ``benchmarks/rule.py`` says how often the
rule errs.

Learners get this with the lab; the hidden checks compute what is right with it too, on the trusted side.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeVar

from grader.records import Record

ROUNDING = 1e-12
"""Differences up to this are none: of a gain from its error, of a recall from the gate, of two means."""
Outcomes = Sequence[Sequence[bool]]
"""Whether the run with a seed was right about a validation example, ``[seeds][examples]``; examples in one order."""
Verdict = Literal["passes", "undecided", "fails"]
"""Of the gate: its interval of one standard error lies above the gate, holds it, or lies below."""


class Estimate(Record, frozen=True, kw_only=True):
    """A mean over seeds and examples, and how uncertain it is."""

    mean: float
    over_seeds: float
    """Standard error that comes from the seeds; 0.0 for one."""
    over_examples: float
    """Standard error that comes from the examples; 0.0 for one."""

    @property
    def error(self) -> float:
        """Standard error of the mean, of both sources together."""
        return math.hypot(self.over_seeds, self.over_examples)


class Row(Protocol):
    """One strategy, as far as the choice looks at it."""

    @property
    def trainable(self) -> int:
        """Number of scalars that learn."""

    @property
    def mean(self) -> float:
        """Of the scores."""

    @property
    def worst_recall(self) -> float:
        """The smallest recall of a class."""

    @property
    def worst_recall_error(self) -> float:
        """Its standard error."""


AnyRow = TypeVar("AnyRow", bound=Row)
Gain = Callable[[AnyRow, AnyRow], tuple[float, float]]
"""Takes two rows; returns the mean of what the second scores above the first, and its standard error."""
Cost = Callable[[AnyRow], float]
"""Takes a row; returns what it costs, in whatever currency."""


def std(values: Sequence[float]) -> float:
    """Return the standard deviation with n - 1, which is 0.0 for a single value."""
    return statistics.stdev(values) if len(values) > 1 else 0.0


def standard_error(values: Sequence[float]) -> float:
    """Return the standard error of the mean of independent values; 0.0 for a single one."""
    return std(values) / math.sqrt(len(values))


def estimate(values: Sequence[Sequence[float]]) -> Estimate:
    """Return the mean of values, ``[seeds][examples]``, with both errors; ValueError where a seed lacks examples."""
    seeds = [statistics.fmean(row) for row in values]
    examples = [statistics.fmean(column) for column in zip(*values, strict=True)]
    return Estimate(
        mean=statistics.fmean(seeds), over_seeds=standard_error(seeds), over_examples=standard_error(examples)
    )


def gain(first: Outcomes, second: Outcomes) -> tuple[float, float]:
    """Return the mean of what the second scores above the first, and its standard error, as ``paired_gain``."""
    found = paired_gain(first, second)
    return found.mean, found.error


def paired_gain(first: Outcomes, second: Outcomes) -> Estimate:
    """Return what the second scores above the first; ValueError for other seeds or examples."""
    return estimate(
        [
            [int(theirs) - int(ours) for ours, theirs in zip(*rows, strict=True)]
            for rows in zip(first, second, strict=True)
        ]
    )


def verdict(recall: float, error: float, min_recall: float) -> Verdict:
    """Say whether one class is found often enough, as far as one standard error tells."""
    if recall + error < min_recall - ROUNDING:
        return "fails"
    return "passes" if recall - error >= min_recall - ROUNDING else "undecided"


def gate(row: Row, min_recall: float) -> Verdict:
    """Say what the gate makes of a row of which the smallest recall is all that is known."""
    return verdict(row.worst_recall, row.worst_recall_error, min_recall)


def admitted(rows: Sequence[AnyRow], min_recall: float) -> list[AnyRow]:
    """Return the rows that the gate does not turn away: those that fail it are told from it, the others are not."""
    return [row for row in rows if gate(row, min_recall) != "fails"]


def trainable(row: Row) -> float:
    """Return what a row costs where nobody says otherwise: the number of scalars that learn."""
    return row.trainable


def best(rows: Sequence[AnyRow], cost: Cost[AnyRow] = trainable) -> AnyRow:
    """Return the row with the highest mean; of equals, up to rounding, the one that costs less, then the earlier.

    ValueError when there are none.
    """
    top = max(row.mean for row in rows) - ROUNDING
    return min((row for row in rows if row.mean >= top), key=cost)


def not_told_from(best: AnyRow, rows: Sequence[AnyRow], gain: Gain[AnyRow]) -> list[AnyRow]:
    """Return the rows that fall short of the best by at most one standard error of that very difference."""
    gains = ((row, gain(row, best)) for row in rows)
    return [row for row, (mean, error) in gains if mean <= error + ROUNDING]


def cheapest(rows: Sequence[AnyRow], cost: Cost[AnyRow] = trainable) -> AnyRow:
    """Return the row that costs the least; on equal cost the higher mean wins, up to rounding, then the earlier.

    ValueError when there are none.
    """
    least = min(map(cost, rows))
    return best([row for row in rows if cost(row) == least], cost)


def pick(rows: Sequence[AnyRow], gain: Gain[AnyRow], cost: Cost[AnyRow] = trainable) -> AnyRow:
    """Return the cheapest of the rows that cannot be told from the best of them; ValueError when there are none."""
    return cheapest(not_told_from(best(rows, cost), rows, gain), cost)


def choose(
    rows: Sequence[AnyRow], gain: Gain[AnyRow], min_recall: float, cost: Cost[AnyRow] = trainable
) -> AnyRow | None:
    """Return the row to choose, picked from those that the gate admits; None when it admits none."""
    kept = admitted(rows, min_recall)
    return pick(kept, gain, cost) if kept else None
