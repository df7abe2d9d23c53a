"""The mistakes of ``choose_cheapest`` that show in the answers: each is a right solution with other steps."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping
from typing import Any

from grader.adaptation import rule
from grader.authoring.slips import slip, throw

from .seen import Choice, Row
from .steps import Choosing, Rows

Pick = Callable[[Rows], Row]


def _error(row: Row) -> float:
    """Return the standard error over the seeds of a single strategy."""
    return row.std / math.sqrt(row.n)


def _high(rows: Rows) -> Row:
    return max(rows, key=lambda row: row.mean)


def _high_last(rows: Rows) -> Row:
    return _high(rows[::-1])


def _low(rows: Rows) -> Row:
    return min(rows, key=lambda row: row.trainable)


def _low_last(rows: Rows) -> Row:
    return _low(rows[::-1])


def _all(_: Any, rows: Rows, __: float) -> list[Row]:
    return list(rows)


def _gate(stays: Callable[[Row, float], bool]) -> Callable[..., list[Row]]:
    return lambda _, rows, gate: [row for row in rows if stays(row, gate)]


def _margin(width: Callable[[Row, Row], float]) -> Callable[..., float]:
    return lambda _, row, top, __: width(row, top)


def _bar(height: Callable[[Row, float], float]) -> Callable[..., bool]:
    """Return who is near where one bar, made of the best and the error of its own gain, stands for all."""
    return lambda _, row, top, case: row.mean >= height(top, case.gain(row, top)[1])


def _pick(pick: Pick) -> Callable[..., Row]:
    return lambda _, rows, __: pick(rows)


def _least(key: Callable[[Row], Any]) -> Pick:
    return lambda rows: min(rows, key=key)


def _refused_afterwards(self: Choosing, case: Choice) -> Any:
    rows = list(case.rows)
    row = rule.pick(rows, case.gain)
    return self.told(row) if row in rule.admitted(rows, case.gate) else throw(ValueError())


def _walked_down(self: Choosing, case: Choice) -> Any:
    """Go from the best to the next cheaper one for as long as it is near enough."""
    kept = self.admitted(list(case.rows), case.gate)
    if not kept:
        return self.nobody(list(case.rows))
    top = found = rule.best(kept)
    for row in sorted((row for row in kept if row.trainable < top.trainable), key=lambda row: -row.trainable):
        if not self.near(row, top, case):
            break
        found = row
    return self.told(found)


def _absolute(_: Any, row: Row, top: Row, case: Choice) -> bool:
    mean, error = case.gain(row, top)
    return abs(mean) > error


_NOBODY: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("nothing", lambda *_: None),
    ("an empty name", lambda *_: ""),
    ("the best of all", lambda _, rows: rule.best(rows).strategy),
    ("the highest mean", lambda _, rows: _high(rows).strategy),
    ("the cheapest of all", lambda _, rows: rule.cheapest(rows).strategy),
    ("the best recall", lambda _, rows: max(rows, key=lambda r: r.worst_recall).strategy),
    ("the first", lambda _, rows: rows[0].strategy),
    ("another exception", lambda *_: throw(IndexError())),
    ("another exception", lambda *_: throw(TypeError())),
    ("another exception", lambda *_: throw(RuntimeError())),
    ("another exception", lambda *_: throw(StopIteration())),
    ("another exception", lambda *_: throw(AttributeError())),
    ("another exception", lambda *_: throw(KeyError())),
    ("another exception", lambda *_: throw(AssertionError())),
)
"""What comes, and how, when nobody stays."""
_TIES: tuple[tuple[str, Callable[[Row], Any]], ...] = (
    ("the lower mean", lambda r: (r.trainable, r.mean)),
    ("the smaller deviation", lambda r: (r.trainable, r.std)),
    ("the name", lambda r: (r.trainable, r.strategy)),
    ("where the means are equal too, the name", lambda r: (r.trainable, -r.mean, r.strategy)),
)
"""What decides where costs are equal."""
_GATED_OR_NOT: tuple[Mapping[str, Any], ...] = ({}, {"admitted": _all})
"""With the gate, and without."""
SLIPS = (
    *(
        slip("choice-highest-score", "the highest mean is taken", taken=_pick(pick), near=lambda *_: True, **more)
        for pick in (rule.best, _high, _high_last)
        for more in _GATED_OR_NOT
    ),
    slip("choice-highest-score", "the highest of those that are near enough is taken", taken=lambda _, __, top: top),
    slip("choice-highest-score", "only what is no worse than the best is near", margin=lambda *_: 0.0),
    slip(
        "choice-gain-reversed",
        "gain and error change sides",
        near=lambda _, r, t, c: c.gain(r, t)[0] >= c.gain(r, t)[1],
    ),
    *(
        slip("choice-cheapest-regardless", "the cheapest is taken", taken=_pick(pick), near=lambda *_: True, **more)
        for pick in (rule.cheapest, _low, _low_last)
        for more in _GATED_OR_NOT
    ),
    slip(
        "choice-std-not-standard-error", "the margin is the deviation of the best", margin=_margin(lambda _, t: t.std)
    ),
    slip(
        "choice-std-not-standard-error",
        "the margin is the population deviation of the best",
        margin=_margin(lambda _, t: statistics.pstdev(t.scores)),
    ),
    slip(
        "choice-error-of-the-best",
        "the margin is the standard error of the best",
        margin=_margin(lambda _, t: _error(t)),
    ),
    slip("choice-error-of-the-best", "the margin is the deviation by n", margin=_margin(lambda _, t: t.std / t.n)),
    slip(
        "choice-error-of-the-best",
        "the margin is the deviation by the root of n - 1",
        margin=_margin(lambda _, t: t.std / math.sqrt(max(t.n - 1, 1))),
    ),
    slip(
        "choice-error-of-the-best", "the margin is two errors of the best", margin=_margin(lambda _, t: 2 * _error(t))
    ),
    slip("choice-error-of-the-best", "the margin is the variance of the best", margin=_margin(lambda _, t: t.std**2)),
    slip("choice-uses-candidate-spread", "the margin is the candidate's error", margin=_margin(lambda r, _: _error(r))),
    slip("choice-uses-candidate-spread", "the margin is the candidate's deviation", margin=_margin(lambda r, _: r.std)),
    slip("choice-uses-candidate-spread", "both errors are added", margin=_margin(lambda r, t: _error(r) + _error(t))),
    slip("choice-uses-candidate-spread", "both deviations are added", margin=_margin(lambda r, t: r.std + t.std)),
    slip(
        "choice-uses-candidate-spread",
        "the squares of both errors are added",
        margin=_margin(lambda r, t: math.hypot(_error(r), _error(t))),
    ),
    slip(
        "choice-uses-candidate-spread",
        "the squares of both deviations are added",
        margin=_margin(lambda r, t: math.hypot(r.std, t.std)),
    ),
    *(
        slip(
            "choice-margin-of-its-own",
            f"the margin is {factor:g} errors",
            margin=lambda _, r, t, c, f=factor: f * c.gain(r, t)[1],
        )
        for factor in (0.5, 1.64, 1.645, 1.96, 2.0, 3.0)
    ),
    *(
        slip("choice-margin-of-its-own", f"the margin is {width:g} everywhere", margin=lambda *_, w=width: w)
        for width in (0.002, 0.005, 0.01, 0.02, 0.05)
    ),
    slip(
        "choice-margin-of-its-own",
        "the root of the error is the margin",
        margin=lambda _, r, t, c: math.sqrt(c.gain(r, t)[1]),
    ),
    slip(
        "choice-margin-of-its-own",
        "the error is divided by the root of the number of runs",
        margin=lambda _, r, t, c: c.gain(r, t)[1] / math.sqrt(t.n),
    ),
    slip(
        "choice-margin-of-its-own",
        "the largest of all errors is the margin for all",
        margin=lambda _, r, t, c: max(c.gain(each, t)[1] for each in c.admitted),
    ),
    slip(
        "choice-margin-of-its-own",
        "the error of the cheapest is the margin for all",
        margin=lambda _, r, t, c: c.gain(_low(c.admitted), t)[1],
    ),
    slip("choice-margin-of-its-own", "the error is a share of the best", near=_bar(lambda t, e: t.mean * (1 - e))),
    slip(
        "choice-edge-strict",
        "what lies at the very edge is too far",
        near=lambda _, r, t, c: c.gain(r, t)[0] < c.gain(r, t)[1],
    ),
    slip(
        "choice-edge-strict",
        "what lies at the very edge is too far, but for the best itself",
        near=lambda _, r, t, c: r is t or c.gain(r, t)[0] < c.gain(r, t)[1],
    ),
    slip(
        "choice-edge-strict", "rounding decides at the edge", near=lambda _, r, t, c: c.gain(r, t)[0] <= c.gain(r, t)[1]
    ),
    *(
        slip(
            "choice-edge-strict",
            f"differences up to {width:g} are none",
            near=lambda _, r, t, c, w=width: c.gain(r, t)[0] <= c.gain(r, t)[1] + w,
        )
        for width in (1e-3, 1e-4, 1e-5)
    ),
    slip(
        "choice-gain-reversed",
        "those that are worse by more than the error are near",
        near=lambda _, r, t, c: r is t or c.gain(r, t)[0] > c.gain(r, t)[1],
    ),
    slip(
        "choice-gain-reversed", "those that are worse by more than the error are near, the best too far", near=_absolute
    ),
    slip("choice-ignores-error-pattern", "no recall is looked at", admitted=_all),
    slip(
        "choice-ignores-error-pattern",
        "only a recall of zero is turned away",
        admitted=_gate(lambda r, _: r.worst_recall > 0),
    ),
    *(
        slip(
            "choice-gate-misread",
            f"the gate stands at {height:g}, whatever was asked for",
            admitted=lambda _, rows, __, height=height: rule.admitted(rows, height),
        )
        for height in (0.2, 0.3, 0.4, 0.5, 0.6)
    ),
    slip(
        "choice-gate-misread", "those above the gate are turned away", admitted=_gate(lambda r, g: r.worst_recall <= g)
    ),
    slip(
        "choice-gate-misread",
        "those above the gate, error and all, are turned away",
        admitted=_gate(lambda r, g: r.worst_recall + r.worst_recall_error < g),
    ),
    slip(
        "choice-gate-misread",
        "the error of a recall is the recall",
        admitted=_gate(lambda r, g: r.worst_recall_error >= g),
    ),
    slip(
        "choice-gate-without-error",
        "the recall has to reach the gate",
        admitted=_gate(lambda r, g: r.worst_recall >= g),
    ),
    slip(
        "choice-gate-without-error",
        "the recall has to lie above the gate",
        admitted=_gate(lambda r, g: r.worst_recall > g),
    ),
    slip(
        "choice-undecided-refused",
        "the recall less its error has to reach the gate",
        admitted=_gate(lambda r, g: r.worst_recall - r.worst_recall_error >= g),
    ),
    slip(
        "choice-undecided-refused",
        "the recall less its error has to lie above the gate",
        admitted=_gate(lambda r, g: r.worst_recall - r.worst_recall_error > g),
    ),
    slip(
        "choice-gate-misread",
        "who just touches the gate is turned away",
        admitted=_gate(lambda r, g: r.worst_recall + r.worst_recall_error > g),
    ),
    slip(
        "choice-gate-misread",
        "the recall and two errors have to reach the gate",
        admitted=_gate(lambda r, g: r.worst_recall + 2 * r.worst_recall_error >= g),
    ),
    slip("choice-best-from-rejected", "the best of all is compared with", compared=lambda _, __, rows: rows),
    slip("choice-best-from-rejected", "the gate is asked after the choice", choose=_refused_afterwards),
    slip(
        "choice-ignores-error-pattern", "those that were turned away may be taken", candidates=lambda _, __, rows: rows
    ),
    slip("choice-depends-on-order", "the first that is near enough is taken", taken=_pick(lambda rows: rows[0])),
    slip("choice-depends-on-order", "the last that is near enough is taken", taken=_pick(lambda rows: rows[-1])),
    slip("choice-depends-on-order", "the first is taken for the best", best=_pick(lambda rows: rows[0])),
    slip("choice-depends-on-order", "the last is taken for the best", best=_pick(lambda rows: rows[-1])),
    *(
        slip("choice-tie-by-order", "the list decides between equals", taken=_pick(taken), best=_pick(best))
        for taken in (rule.cheapest, _low, _low_last)
        for best in (rule.best, _high, _high_last)
        if (taken, best) != (rule.cheapest, rule.best)
    ),
    *(
        slip(
            "choice-other-order",
            f"{said} decides between equal costs",
            taken=_pick(_least(key)),
            best=_pick(best),
        )
        for said, key in _TIES
        for best in (rule.best, _high)
    ),
    slip(
        "choice-other-order",
        "of equal means the dearer is the best",
        best=_pick(lambda rows: max(rows, key=lambda r: (r.mean, r.trainable))),
    ),
    *(
        slip("choice-other-order", f"{said} of those that are near enough is taken", taken=_pick(pick))
        for said, pick in (
            ("the dearest", lambda rows: max(rows, key=lambda r: r.trainable)),
            ("the lowest mean", lambda rows: min(rows, key=lambda r: r.mean)),
            ("the steadiest", lambda rows: min(rows, key=lambda r: r.std)),
            ("the best worst recall", lambda rows: max(rows, key=lambda r: r.worst_recall)),
            ("the most for its cost", lambda rows: max(rows, key=lambda r: r.mean / r.trainable)),
            ("the first name", lambda rows: min(rows, key=lambda r: r.strategy)),
        )
    ),
    *(
        slip("choice-other-best", f"{said} counts as the best", best=_pick(pick))
        for said, pick in (
            ("the best worst recall", lambda rows: max(rows, key=lambda r: r.worst_recall)),
            ("the highest single score", lambda rows: max(rows, key=lambda r: max(r.scores))),
            ("the highest single score", lambda rows: min(rows, key=lambda r: (-max(r.scores), r.trainable))),
            ("the mean less its deviation", lambda rows: max(rows, key=lambda r: r.mean - r.std)),
            ("the mean and its error", lambda rows: max(rows, key=lambda r: r.mean + _error(r))),
            ("the dearest", lambda rows: max(rows, key=lambda r: r.trainable)),
        )
    ),
    slip("choice-walks-down", "it stops at the first cheaper one that is too far", choose=_walked_down),
    slip(
        "choice-walks-down",
        "the best itself is no candidate",
        near=lambda s, r, t, c: r is not t and Choosing.near(s, r, t, c),
    ),
    *(slip("choice-when-nothing-passes", f"{said} comes when nobody stays", nobody=nobody) for said, nobody in _NOBODY),
    slip(
        "choice-when-nothing-passes",
        "all stay when nobody does",
        admitted=lambda _, rows, gate: rule.admitted(rows, gate) or list(rows),
    ),
)
VARIATIONS: tuple[Mapping[str, Any], ...] = ({"rounding": lambda _: 0.0}, {"rounding": lambda _: 1e-9})
"""What costs little or nothing, and goes with any slip."""
