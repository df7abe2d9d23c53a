"""One call makes all learning rates equal

Why it matters: A schedule that writes the same number into every group undoes the plan: from the first call on, the
backbone learns as fast as the head.

Ask yourself: Which learning rates do your groups have after one call?

Where to look: Where the number comes from that you write into each group.

Source: JUGGHM/PENet_ICRA2021 issue 29; flair pull request 2641.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import scaled

FUNCTION = "scale_lrs"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for schedule in scaled(seen):
        for index, call in enumerate(schedule.calls):
            lrs = [rate.lr for rate in call.rates[: schedule.present(index)]]
            if not all(rate.learns_at(lrs[0]) for rate in call.rates[: len(lrs)]):
                return None
            if index == 0:
                told = f"After {schedule.factors(0)}, all {len(lrs)} groups learned at {lrs[0]:.3g}."
    return told if scaled(seen) else None
