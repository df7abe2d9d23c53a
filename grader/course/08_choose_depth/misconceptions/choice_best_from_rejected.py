"""The bar is set by a strategy that was refused

Why it matters: A strategy that cannot be chosen says nothing about what can be had. When it sets the bar, good cheap
strategies fall below a height that no admitted one may ever have reached.

Ask yourself: Which strategy set your bar, and would you have accepted it?

Where to look: The order of two steps: refusing, and finding the best.

Source: the course's own rule, in the contract of choose_cheapest.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..facts import Seen
from ..stories import chooses, wrong
from ..truth import Row, admitted, bar, best, cheapest, reaching

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not chooses(seen, _late):
        return None
    choice = wrong(seen, "best-is-refused")
    return f"Of {choice.title}, you refused {best(choice.rows).strategy}, and yet it set the bar." if choice else None


def _late(rows: Sequence[Row], gate: float) -> Row | None:
    kept = reaching(admitted(rows, gate), bar(rows))
    return cheapest(kept) if kept else None
