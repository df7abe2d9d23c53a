"""What exercise 07 asks: labels, matrices and pairs of matrices in which every trap of the catalogue shows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.records import Asked, at_most, exactly

from . import truth, wire
from .truth import Array, Cell

Arrays = dict[str, Array]
"""By name, each in its own shape."""
Row = dict[str, Any]
"""One call: ``function``, ``id``, ``inputs`` as lists of numbers, ``numbers`` that follow them.

Which case it is, what is said of it and its place in a report stay outside: ``_name``, ``_title`` and ``_place``.
"""
MOVES = 12
"""Moves between a matrix before and the one after."""


def draw(seed: int) -> tuple[dict[str, Any], Arrays]:
    """Draw the plan for a run; the same seed draws the same. Everything is small, so there are no arrays."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    matrices = _matrices(rng)
    pairs = _pairs(rng)
    halves = {f"{name}-{half}": matrix for name, pair in pairs.items() for half, matrix in zip("ba", pair, strict=True)}
    calls = [
        *_label_calls(rng),
        *(_matrix_call(wire.NORMALISE, name, matrix) for name, matrix in {**matrices, **halves}.items()),
        *(_matrix_call(wire.BALANCED, name, matrix) for name, matrix in matrices.items()),
        *_ranking_calls(rng),
        *(_pair_call(wire.DELTA, name, pair) for name, pair in (pairs | _mismatched(rng)).items()),
        *(_pair_call(wire.HEADLINE, name, pair) for name, pair in pairs.items()),
    ]
    calls = [{**row, "_place": place} for place, row in enumerate(calls)]
    rng.shuffle(calls)
    return {"calls": [{**row, "id": f"call-{number}"} for number, row in enumerate(calls)]}, {}


def _call(function: str, name: str, title: str, inputs: tuple[Array, ...], *numbers: int) -> Row:
    given = [array.tolist() for array in inputs]
    return {"function": function, "_name": name, "_title": title, "inputs": given, "numbers": list(numbers)}


def _label_calls(rng: random.Random) -> list[Row]:
    """Draw labels with every class, without the last one, without a middle one, and without an error."""
    classes = rng.randint(5, 7)
    absent = {"every-class": None, "last-absent": classes - 1, "middle-absent": rng.randrange(1, classes - 2)}
    calls = []
    for name, missing in absent.items():
        labels = _labels(_square(rng, classes, without=missing), rng)
        said = "all of which occur" if missing is None else f"of which class {missing} never occurs"
        calls.append(_labelled(name, f"labels of {classes} classes, {said}", labels, classes))
    true, _ = _labels(_square(rng, classes), rng)
    calls.append(_labelled("perfect", f"labels of {classes} classes without a single error", (true, true), classes))
    return calls


def _labelled(name: str, title: str, labels: tuple[Array, Array], classes: int) -> Row:
    return _call(wire.MATRIX, name, title, labels, classes)


def _labels(matrix: Array, rng: random.Random) -> tuple[Array, Array]:
    """Return shuffled labels that a matrix counts."""
    pairs = [(t, p) for t, p, count in truth.cells(matrix, diagonal=True) for _ in range(count)]
    rng.shuffle(pairs)
    true, predicted = zip(*pairs, strict=True)
    return np.array(true), np.array(predicted)


def _matrices(rng: random.Random) -> dict[str, Array]:
    """Draw wide and narrow supports, a class with one example, and three that give no recall or none above zero.

    One of these is only predicted, one never occurs, and one has examples of which none is found.
    """
    classes = rng.randint(4, 6)
    hidden, lonely = rng.randrange(classes), rng.randrange(classes)
    only_predicted, single, never_found = (_square(rng, classes) for _ in range(3))
    only_predicted[hidden] = 0
    single[lonely] = np.eye(classes, dtype=np.int64)[lonely]
    lost = rng.randrange(classes)
    never_found[lost, (lost + 1) % classes] += never_found[lost, lost]
    never_found[lost, lost] = 0
    return {
        "wide": _square(rng, classes),
        "narrow": _square(rng, classes, narrow=True),
        "single": single,
        "only-predicted": only_predicted,
        "never-found": never_found,
        "absent": _square(rng, classes, without=rng.randrange(classes)),
    }


def _square(rng: random.Random, classes: int, *, without: int | None = None, narrow: bool = False) -> Array:
    """Draw an asymmetric matrix with an error in every row and column, its diagonal neither best nor empty."""
    supports = [rng.randint(21, 27) if narrow else 12 + 11 * c + rng.randint(0, 9) for c in range(classes)]
    rng.shuffle(supports)
    matrix = np.zeros((classes, classes), np.int64)
    rows = [c for c in range(classes) if c != without]
    for place, true in enumerate(rows):
        favourite = rows[(place + 1) % len(rows)]
        matrix[true, favourite] = rng.randint(2, 4)
        others = [c for c in rows if c not in (true, favourite)]
        matrix[true, rng.choice(others)] = 1
        right = supports[true] * rng.randint(40, 85) // 100
        matrix[true, true] = max(right, 5)
        matrix[true, rng.choice(others)] += max(0, supports[true] - int(matrix[true].sum()))
    return matrix


def _matrix_call(function: str, name: str, matrix: Array) -> Row:
    return _call(function, name, _title(matrix), (matrix,))


def _title(matrix: Array) -> str:
    support = matrix.sum(1)
    empty = np.flatnonzero(support == 0).tolist()
    aside = f", row {empty[0]} being empty" if empty else ""
    return f"a matrix of {len(matrix)} classes with {support.min()} to {support.max()} examples each{aside}"


def _ranking_calls(rng: random.Random) -> list[Row]:
    classes = rng.randint(4, 5)
    distinct, tied = _spread(rng, classes, range(1, 40)), _tied(rng, classes)
    few = np.diag([rng.randint(20, 30) for _ in range(classes)])
    few[0, classes - 1], few[2, 1], few[1, 0] = 2, 9, 1
    perfect = np.diag([rng.randint(20, 30) for _ in range(classes)])
    return [
        _ranking("one", distinct, 1),
        _ranking("several", distinct, rng.randint(4, 6)),
        _ranking("every", distinct, classes * (classes - 1)),
        _ranking("tied", *tied),
        _ranking("few", few, 5),
        _ranking("perfect", perfect, 3),
        _ranking("more-than-cells", distinct, classes**2 + rng.randint(1, 9)),
    ]


def _ranking(name: str, matrix: Array, k: int) -> Row:
    confused = len(truth.cells(matrix))
    title = f"a matrix of {len(matrix)} classes with {confused} non-empty cells off the diagonal"
    return _call(wire.CONFUSED, name, title, (matrix,), k)


def _spread(rng: random.Random, classes: int, counts: range) -> Array:
    """Draw different counts for all cells, the largest on the diagonal: no tie, no symmetry."""
    matrix = np.array(rng.sample(counts, classes * classes)).reshape(classes, classes)
    matrix[np.diag_indices(classes)] += 40
    return matrix


def _tied(rng: random.Random, classes: int) -> tuple[Array, int]:
    """Draw ties that are cut by k, in which every other order than (true, predicted) shows."""
    while True:
        matrix = np.array(rng.choices([2, 3, 5], k=classes * classes)).reshape(classes, classes)
        matrix[np.diag_indices(classes)] = [rng.randint(30, 60) for _ in range(classes)]
        k = rng.randint(5, 7)
        right = truth.ranked(matrix, k)
        if not any(right == _sorted(matrix, key)[:k] for key in (_by_column, _backwards)):
            return matrix, k


def _sorted(matrix: Array, key: Any) -> list[Cell]:
    return sorted(truth.cells(matrix), key=key)


def _by_column(cell: Cell) -> tuple[int, ...]:
    return -cell[2], cell[1], cell[0]


def _backwards(cell: Cell) -> tuple[int, ...]:
    return -cell[2], -cell[0], -cell[1]


def _pairs(rng: random.Random) -> dict[str, tuple[Array, Array]]:
    """Draw pairs from one validation set each: better, worse, and equal in the headline with other errors."""
    classes = rng.randint(4, 6)
    gap = _square(rng, classes, without=rng.randrange(classes))
    return {
        "better": _moved(rng, _square(rng, classes), 1),
        "worse": _moved(rng, gap, -1),
        "same-headline": _moved(rng, _square(rng, classes), 0),
    }


def _moved(rng: random.Random, before: Array, sign: int) -> tuple[Array, Array]:
    """Move examples inside their rows until accuracy rose (1), fell (-1) or stayed (0), and more errors moved.

    A change of accuracy by an odd number of examples leaves half an error in the pattern, so that whole numbers
    do not suffice.
    """
    rows = np.flatnonzero(truth.present(before)).tolist()
    while True:
        after = before.copy()
        for _ in range(MOVES):
            true = rng.choice(rows)
            source, target = rng.sample(rows, 2)
            examples = min(int(after[true, source]), rng.randint(1, 2))
            after[true, source] -= examples
            after[true, target] += examples
        gain = int(np.trace(after - before))
        odd = gain % 2 == abs(sign)
        if np.sign(gain) == sign and odd and np.abs(truth.moved(before, after)).sum() > 2 * abs(gain) + 2:
            return before, after


def _mismatched(rng: random.Random) -> dict[str, tuple[Array, Array]]:
    """Draw pairs from different validation sets: once with the same total, once with another one."""
    classes = rng.randint(4, 5)
    before = _square(rng, classes)
    smallest, largest = before.sum(1).argmin(), before.sum(1).argmax()
    same_total, other_total = before.copy(), before.copy()
    same_total[largest, largest] -= 3
    same_total[smallest, smallest] += 3
    other_total[smallest, largest] += rng.randint(1, 3)
    return {"same-total": (before, same_total), "other-total": (before, other_total)}


def _pair_call(function: str, name: str, pair: tuple[Array, Array]) -> Row:
    before, after = pair
    rights = " and ".join(str(int(np.trace(matrix))) for matrix in pair)
    title = f"two matrices of {len(before)} classes with {rights} examples on the diagonal"
    if not np.array_equal(before.sum(1), after.sum(1)):
        row = int(np.flatnonzero(before.sum(1) != after.sum(1))[0])
        sums = f"{before[row].sum()} and {after[row].sum()}"
        title = f"two matrices of {len(before)} classes whose row {row} holds {sums} examples"
    return _call(function, name, title, pair)


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its arrays."""
    for row in plan["calls"]:
        after = {wire.given(index): exactly("int64", *np.shape(each)) for index, each in enumerate(row["inputs"])}
        yield Asked(wire.call(row), {**after, wire.TENSOR: at_most(wire.NUMBERS_CAP, "float64", "int64")})
