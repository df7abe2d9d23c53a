"""Every strategy costs the same by this measure

Why it matters: The cost of an adaptation is what it trains and stores anew. All strategies have the same model;
counted whole, a frozen backbone costs as much as a trained one, and the cheapest cannot be chosen any more.

Ask yourself: What would a strategy have to do to cost less by your measure?

Where to look: Which parameters your sum runs over.

Source: yassouali pytorch-segmentation issue 83, where 134 million were shown for a frozen backbone.
"""

from __future__ import annotations

from ..facts import Seen, same_number
from ..records import Comparison, Summary
from ..stories import summaries

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    rows = [(comparison, row) for comparison in seen.toys for row in summaries(comparison)]
    if not rows or not all(_counts_all(comparison, row) for comparison, row in rows):
        return None
    comparison, row = rows[0]
    build = comparison.of(row.strategy)[0].build
    learns = f"only {build.trainable} of which require grad"
    return f"{comparison.title}, you counted all {build.scalars} scalars of `{build.strategy}`, {learns}."


def _counts_all(comparison: Comparison, row: Summary) -> bool:
    return any(same_number(row.trainable, run.build.scalars) for run in comparison.of(row.strategy))
