"""What the stories of exercise 07 have in common: predictions of what a mistaken program would have returned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .seen import CLOSE, Call, Seen, returned_cells, returned_pair
from .truth import Array, Cell, cells, delta, headline, pattern

Matrix = Callable[[Call], Array]
"""Predicts the returned matrix, ``[C, C]``."""


def fits(seen: Seen, function: str, *rules: Callable[[Call], bool]) -> bool:
    """Whether one of the rules holds for every call of a function."""
    calls = seen.calls(function)
    return any(all(map(rule, calls)) for rule in rules)


def fitting(seen: Seen, function: str, case: str, *rules: Callable[[Call], bool]) -> Call | None:
    """Return one call of a function, to tell of, when one of the rules holds for all of them."""
    return seen.call(function, case) if fits(seen, function, *rules) else None


def number(predict: Callable[[Array], float]) -> Callable[[Call], bool]:
    """Make the rule that a call returned the number predicted from its matrix ``[C, C]``."""
    return lambda call: call.is_number(predict(call.matrix))


def returns(predict: Matrix) -> Callable[[Call], bool]:
    """Make the rule that a call returned the predicted matrix, NaN for NaN."""

    def rule(call: Call) -> bool:
        return call.tensor is not None and same(call.tensor, predict(call))

    return rule


def same(mine: Array, theirs: Array) -> bool:
    """Whether two arrays agree in shape and numbers, up to the order in which sums were taken."""
    return mine.shape == theirs.shape and bool(np.allclose(mine, theirs, rtol=0, atol=CLOSE, equal_nan=True))


def quotients(matrix: Array, divisor: Array) -> tuple[Array, ...]:
    """Return what dividing ``[C, C]`` may give where the divisor is zero: NaN or inf, the numerator, or zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.asarray(matrix / divisor)
    empty = np.broadcast_to(divisor == 0, matrix.shape)
    return raw, np.where(empty, matrix, raw), np.where(empty, 0, raw)


def divided_by(divisor: Callable[[Array], Array]) -> list[Callable[[Call], bool]]:
    """Make one rule for each way of treating zeros among the divisors that a matrix ``[C, C]`` has."""

    def treated(way: int) -> Callable[[Call], bool]:
        return returns(lambda call: quotients(call.matrix, divisor(call.matrix))[way])

    return [treated(way) for way in range(3)]


def lists(mine: list[Cell] | None, choice: list[Cell], k: int) -> bool:
    """Whether a list holds the k largest of these cells, whatever the order among equal counts."""
    if mine is None or len(set(mine)) != len(mine) or not set(mine) <= set(choice):
        return False
    return [count for _, _, count in mine] == sorted((count for _, _, count in choice), reverse=True)[:k]


def ranks(choose: Callable[[Call], list[Cell]]) -> Callable[[Call], bool]:
    """Make the rule that a call listed the k largest of the chosen cells."""
    return lambda call: lists(returned_cells(call), choose(call), call.numbers[0])


def confusions(call: Call) -> list[Cell]:
    """Return the cells that the contract speaks of."""
    return cells(call.matrix)


def mismatched(call: Call) -> bool:
    """Whether the two matrices come from different validation sets."""
    before, after = call.inputs
    return not np.array_equal(before.sum(1), after.sum(1))


def changes(predict: Callable[[Array, Array], Array]) -> list[Callable[[Call], bool]]:
    """Make the rules that a delta ``[C, C]`` is as predicted, with the ValueError for different sets and without."""

    def rule(call: Call) -> bool:
        return returns(lambda call: predict(*call.inputs))(call)

    return [rule, lambda call: call.answer.raises("ValueError") if mismatched(call) else rule(call)]


def right_delta(call: Call) -> bool:
    """Whether a delta is right."""
    return returns(lambda call: delta(*call.inputs))(call)


def tells(predict: Callable[[Array, Array, float, float], tuple[float, float]]) -> Callable[[Call], bool]:
    """Make the rule that a call returned two numbers, predicted from matrices ``[C, C]`` and the two right numbers."""

    def rule(call: Call) -> bool:
        pair = returned_pair(call)
        before, after = call.inputs
        expected = predict(before, after, headline(before, after), pattern(before, after))
        return pair is not None and same(np.array(pair), np.array(expected))

    return rule
