"""The same seed gives another twin every time

Why it matters: Strategies are compared in pairs, seed by seed. A baseline that cannot be made again cannot be paired
with anything, and nobody can repeat the comparison.

Ask yourself: What does your function do with its second argument?

Where to look: From which generator the new numbers come, and who seeds it.

Source: Dodge et al. 2020, arXiv 2002.06305: weight initialisation alone moves the score a good deal.
"""

from __future__ import annotations

from ..facts import AGAIN, FIRST, Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for twins in seen.twins:
        first, again = twins[FIRST], twins[AGAIN]
        same = any(first.agrees(again, name) for name in first.fresh)
        if same or not first.fresh:
            return None
    first = seen.twins[0][FIRST]
    return f"{first.where}, two calls with seed {first.seed} gave two different twins."
