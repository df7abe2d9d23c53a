"""What recognises mistakes of exercise 07 that no single answer shows; the others have slips.

Where equal counts leave the order open to a library, a list is looked at as a set.
"""

from __future__ import annotations

from .seen import Call, Seen, returned_cells
from .truth import Cell, cells, ranked
from .wire import CONFUSED


def most_confused_diagonal(seen: Seen) -> str | None:
    if not all(_lists(returned_cells(call), cells(call.matrix, diagonal=True), call) for call in seen.calls(CONFUSED)):
        return None
    call = seen.call(CONFUSED, "one")
    listed = returned_cells(call) or []
    return f"On {call.title}, your list begins with {listed[0]}: a class taken for itself."


def most_confused_lists_zeros(seen: Seen) -> str | None:
    call = seen.call(CONFUSED, "few")
    filled = all(map(_filled_up, seen.calls(CONFUSED)))
    return f"On {call.title}, you listed {len(returned_cells(call) or [])} confusions." if filled else None


def _filled_up(call: Call) -> bool:
    """Whether the right cells are listed first, and behind them as many empty ones as k asks for."""
    listed, k = returned_cells(call), call.numbers[0]
    every, off_diagonal = call.matrix.size, call.matrix.size - len(call.matrix)
    if listed is None or len(listed) not in (min(k, every), min(k, off_diagonal)):
        return False
    real = [cell for cell in listed if cell[2] > 0]
    return _lists(real, cells(call.matrix), call) and listed[: len(real)] == real


def most_confused_swapped(seen: Seen) -> str | None:
    if not all(map(_exchanged, seen.calls(CONFUSED))):
        return None
    call = seen.call(CONFUSED, "one")
    listed = returned_cells(call) or []
    return f"On {call.title}, you listed {listed[0]}; that count is in row {listed[0][1]}, column {listed[0][0]}."


def _exchanged(call: Call) -> bool:
    listed = returned_cells(call)
    return listed is not None and _lists([(t, p, count) for p, t, count in listed], cells(call.matrix), call)


def most_confused_tie_order(seen: Seen) -> str | None:
    if not all(_lists(returned_cells(call), cells(call.matrix), call) for call in seen.calls(CONFUSED)):
        return None
    call = seen.call(CONFUSED, "tied")
    if returned_cells(call) == ranked(call.matrix, call.numbers[0]):
        return None
    return f"On {call.title}, the counts you listed are right, but other cells with the same counts come first."


def _lists(mine: list[Cell] | None, choice: list[Cell], call: Call) -> bool:
    """Whether a list holds the k largest of these cells, whatever the order among equal counts."""
    if mine is None or len(set(mine)) != len(mine) or not set(mine) <= set(choice):
        return False
    return [count for _, _, count in mine] == sorted((count for _, _, count in choice), reverse=True)[: call.numbers[0]]
