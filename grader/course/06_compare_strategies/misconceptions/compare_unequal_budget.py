"""One strategy gets more runs than another

Why it matters: Whoever has more tries has more luck, and a mean of many runs is known better than a mean of few. A
difference may then come from the budget and not from the strategy.

Ask yourself: How many runs had each strategy, and why not as many as the others?

Where to look: What decides how often the inner loop runs.

Source: LLMs-from-scratch pull request 321, where two things differed at once; Dodge et al. 2020, arXiv 2002.06305.
"""

from __future__ import annotations

from ..facts import Seen
from ..records import Comparison

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    counts = [_counts(comparison) for comparison in seen.repeated]
    if not all(min(runs.values()) and len(set(runs.values())) > 1 for runs in counts):
        return None
    told = ", ".join(f"{runs} of `{name}`" for name, runs in counts[0].items())
    return f"{seen.repeated[0].title}, you had so many runs made: {told}."


def _counts(comparison: Comparison) -> dict[str, int]:
    return {name: len(comparison.of(name)) for name in comparison.names}
