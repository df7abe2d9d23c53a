"""The bar is a standard deviation below the best, not a standard error

Why it matters: The standard deviation says how far single runs scatter, and more runs do not make it smaller. The mean
of many runs is known better, and the margin should be as narrow as that knowledge.

Ask yourself: With sixteen runs instead of four, does your margin become narrower?

Where to look: The number you subtract from the best mean.

Source: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", section 7.10.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import chooses, gated, wrong
from ..truth import best, cheapest, reaching

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not chooses(seen, gated(lambda rows: cheapest(reaching(rows, best(rows).mean - best(rows).std)))):
        return None
    choice = wrong(seen, "sixteen-runs")
    return (
        f"Of {choice.title}, you chose one that is within one standard deviation of the best mean." if choice else None
    )
