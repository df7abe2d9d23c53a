"""The next experiment has been run already

Why it matters: A run costs time and teaches something only where nobody has looked. The tested depths are the ones
whose results are on the table.

Ask yourself: Is the depth that you suggest among those that were tested?

Where to look: What your function returns when it has found the largest tested depth below.

Source: the course page: which smaller transfer experiment should come next, if any.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..facts import Seen
from ..stories import steps
from ..truth import below, next_depth

FUNCTION = "next_smaller_depth"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not steps(seen, below, _halfway, _below_a_gap):
        return None
    call = next((call for call in seen.depths if call.possible and call.answer.returned in call.tested), None)
    return f"`{call.text}` returned {call.answer.returned}, which is in the list." if call else None


def _halfway(tested: Sequence[int], chosen: int) -> int | None:
    """Halve the gap also where there is none."""
    smaller = below(tested, chosen)
    return None if smaller is None else (smaller + chosen) // 2


def _below_a_gap(tested: Sequence[int], chosen: int) -> int | None:
    return None if next_depth(tested, chosen) is None else below(tested, chosen)
