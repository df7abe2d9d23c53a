"""The strategies are trained with different luck

Why it matters: Building a model uses up random numbers, not every strategy uses up as many, and every run moves the
generator on. Whoever comes later is dealt other batches, although the seed on the label is the same.

Ask yourself: Two strategies are fitted with the same seed. Which random numbers come next for each of them?

Where to look: What happens between the last seeding and the call of `fit`.

Source: autoemulate issue 261, where runs to be compared did not share their random state.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import unlike

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    found = [unlike(comparison, [run.draws for run in comparison.runs]) for comparison in seen.repeated]
    if not all(found):
        return None
    first, second = found[0]
    return (
        f"{seen.repeated[0].title}, both `{first.build.strategy}` and `{second.build.strategy}` were fitted for seed "
        f"{first.seed}, with different random numbers."
    )
