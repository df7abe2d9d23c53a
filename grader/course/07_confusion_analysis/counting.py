"""The mistakes of counting, of normalising and of averaging recalls: each is a right solution with other steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.authoring.slips import slip, throw

from . import truth
from .steps import nonzero, off
from .truth import Array


def _only(test: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """Return what counts some of the examples, by row and column."""
    return lambda _, rows, columns, size: truth.confusion(rows[test(rows, columns)], columns[test(rows, columns)], size)


def _once(_: Any, rows: Array, columns: Array, size: int) -> Array:
    matrix = np.zeros((size, size), np.int64)
    matrix[rows, columns] += 1
    return matrix


def _squeezed(_: Any, rows: Array, columns: Array, __: int) -> Array:
    names = np.unique([*rows, *columns])
    return truth.confusion(np.searchsorted(names, rows), np.searchsorted(names, columns), len(names))


def _flat(_: Any, rows: Array, columns: Array, size: int) -> Array:
    counts = np.bincount(rows * size + columns)
    return counts.reshape(size, size) if counts.size == size * size else throw(RuntimeError())


MATRICES = (
    slip("cm-transposed", "the predictions give the row", sides=lambda _, true, predicted: (predicted, true)),
    slip(
        "cm-drops-absent-class", "the largest label gives the size", size=lambda _, r, c, n: max(r.max(), c.max()) + 1
    ),
    slip("cm-drops-absent-class", "classes that do not occur are left out", counted=_squeezed),
    slip("cm-drops-absent-class", "the size follows from the counts", counted=_flat),
    slip("cm-drops-absent-class", "the largest true label gives the size", size=lambda _, r, c, n: r.max() + 1),
    slip(
        "cm-drops-absent-class", "the number of true classes gives the size", size=lambda _, r, c, n: len(np.unique(r))
    ),
    slip("cm-other-size", "there is one class too many", size=lambda _, r, c, n: n + 1),
    slip("cm-other-size", "there is one class too few", size=lambda _, r, c, n: n - 1),
    slip("cm-other-size", "the counts come in one row", finished=lambda _, cm: cm.ravel()),
    slip("cm-pairs-lost", "a pair that comes again is not counted again", counted=_once),
    slip("cm-pairs-lost", "only right answers are counted", counted=_only(lambda r, c: r == c)),
    slip("cm-pairs-lost", "only errors are counted", counted=_only(lambda r, c: r != c)),
    slip(
        "cm-pairs-lost", "the last example is left out", counted=lambda _, r, c, n: truth.confusion(r[:-1], c[:-1], n)
    ),
    slip("cm-pairs-lost", "the first example is left out", counted=lambda _, r, c, n: truth.confusion(r[1:], c[1:], n)),
    slip("cm-pairs-lost", "class 0 is left out", counted=_only(lambda r, c: (r > 0) & (c > 0))),
    slip("cm-pairs-lost", "labels begin at 1", counted=lambda _, r, c, n: truth.confusion(r - 1, c - 1, n)),
    slip("cm-pairs-lost", "true labels stand for both", sides=lambda _, true, __: (true, true)),
    slip("cm-pairs-lost", "predictions stand for both", sides=lambda _, __, predicted: (predicted, predicted)),
    slip("cm-not-counts", "an error is counted both ways", finished=lambda _, cm: cm + off(cm).T),
    slip("cm-not-counts", "the matrix is added to its own transpose", finished=lambda _, cm: cm + cm.T),
    slip("cm-not-counts", "counting begins at 1", finished=lambda _, cm: cm + 1),
    slip("cm-not-counts", "every example counts twice", finished=lambda _, cm: 2 * cm),
    slip("cm-not-counts", "shares of all examples stand for counts", finished=lambda _, cm: cm / cm.sum()),
    slip("cm-not-counts", "shares of each row stand for counts", finished=lambda _, cm: truth.normalised(cm)),
)


def _by(divisor: Callable[[Array], Array], **more: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    return {"divisor": lambda _, cm: divisor(cm), **more}


def _raw(_: Any, cm: Array, by: Array) -> Array:
    return cm / by


def _as_it_was(_: Any, cm: Array, by: Array) -> Array:
    return np.where(by == 0, cm, cm / nonzero(by))


def _filled(value: Callable[[Array], Any]) -> Callable[..., Array]:
    return lambda _, cm, by: np.where(by == 0, value(cm), cm / nonzero(by))


_ZEROS: tuple[dict[str, Callable[..., Any]], ...] = ({}, {"divided": _raw}, {"divided": _as_it_was})
"""What a division by zero gives in a matrix that is divided by something else."""
NORMALISED = (
    slip("cm-zero-division", "an empty row is divided by its sum", divided=_raw),
    *(
        slip(page, says, **_by(divisor), **more)
        for page, says, divisor in (
            ("cm-missing-keepdim", "the sums of the rows stand side by side", lambda cm: cm.sum(1)),
            ("cm-normalised-by-prediction", "columns are divided by their sums", lambda cm: cm.sum(0, keepdims=True)),
            ("cm-normalised-by-total", "all is divided by the sum of all", lambda cm: cm.sum(keepdims=True)),
            ("cm-normalised-otherwise", "row i is divided by the sum of column i", lambda cm: cm.sum(0)[:, None]),
            ("cm-normalised-otherwise", "each row is divided by its largest cell", lambda cm: cm.max(1, keepdims=True)),
            ("cm-normalised-otherwise", "all is divided by the largest cell", lambda cm: cm.max(keepdims=True)),
            ("cm-normalised-otherwise", "all is divided by the number of classes", lambda cm: np.full((1, 1), len(cm))),
            ("cm-normalised-otherwise", "each row is divided by its diagonal", lambda cm: np.diag(cm)[:, None]),
            (
                "cm-normalised-otherwise",
                "each row is divided by its errors",
                lambda cm: off(cm).sum(1, keepdims=True),
            ),
            ("cm-normalised-otherwise", "one is added to each sum", lambda cm: cm.sum(1, keepdims=True) + 1),
            (
                "cm-normalised-otherwise",
                "each row is divided by its length",
                lambda cm: np.sqrt((cm**2).sum(1, keepdims=True)),
            ),
        )
        for more in _ZEROS
    ),
    slip("cm-normalised-otherwise", "the counts stay as they are", divided=lambda _, cm, by: cm.astype(float)),
    slip("cm-normalised-otherwise", "the result is rounded", divided=lambda _, cm, by: np.round(cm / nonzero(by), 2)),
    slip("cm-normalised-otherwise", "the division leaves whole numbers", divided=lambda _, cm, by: cm // nonzero(by)),
    slip("cm-normalised-otherwise", "the shares are percent", divided=lambda _, cm, by: 100 * cm / nonzero(by)),
    slip("cm-empty-row-filled", "an empty row is filled evenly", divided=_filled(lambda cm: 1 / len(cm))),
    slip("cm-empty-row-filled", "an empty row is filled with ones", divided=_filled(lambda _: 1.0)),
    slip("cm-empty-row-filled", "an empty row has its class found", divided=_filled(lambda cm: np.eye(len(cm)))),
    slip(
        "cm-empty-row-filled", "an empty row is left out", divided=lambda _, cm, by: (cm / nonzero(by))[cm.sum(1) > 0]
    ),
    slip(
        "cm-empty-row-filled",
        "an empty row is refused",
        divided=lambda _, cm, by: cm / by if by.all() else throw(ValueError()),
    ),
    slip(
        "cm-empty-row-filled",
        "an empty row is refused",
        divided=lambda _, cm, by: cm / by if by.all() else throw(ZeroDivisionError()),
    ),
    slip(
        "cm-empty-row-filled",
        "one is added to every cell",
        row_normalise=lambda _, cm: (cm + 1) / (cm + 1).sum(1, keepdims=True),
    ),
)


def _precision(_: Any, cm: Array) -> Array:
    return np.diag(cm) / nonzero(cm.sum(0))


def _f1(_: Any, cm: Array) -> Array:
    return 2 * np.diag(cm) / nonzero(cm.sum(0) + cm.sum(1))


def _everyone(_: Any, cm: Array) -> Array:
    return np.ones(len(cm), dtype=bool)


AVERAGED = (
    slip("recall-absent-class-counts-zero", "a class without examples counts as never found", kept=_everyone),
    slip(
        "balanced-accuracy-is-accuracy",
        "all examples count alike",
        balanced_accuracy=lambda _, cm: float(np.trace(cm) / cm.sum()),
    ),
    *(
        slip("balanced-other-score", "the share of right predictions is averaged", scores=_precision, **more)
        for more in ({}, {"kept": _everyone}, {"kept": lambda _, cm: cm.sum(0) > 0})
    ),
    *(
        slip("balanced-other-score", "recall and precision are averaged together", scores=_f1, **more)
        for more in ({}, {"kept": _everyone})
    ),
    slip(
        "balanced-other-score",
        "the middle recall is taken",
        averaged=lambda _, scores, kept: float(np.median(scores[kept])),
    ),
    slip(
        "balanced-other-score", "the worst recall is taken", averaged=lambda _, scores, kept: float(scores[kept].min())
    ),
    slip(
        "balanced-other-score", "the best recall is taken", averaged=lambda _, scores, kept: float(scores[kept].max())
    ),
    slip(
        "balanced-other-score",
        "the recalls are added and not divided",
        averaged=lambda _, scores, kept: float(scores[kept].sum()),
    ),
    slip(
        "balanced-other-score",
        "every cell is averaged",
        balanced_accuracy=lambda s, cm: float(s.shares(cm)[cm.sum(1) > 0].mean()),
    ),
    slip(
        "balanced-other-score",
        "the answer is percent",
        averaged=lambda _, scores, kept: float(100 * scores[kept].mean()),
    ),
    slip(
        "balanced-other-score",
        "the answer is rounded",
        averaged=lambda _, scores, kept: round(float(scores[kept].mean()), 2),
    ),
    slip(
        "balanced-other-classes", "only classes of which something is found count", kept=lambda _, cm: np.diag(cm) > 0
    ),
    slip("balanced-other-classes", "only classes that are predicted count", kept=lambda _, cm: cm.sum(0) > 0),
    slip(
        "balanced-other-classes",
        "classes that occur or are predicted count",
        kept=lambda _, cm: (cm.sum(0) + cm.sum(1)) > 0,
    ),
    slip("balanced-other-classes", "classes with one example do not count", kept=lambda _, cm: cm.sum(1) > 1),
    slip(
        "balanced-other-classes",
        "an absent class makes it NaN",
        balanced_accuracy=lambda _, cm: float((np.diag(cm) / cm.sum(1)).mean()),
    ),
    slip(
        "balanced-other-classes",
        "one class less divides",
        averaged=lambda _, scores, kept: float(scores[kept].sum() / (kept.sum() - 1)),
    ),
)
