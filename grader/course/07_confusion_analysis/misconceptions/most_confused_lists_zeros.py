"""Confusions are listed that never happened

Why it matters: A model with two kinds of errors has two confusions, whatever k is. Filled up with empty cells, the list
tells of classes that were never taken for each other.

Ask yourself: How often did the last confusion in your list happen?

Where to look: What becomes of k when there are fewer confusions than that.

Source: fastai's Interpretation.most_confused and its argument min_val.
"""

from __future__ import annotations

from ..facts import Call, Seen, returned_cells
from ..stories import confusions, fits, lists

FUNCTION = "most_confused"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, _filled_up):
        return None
    call = seen.call(FUNCTION, "few")
    return f"On {call.title}, you listed {len(returned_cells(call) or [])} confusions."


def _filled_up(call: Call) -> bool:
    """Whether the right cells are listed first, and behind them as many empty ones as k asks for."""
    listed, k = returned_cells(call), call.numbers[0]
    if listed is None or len(listed) != min(k, call.matrix.size):
        return False
    real = [cell for cell in listed if cell[2] > 0]
    return lists(real, confusions(call), k) and listed[: len(real)] == real
