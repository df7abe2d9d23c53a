"""The next experiment costs more than the chosen one

Why it matters: The chosen depth is good enough already. What is still worth knowing is whether less would do; a deeper
run can only confirm what was already affordable.

Ask yourself: Does the depth that you suggest train more numbers than the chosen one, or fewer?

Where to look: On which side of the chosen depth you look for a neighbour.

Source: the course page: which smaller transfer experiment should come next, if any.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..facts import Seen
from ..stories import steps

FUNCTION = "next_smaller_depth"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not steps(seen, _halfway_up, _halfway_up_any_gap, lambda _, chosen: chosen + 1, _one_more_if_untested):
        return None
    call = next(call for call in seen.depths if call.possible and call.answer.returned is not None)
    return f"`{call.text}` returned {call.answer.returned}."


def _above(tested: Sequence[int], chosen: int) -> int | None:
    return min((depth for depth in tested if depth > chosen), default=None)


def _halfway_up(tested: Sequence[int], chosen: int) -> int | None:
    larger = _above(tested, chosen)
    return None if larger is None or larger - chosen <= 1 else (chosen + larger) // 2


def _halfway_up_any_gap(tested: Sequence[int], chosen: int) -> int | None:
    larger = _above(tested, chosen)
    return None if larger is None else (chosen + larger) // 2


def _one_more_if_untested(tested: Sequence[int], chosen: int) -> int | None:
    return None if chosen + 1 in tested else chosen + 1
