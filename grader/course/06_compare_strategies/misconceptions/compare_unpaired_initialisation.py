"""The strategies start from different first weights

Why it matters: The first weights of a new head are a matter of luck, as the batches are. When only the training is
seeded, one strategy may get the lucky draw and another not, and the difference shows both.

Ask yourself: What is random about a run before the first batch is drawn?

Where to look: What happens before the call of `build`.

Source: Dodge et al. 2020, arXiv 2002.06305: some first weights are better than others, on every task.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import unlike

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    found = [unlike(comparison, [run.build.draws for run in comparison.runs]) for comparison in seen.repeated]
    fitted = all(run.draws == run.seeded_draws for comparison in seen.repeated for run in comparison.runs)
    if not fitted or not all(found):
        return None
    first, second = found[0]
    return (
        f"{seen.repeated[0].title}, both `{first.build.strategy}` and `{second.build.strategy}` had seed {first.seed}, "
        f"and were built from different random numbers."
    )
