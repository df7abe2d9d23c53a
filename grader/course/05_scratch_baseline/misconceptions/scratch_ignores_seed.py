"""Every seed gives the same twin

Why it matters: Several seeds show how much luck there is in a score. When all of them give one and the same start,
the spread looks small and means nothing.

Ask yourself: What is different in your function when the seed is another?

Where to look: Which number the generator is seeded with.

Source: Dodge et al. 2020, arXiv 2002.06305: weight initialisation alone moves the score a good deal.
"""

from __future__ import annotations

from ..facts import FIRST, OTHER, Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for twins in seen.twins:
        first, other = twins[FIRST], twins[OTHER]
        same = all(first.agrees(other, name) for name in first.fresh)
        if not same or not first.fresh:
            return None
    first, _, other = seen.twins[0]
    return f"{first.where}, the twins with seeds {first.seed} and {other.seed} are the same, number by number."
