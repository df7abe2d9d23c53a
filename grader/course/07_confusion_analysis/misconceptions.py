"""What recognises the misconceptions of exercise 07, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .seen import Call, Seen, returned_cells
from .stories import (
    changes,
    confusions,
    divided_by,
    fits,
    fitting,
    lists,
    mismatched,
    number,
    quotients,
    ranks,
    returns,
    right_delta,
    tells,
)
from .truth import Array, cells, confusion, delta, moved, normalised, present, ranked
from .wire import BALANCED, CONFUSED, DELTA, HEADLINE, MATRIX, NORMALISE


def cm_transposed(seen: Seen) -> str | None:
    exchanged = returns(lambda call: confusion(call.inputs[1], call.inputs[0], call.numbers[0]))
    if not fits(seen, MATRIX, exchanged):
        return None
    title = seen.calls(MATRIX)[0].title
    return f"On {title}, every row of your matrix holds the examples that were *predicted* to be of that class."


def cm_drops_absent_class(seen: Seen) -> str | None:
    rules = (returns(_only(kept)) for kept in (_seen_classes, _up_to_the_largest))
    call = fitting(seen, MATRIX, "last-absent", *rules)
    return f"On {call.title}, your matrix has {call.told.shape[0]} rows instead of {call.numbers[0]}." if call else None


def _only(kept: Callable[[Array], Array]) -> Callable[[Call], Array]:
    def predict(call: Call) -> Array:
        true, predicted = call.inputs
        matrix = confusion(true, predicted, call.numbers[0])
        classes = kept(matrix)
        return np.asarray(matrix[np.ix_(classes, classes)])

    return predict


def _seen_classes(matrix: Array) -> Array:
    return np.flatnonzero(present(matrix) | present(matrix.T))


def _up_to_the_largest(matrix: Array) -> Array:
    return np.arange(_seen_classes(matrix)[-1] + 1)


def cm_zero_division(seen: Seen) -> str | None:
    undefined = returns(lambda call: quotients(call.matrix, call.matrix.sum(1, keepdims=True))[0])
    call = fitting(seen, NORMALISE, "absent", undefined)
    return f"On {call.title}, that row of yours is NaN; all other rows are right." if call else None


def cm_missing_keepdim(seen: Seen) -> str | None:
    call = fitting(seen, NORMALISE, "wide", *divided_by(lambda matrix: matrix.sum(1)))
    return f"On {call.title}, your column j was divided by the sum of row j, for every j." if call else None


def cm_normalised_by_prediction(seen: Seen) -> str | None:
    call = fitting(seen, NORMALISE, "wide", *divided_by(lambda matrix: matrix.sum(0, keepdims=True)))
    return f"On {call.title}, your columns sum to one, and the rows do not." if call else None


def cm_normalised_by_total(seen: Seen) -> str | None:
    call = fitting(seen, NORMALISE, "wide", *divided_by(lambda matrix: matrix.sum(keepdims=True)))
    return f"On {call.title}, all your cells together sum to one." if call else None


def recall_absent_class_counts_zero(seen: Seen) -> str | None:
    over_all = number(lambda matrix: float(normalised(matrix).diagonal().mean()))
    call = fitting(seen, BALANCED, "absent", over_all)
    return f"On {call.title}, you divided the sum of the recalls by {len(call.matrix)}." if call else None


def balanced_accuracy_is_accuracy(seen: Seen) -> str | None:
    accuracy = number(lambda matrix: float(np.trace(matrix) / matrix.sum()))
    if not (call := fitting(seen, BALANCED, "wide", accuracy)):
        return None
    right, total = int(np.trace(call.matrix)), int(call.matrix.sum())
    return f"On {call.title}, you returned {right} of {total}, the share of all examples on the diagonal."


def most_confused_diagonal(seen: Seen) -> str | None:
    if not (call := fitting(seen, CONFUSED, "one", ranks(lambda call: cells(call.matrix, diagonal=True)))):
        return None
    listed = returned_cells(call) or []
    return f"On {call.title}, your list begins with {listed[0]}: a class taken for itself."


def most_confused_lists_zeros(seen: Seen) -> str | None:
    call = fitting(seen, CONFUSED, "few", _filled_up)
    return f"On {call.title}, you listed {len(returned_cells(call) or [])} confusions." if call else None


def _filled_up(call: Call) -> bool:
    """Whether the right cells are listed first, and behind them as many empty ones as k asks for."""
    listed, k = returned_cells(call), call.numbers[0]
    every, off_diagonal = call.matrix.size, call.matrix.size - len(call.matrix)
    if listed is None or len(listed) not in (min(k, every), min(k, off_diagonal)):
        return False
    real = [cell for cell in listed if cell[2] > 0]
    return lists(real, confusions(call), k) and listed[: len(real)] == real


def most_confused_swapped(seen: Seen) -> str | None:
    if not (call := fitting(seen, CONFUSED, "one", _exchanged)):
        return None
    listed = returned_cells(call) or []
    return f"On {call.title}, you listed {listed[0]}; that count is in row {listed[0][1]}, column {listed[0][0]}."


def _exchanged(call: Call) -> bool:
    listed = returned_cells(call)
    return listed is not None and lists([(t, p, count) for p, t, count in listed], confusions(call), call.numbers[0])


def most_confused_tie_order(seen: Seen) -> str | None:
    call = fitting(seen, CONFUSED, "tied", ranks(confusions))
    if not call or returned_cells(call) == ranked(call.matrix, call.numbers[0]):
        return None
    return f"On {call.title}, the counts you listed are right, but other cells with the same counts come first."


def delta_sign_reversed(seen: Seen) -> str | None:
    call = fitting(seen, DELTA, "better", *changes(lambda before, after: delta(after, before)))
    return f"On {call.title} before and after, every cell of your matrix has the opposite sign." if call else None


def delta_raw_counts(seen: Seen) -> str | None:
    if not (call := fitting(seen, DELTA, "better", *changes(lambda before, after: after - before))):
        return None
    largest = int(abs(call.inputs[1] - call.inputs[0]).max())
    return f"On {call.title}, your matrix holds whole examples, up to {largest} in one cell."


def delta_different_validation_sets(seen: Seen) -> str | None:
    if not fits(seen, DELTA, _right_or_accepted):
        return None
    accepted = (call for call in seen.calls(DELTA) if mismatched(call) and call.answer.raised is None)
    return next((f"You compared {call.title}." for call in accepted), None)


def _right_or_accepted(call: Call) -> bool:
    if mismatched(call):
        return call.answer.raised is None or call.answer.raises("ValueError")
    return right_delta(call)


def headline_sign_reversed(seen: Seen) -> str | None:
    reversed_ = tells(lambda _before, _after, headline, pattern: (-headline, pattern))
    call = fitting(seen, HEADLINE, "better", reversed_)
    return f"On {call.title} before and after, your first number has the opposite sign." if call else None


def pattern_signed_sum_cancels(seen: Seen) -> str | None:
    ways = (_sum(factor, size) for factor in (0.5, -0.5, 1.0, -1.0) for size in (float, abs))
    call = fitting(seen, HEADLINE, "same-headline", *ways)
    return f"On {call.title}, errors moved between cells, and your second number is 0." if call else None


def _sum(factor: float, size: Callable[[float], float]) -> Callable[[Call], bool]:
    """Predict a sum with its signs, halved or not, from either matrix, and perhaps its size in the end."""
    return tells(
        lambda before, after, headline, _: (headline, size(factor * moved(before, after).sum() / before.sum()))
    )


def pattern_counted_twice(seen: Seen) -> str | None:
    twice = tells(lambda _before, _after, headline, pattern: (headline, 2 * pattern))
    call = fitting(seen, HEADLINE, "same-headline", twice)
    return f"On {call.title}, your second number is twice the share of moved errors." if call else None
