"""A noisy candidate gets a wider door

Why it matters: When a candidate's own noise is added to its mean, the worse it was measured the more easily it passes.
The bar is set by how well the best is known, and it is the same for everybody.

Ask yourself: Two strategies have the same mean, one with five times the noise. Should the noisy one be accepted sooner?

Where to look: Whose standard error stands in your comparison.

Source: Breiman et al. 1984, "Classification and Regression Trees": the standard error is that of the best.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import chooses, within, wrong
from ..truth import ROUNDING, bar, best, error

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    rules = (
        within(lambda row, rows: row.mean + error(row) >= best(rows).mean - ROUNDING),
        within(lambda row, rows: row.mean + row.std >= best(rows).mean - ROUNDING),
        within(lambda row, rows: row.mean + error(row) >= bar(rows) - ROUNDING),
    )
    if not chooses(seen, *rules):
        return None
    choice = wrong(seen, "noisy-candidate")
    return (
        f"Of {choice.title}, you chose one that comes near the best only with its own noise added." if choice else None
    )
