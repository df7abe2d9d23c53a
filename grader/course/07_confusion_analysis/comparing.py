"""The mistakes of ranking and of comparing matrices: each is a right solution with other steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.authoring.slips import slip, throw

from . import truth
from .steps import nonzero, off
from .truth import Array, Cell


def _every_cell(cm: Array, *, diagonal: bool, zeros: bool) -> list[Cell]:
    n = len(cm)
    found = [(t, p, int(cm[t, p])) for t in range(n) for p in range(n)]
    return [cell for cell in found if (diagonal or cell[0] != cell[1]) and (zeros or cell[2] > 0)]


def _share(cell: Cell, cm: Array) -> float:
    return float(cell[2] / max(int(cm[cell[0]].sum()), 1))


def _merged(cm: Array) -> Array:
    return np.triu(cm + cm.T, 1)


RANKED = (
    slip("most-confused-diagonal", "right answers are listed too", cells=lambda _, cm: truth.cells(cm, diagonal=True)),
    slip(
        "most-confused-lists-zeros",
        "empty cells are listed too",
        cells=lambda _, cm: _every_cell(cm, diagonal=False, zeros=True),
    ),
    slip(
        "most-confused-lists-zeros",
        "empty cells are listed too, right answers as empty",
        cells=lambda _, cm: _every_cell(off(cm), diagonal=True, zeros=True),
    ),
    slip(
        "most-confused-swapped", "the predicted class is told first", told=lambda _, cell: (cell[1], cell[0], cell[2])
    ),
    slip("most-confused-swapped", "columns are taken for the truth", table=lambda _, cm: cm.T),
    slip("most-confused-swapped", "the count is told first", told=lambda _, cell: (cell[2], cell[0], cell[1])),
    *(
        slip("most-confused-tie-order", "equal counts come in another order", rank=rank)
        for rank in (
            lambda _, cell, cm: (-cell[2], -cell[0], -cell[1]),
            lambda _, cell, cm: (-cell[2], cell[1], cell[0]),
            lambda _, cell, cm: (-cell[2], -cell[1], -cell[0]),
            lambda _, cell, cm: (-cell[2], cell[0], -cell[1]),
            lambda _, cell, cm: (-cell[2], -cell[0], cell[1]),
        )
    ),
    *(
        slip("most-confused-ranked-otherwise", says, rank=rank)
        for says, rank in (
            ("the smallest come first", lambda _, cell, cm: (cell[2], cell[0], cell[1])),
            ("shares of the true class are sorted", lambda _, cell, cm: (-_share(cell, cm), cell[0], cell[1])),
            ("shares of the predicted class are sorted", lambda _, cell, cm: (-_share(cell, cm.T), cell[0], cell[1])),
            ("nothing is sorted by count", lambda _, cell, cm: (cell[0], cell[1])),
        )
    ),
    slip("most-confused-pairs-merged", "both directions of a pair are added up", table=lambda _, cm: _merged(cm)),
    slip("most-confused-pairs-merged", "only one direction of a pair is looked at", table=lambda _, cm: np.triu(cm, 1)),
    slip(
        "most-confused-pairs-merged", "only one direction of a pair is looked at", table=lambda _, cm: np.tril(cm, -1)
    ),
    slip("most-confused-cut-otherwise", "all are listed, whatever k", cut=lambda _, cells, k: cells),
    slip("most-confused-cut-otherwise", "one more is listed", cut=lambda _, cells, k: cells[: k + 1]),
    slip("most-confused-cut-otherwise", "one less is listed", cut=lambda _, cells, k: cells[: max(k - 1, 0)]),
    slip("most-confused-cut-otherwise", "the last k are listed", cut=lambda _, cells, k: cells[-k:]),
    slip(
        "most-confused-cut-otherwise",
        "too large a k is refused",
        cut=lambda _, cells, k: cells[:k] if k <= len(cells) else throw(ValueError()),
    ),
    slip(
        "most-confused-cut-otherwise",
        "too large a k is refused",
        cut=lambda _, cells, k: cells[:k] if k <= len(cells) else throw(IndexError()),
    ),
    slip(
        "most-confused-cut-otherwise",
        "one for each true class is listed",
        cut=lambda _, cells, k: list({c[0]: c for c in cells[::-1]}.values())[:k],
    ),
)


def _never(*_: Any) -> bool:
    return False


SUBTRACTED = (
    slip(
        "delta-sign-reversed",
        "after is taken from before",
        subtracted=lambda s, before, after: s.shares(before) - s.shares(after),
    ),
    slip("delta-raw-counts", "counts are subtracted", subtracted=lambda _, before, after: after - before),
    slip(
        "delta-raw-counts",
        "counts are subtracted, whatever the sets",
        subtracted=lambda _, before, after: after - before,
        differs=_never,
    ),
    *(
        slip("delta-different-validation-sets", says, differs=differs)
        for says, differs in (
            ("no set is refused", _never),
            ("only totals are compared", lambda _, before, after: bool(before.sum() != after.sum())),
            ("only shapes are compared", lambda _, before, after: before.shape != after.shape),
            (
                "sets are refused only where no row agrees",
                lambda _, before, after: bool((before.sum(1) != after.sum(1)).all()),
            ),
        )
    ),
    *(
        slip(
            "delta-refuses-otherwise",
            "another exception is raised",
            refused=lambda _, kind=kind: throw(kind()),
        )
        for kind in (AssertionError, TypeError, RuntimeError, IndexError, KeyError)
    ),
    slip("delta-refuses-otherwise", "nothing is said of different sets", refused=lambda _: None),
    slip("delta-refuses-otherwise", "every pair is refused", differs=lambda *_: True),
    slip("delta-other-shares", "shares of all examples are subtracted", shares=lambda _, cm: cm / cm.sum()),
    slip(
        "delta-other-shares",
        "shares of the columns are subtracted",
        shares=lambda _, cm: cm / nonzero(cm.sum(0, keepdims=True)),
    ),
    slip(
        "delta-other-shares",
        "sizes of the differences come back",
        subtracted=lambda s, before, after: np.abs(s.shares(after) - s.shares(before)),
    ),
    slip("delta-other-shares", "an empty row is divided by zero", shares=lambda _, cm: cm / cm.sum(1, keepdims=True)),
    slip(
        "delta-other-shares",
        "the diagonal is emptied",
        subtracted=lambda s, before, after: off(s.shares(after) - s.shares(before)),
    ),
    slip(
        "delta-other-shares",
        "the result is rounded",
        subtracted=lambda s, before, after: np.round(s.shares(after) - s.shares(before), 2),
    ),
)


def _recall(_: Any, cm: Array) -> float:
    return truth.balanced(cm)


TOLD = (
    slip(
        "headline-sign-reversed",
        "accuracy after is taken from accuracy before",
        headline=lambda s, before, after: s.accuracy(before) - s.accuracy(after),
    ),
    slip("headline-other-number", "balanced accuracies are subtracted", accuracy=_recall),
    slip(
        "headline-other-number",
        "right answers are counted, not their share",
        accuracy=lambda _, cm: float(np.trace(cm)),
    ),
    slip(
        "headline-other-number", "accuracy after is the headline", headline=lambda s, before, after: s.accuracy(after)
    ),
    slip(
        "headline-other-number",
        "the size of the change is the headline",
        headline=lambda s, before, after: abs(s.accuracy(after) - s.accuracy(before)),
    ),
    slip(
        "headline-other-number",
        "the change is a share of the accuracy before",
        headline=lambda s, before, after: (s.accuracy(after) - s.accuracy(before)) / s.accuracy(before),
    ),
    slip(
        "headline-other-number", "the two numbers change places", both=lambda _, headline, pattern: (pattern, headline)
    ),
    slip(
        "headline-other-number",
        "both numbers are percent",
        both=lambda _, headline, pattern: (100 * headline, 100 * pattern),
    ),
    slip(
        "headline-other-number",
        "both numbers are rounded",
        both=lambda _, headline, pattern: (round(headline, 2), round(pattern, 2)),
    ),
    *(
        slip(
            "pattern-signed-sum-cancels",
            "moves are added with their signs",
            added=lambda _, moved, f=factor: f * moved.sum(),
        )
        for factor in (0.5, -0.5, 1.0, -1.0)
    ),
    *(
        slip(
            "pattern-signed-sum-cancels",
            "moves are added with their signs, and the size of the sum is told",
            added=lambda _, moved, f=factor: f * abs(moved.sum()),
        )
        for factor in (0.5, 1.0)
    ),
    slip("pattern-counted-twice", "the sum of all moves is not halved", added=lambda _, moved: np.abs(moved).sum()),
    slip("pattern-with-diagonal", "the diagonal counts as well", moved=lambda _, before, after: after - before),
    slip(
        "pattern-with-diagonal",
        "the diagonal counts as well, and nothing is halved",
        moved=lambda _, before, after: after - before,
        added=lambda _, moved: np.abs(moved).sum(),
    ),
    slip(
        "pattern-with-diagonal",
        "only the diagonal counts",
        moved=lambda _, before, after: np.diag(np.diag(after - before)),
    ),
    slip(
        "pattern-other-share", "only errors that appeared count", added=lambda _, moved: np.clip(moved, 0, None).sum()
    ),
    slip(
        "pattern-other-share", "only errors that vanished count", added=lambda _, moved: np.clip(-moved, 0, None).sum()
    ),
    slip("pattern-other-share", "cells that changed are counted", added=lambda _, moved: (moved != 0).sum()),
    slip(
        "pattern-other-share",
        "cells that changed are counted and halved",
        added=lambda _, moved: (moved != 0).sum() / 2,
    ),
    slip("pattern-other-share", "half of it is rounded down", added=lambda _, moved: np.abs(moved).sum() // 2),
    slip("pattern-other-share", "squares are added", added=lambda _, moved: (moved**2).sum() / 2),
    slip("pattern-other-share", "the largest move is told", added=lambda _, moved: np.abs(moved).max()),
    slip("pattern-other-share", "the moves are not divided", of=lambda *_: 1),
    slip(
        "pattern-other-share",
        "it is a share of the errors before",
        of=lambda _, before, after: off(before).sum(),
    ),
    slip(
        "pattern-other-share",
        "it is a share of the errors after",
        of=lambda _, before, after: off(after).sum(),
    ),
    slip("pattern-other-share", "it is a share of both sets", of=lambda _, before, after: before.sum() + after.sum()),
    slip("pattern-other-share", "it is a share of the cells", of=lambda _, before, after: before.size),
    slip(
        "pattern-other-share",
        "moved shares of the rows are added",
        moved=lambda _, before, after: off(truth.normalised(after) - truth.normalised(before)),
        of=lambda *_: 1,
    ),
    slip(
        "pattern-other-share",
        "moved shares of the rows are averaged",
        moved=lambda _, before, after: off(truth.normalised(after) - truth.normalised(before)),
        of=lambda _, before, after: len(before),
    ),
)
