"""A model goes on from where another run has left it

Why it matters: The second run does not start from pretrained or fresh weights but from what the first one has
learned. Its score measures both budgets, and the runs say nothing about each other any more.

Ask yourself: Where did your second run begin?

Where to look: Which line makes a model, and how often it is reached.

Source: deepchem issue 926 and camull-net issue 6, where one model went through several runs.
"""

from __future__ import annotations

from ..facts import Seen
from ..records import Comparison, Run

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    reused = [_reused(comparison) for comparison in seen.repeated]
    if not all(reused):
        return None
    (first, later), *_ = reused
    return (
        f"{seen.repeated[0].title}, one and the same model of `{first.build.strategy}` was fitted for seed "
        f"{first.seed} and for seed {later.seed}."
    )


def _reused(comparison: Comparison) -> tuple[Run, ...]:
    """Return two runs with different seeds that trained one model; nothing if there are none."""
    for run in comparison.runs:
        for later in comparison.runs:
            if run.serial == later.serial and run.seed != later.seed and later.trained > run.trained:
                return run, later
    return ()
