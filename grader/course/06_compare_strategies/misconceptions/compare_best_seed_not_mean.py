"""The luckiest run is reported

Why it matters: The best of several runs grows with the number of runs, even when nothing is learned. It says what
luck can do; the mean says what to expect.

Ask yourself: With twice as many seeds, would your number rise although no strategy became better?

Where to look: How several scores become one number.

Source: Dodge et al. 2020, arXiv 2002.06305, on the expected best of n runs.
"""

from __future__ import annotations

from ..facts import Seen, same_number
from ..stories import first_row, reports

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not reports(seen, lambda row, scores: same_number(row.mean, max(scores))):
        return None
    comparison, row = first_row(seen)
    return f"{comparison.title}, the mean of `{row.strategy}` is its highest score, {row.mean:.6f}."
