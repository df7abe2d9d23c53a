"""Hidden checks of exercise 07. They judge facts, never the learner's process.

Twelve checks of one point, two per function. The sketch of the course lists fourteen properties: dtypes and
unchanged inputs are looked at in the first check of each function, so that points stay whole numbers.
Lenient where the contract is silent: a number may come as a tensor or numpy scalar without dimensions, a tuple
as a list, and the change of a matrix in any floating dtype.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.authoring import Waits, check, expect, fail, listing

from . import truth
from .seen import CLOSE, Call, Seen, mismatched, same
from .truth import Array, Cell
from .wire import BALANCED, CONFUSED, DELTA, HEADLINE, MATRIX, NORMALISE

WAITS = "This follows from your `row_normalise`; put that right first, and look here again."


@check(points=1, of=MATRIX)
def test_rows_are_true_classes_and_cells_count_examples(seen: Seen) -> None:
    """Rows are true classes, columns predicted ones, cells count examples in int64"""
    for name in ("every-class", "perfect"):
        call = seen.call(MATRIX, name)
        _expect_counts(call)
        expect(
            call.dtype == "int64", f"On {call.title}, your matrix is of dtype {call.dtype}; the contract names int64."
        )
        _expect_unchanged(call)


@check(points=1, of=MATRIX)
def test_a_class_that_never_occurs_keeps_its_row_and_column(seen: Seen) -> None:
    """A class that never occurs keeps its empty row and column"""
    for name in ("last-absent", "middle-absent"):
        _expect_counts(seen.call(MATRIX, name))


@check(points=1, of=NORMALISE)
def test_each_row_is_divided_by_its_own_sum(seen: Seen) -> None:
    """Each row is divided by its own sum, in float64"""
    for call in _full(seen.calls(NORMALISE)):
        _expect_cells(call, call.returned_matrix(), truth.normalised(call.matrix), "the share of its row's examples")
        dtype = f"On {call.title}, your matrix is of dtype {call.dtype}; the contract names float64."
        expect(call.dtype == "float64", dtype)
        _expect_unchanged(call)


@check(points=1, of=NORMALISE)
def test_an_empty_row_stays_zero(seen: Seen) -> None:
    """A row without examples stays zero, and the rows beside it are right"""
    for call in _gapped(seen.calls(NORMALISE)):
        mine = call.returned_matrix()
        for row in np.flatnonzero(call.matrix.sum(1) == 0).tolist():
            numbers = sorted({_number(value) for value in mine[row] if value != 0})
            said = ", ".join(numbers)
            expect(not numbers, f"On {call.title}, that row of yours holds {said}. What is an empty row divided by?")
        _expect_cells(call, mine, truth.normalised(call.matrix), "the share of its row's examples")


@check(points=1, of=BALANCED)
def test_every_class_counts_alike(seen: Seen) -> None:
    """With examples in every class, it is the mean of all recalls"""
    for call in _full(seen.calls(BALANCED)):
        _expect_balanced(seen, call)
        _expect_unchanged(call)


@check(points=1, of=BALANCED)
def test_classes_without_examples_are_left_out(seen: Seen) -> None:
    """A class without examples has no recall and is left out of the mean"""
    for call in _gapped(seen.calls(BALANCED)):
        _expect_balanced(seen, call)


@check(points=1, of=CONFUSED)
def test_the_largest_confusions_come_first(seen: Seen) -> None:
    """The k largest cells off the diagonal are listed as (true, predicted, count), largest first"""
    for name in ("one", "several", "every", "more-than-cells"):
        call = seen.call(CONFUSED, name)
        _expect_confusions(call)
        _expect_unchanged(call)


@check(points=1, of=CONFUSED)
def test_ties_have_an_order_and_empty_cells_are_left_out(seen: Seen) -> None:
    """Equal counts come in the order of (true, predicted), and empty cells are never listed"""
    for name in ("tied", "few", "perfect"):
        _expect_confusions(seen.call(CONFUSED, name))


@check(points=1, of=DELTA)
def test_the_delta_is_the_change_of_the_normalised_matrix(seen: Seen) -> None:
    """The delta is row-normalised after minus row-normalised before"""
    for call in _comparable(seen):
        seen.expect_own_fault(call)
        mine, right = call.returned_matrix(), truth.delta(*call.inputs)
        before, after = map(seen.own_normalised, call.inputs)
        if before is not None and after is not None and not same(mine, right) and same(mine, _minus(after, before)):
            raise Waits(WAITS)
        _expect_cells(call, mine, right, "the change of the share of its row's examples")
        _expect_unchanged(call)


@check(points=1, of=DELTA)
def test_different_validation_sets_are_refused(seen: Seen) -> None:
    """Matrices with different row sums raise ValueError"""
    for call in _comparable(seen):
        seen.expect_own_fault(call)
        call.returned_matrix()
    for call in filter(mismatched, seen.calls(DELTA)):
        if call.answer.raises("ValueError"):
            continue
        if call.answer.raised is not None:
            fail(f"On {call.title}, `{call.text}` raised {call.answer.raised.sentence()} instead of ValueError.")
        fail(f"On {call.title}, your function answered without a word. Can one validation set give both?")


@check(points=1, of=HEADLINE)
def test_the_headline_is_the_change_of_accuracy(seen: Seen) -> None:
    """The first number is accuracy after minus accuracy before"""
    for call in seen.calls(HEADLINE):
        mine, _ = call.returned_number(tuple[float, float])
        _expect_close(call, mine, truth.headline(*call.inputs), "accuracy after minus accuracy before")
        _expect_unchanged(call)


@check(points=1, of=HEADLINE)
def test_the_pattern_is_the_share_of_moved_errors(seen: Seen) -> None:
    """The second number is half the sum of moved errors, as a share of the examples"""
    for call in seen.calls(HEADLINE):
        _, mine = call.returned_number(tuple[float, float])
        _expect_close(call, mine, truth.pattern(*call.inputs), "what the contract calls the pattern")


def _full(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if truth.present(call.matrix).all()]


def _gapped(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if not truth.present(call.matrix).all()]


def _comparable(seen: Seen) -> list[Call]:
    return [call for call in seen.calls(DELTA) if not mismatched(call)]


def _minus(after: Array, before: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return np.asarray(after - before)


def _number(value: float) -> str:
    return f"{value:.4g}"


def _expect_unchanged(call: Call) -> None:
    expect(
        not call.changed,
        f"On {call.title}: after your function, {listing(call.changed)} held other numbers than before.",
    )


def _expect_counts(call: Call) -> None:
    true, predicted = call.inputs
    right = truth.confusion(true, predicted, call.numbers[0])
    _expect_cells(call, call.returned_matrix(), right, "the number of examples with that truth and that prediction")


def _expect_cells(call: Call, mine: Array, right: Array, meaning: str) -> None:
    """Fail with the first cell that differs; a NaN differs from everything."""
    wrong = np.argwhere(~(np.abs(mine - right) <= CLOSE))
    if not len(wrong):
        return
    row, column = wrong[0].tolist()
    fail(
        f"On {call.title}, {len(wrong)} of your {mine.size} cells are wrong. In row {row}, column {column} you have "
        f"{_number(mine[row, column])}, where {meaning} belongs."
    )


def _expect_balanced(seen: Seen, call: Call) -> None:
    seen.expect_own_fault(call)
    own, right = seen.own_normalised(call.matrix), truth.balanced(call.matrix)
    if own is not None and not call.is_number(right):
        recalls = np.diag(own)[truth.present(call.matrix)].tolist()
        if call.is_number(sum(recalls) / len(recalls)):
            raise Waits(WAITS)
    _expect_close(call, call.returned_number(float), right, "the mean of the recalls")


def _expect_close(call: Call, mine: float, right: float, meaning: str) -> None:
    expect(
        abs(mine - right) <= CLOSE,
        f"On {call.title}, you returned {mine:.6f}, which is not {meaning}.",
    )


def _expect_confusions(call: Call) -> None:
    mine: list[Cell] = call.returned_number(list[Cell])
    (k,) = call.numbers
    right = truth.ranked(call.matrix, k)
    where = f"On {call.title}, `{call.text}`"
    for true, predicted, count in mine:
        cell = f"({true}, {predicted}, {count})"
        inside = true in range(len(call.matrix)) and predicted in range(len(call.matrix))
        held = inside and call.matrix[true, predicted] == count
        expect(held, f"{where} listed {cell}, but the matrix holds no {count} in row {true}, column {predicted}.")
        expect(true != predicted, f"{where} listed {cell}. Which two classes were confused there?")
        expect(count > 0, f"{where} listed {cell}. How often did that confusion happen?")
    expect(len(mine) == len(right), f"{where} returned a list of length {len(mine)}. How long should it be?")
    for place, (listed, expected) in enumerate(zip(mine, right, strict=True), 1):
        expect(listed == expected, f"{where} listed {listed} in place {place}, where another cell belongs.")
