"""Every moved error is counted twice

Why it matters: An error that moves leaves one cell and enters another. Counted in both, it makes the pattern look twice
as large as the share of examples that it stands for.

Ask yourself: One error moved from one cell to another. How many cells changed, and how many examples?

Where to look: The factor in front of the sum.

Source: Levin, Peres, Wilmer, "Markov Chains and Mixing Times", on the half in the total variation distance.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import fits, tells

FUNCTION = "headline_and_pattern"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, tells(lambda _before, _after, headline, pattern: (headline, 2 * pattern))):
        return None
    title = seen.call(FUNCTION, "same-headline").title
    return f"On {title}, your second number is twice the share of moved errors."
