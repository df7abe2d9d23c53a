"""Factors multiply from call to call

Why it matters: Two calls with one half give a quarter, and one call with zero ends training for good. A schedule says
where the rate should be now, seen from where it began.

Ask yourself: Call it twice with one half: where should the rate be?

Where to look: Which number you multiply, and whether it is still the one from the beginning.

Source: PyTorch documentation of LambdaLR: the rate is the initial lr times a given function.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import compounded, follows_scale, scaled

FUNCTION = "scale_lrs"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    schedules = scaled(seen)
    if not schedules or not follows_scale(schedules, compounded):
        return None
    first = schedules[0]
    base, now = first.bases[0], first.calls[1].rates[0].lr
    return f"After {first.factors(1)}, the first group, which began with {base:g}, learned at {now:g}."
