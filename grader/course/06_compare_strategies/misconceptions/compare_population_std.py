"""The spread is divided by n, not by n - 1

Why it matters: A few runs stand for all the runs that might have been made. Their distances from their own mean are
too small, and dividing by n - 1 makes up for it: with three runs, that is a fifth of the value.

Ask yourself: With three runs, what do you divide by, and why?

Where to look: The default of the function that computes your standard deviation.

Source: Python documentation of statistics.stdev and pstdev; numpy.std has ddof=0 by default.
"""

from __future__ import annotations

from statistics import pstdev

from ..facts import Seen, same_number
from ..stories import first_row, reports

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not reports(seen, lambda row, scores: same_number(row.std, pstdev(scores))):
        return None
    comparison, row = first_row(seen)
    return f"{comparison.title}, the std of `{row.strategy}`, {row.std:.6f}, is what dividing by n gives."
