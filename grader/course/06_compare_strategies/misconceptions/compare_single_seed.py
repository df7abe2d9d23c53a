"""One run per strategy decides

Why it matters: Another seed moves a score by a point or two without any change of the strategy. One run cannot tell
such luck from a gain, and it has no spread to compare a gain with.

Ask yourself: How would you know that the winner did not just draw the better seed?

Where to look: Which of the given seeds your loop visits.

Source: wandb senpai pull request 1367, where a change of seed moved the score by about one percent.
"""

from __future__ import annotations

from ..facts import Seen
from ..records import Comparison

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(_once(comparison) for comparison in seen.repeated):
        return None
    comparison = seen.repeated[0]
    return f"{comparison.title}, you had every strategy fitted once, with seed {comparison.runs[0].seed}."


def _once(comparison: Comparison) -> bool:
    """Whether every strategy was fitted once, and all with the same seed."""
    first, *others = [comparison.seeds_of(name) for name in comparison.names]
    return len(first) == 1 and all(seeds == first for seeds in others)
