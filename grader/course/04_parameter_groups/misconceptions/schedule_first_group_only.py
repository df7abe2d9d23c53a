"""Only the first group hears of the schedule

Why it matters: Scaling one group changes the ratio that was planned. The others stay at full speed to the end of
training.

Ask yourself: How many groups have changed after one call?

Where to look: Every index in your function.

Source: speedinghzl/pytorch-segmentation-toolbox issue 12.
"""

from __future__ import annotations

from ..facts import Schedule, Seen
from ..stories import compounded, follows_scale, scaled

FUNCTION = "scale_lrs"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    schedules = scaled(seen)
    if not schedules or not (follows_scale(schedules, _first_scaled) or follows_scale(schedules, _first_compounded)):
        return None
    last = schedules[0]
    return f"After {last.factors(len(last.calls) - 1)}, every group but the first learned as in the beginning."


def _first_scaled(schedule: Schedule, index: int, group: int) -> float:
    base = schedule.bases[group]
    return base if group else base * schedule.calls[index].factor


def _first_compounded(schedule: Schedule, index: int, group: int) -> float:
    return schedule.bases[group] if group else compounded(schedule, index, 0)
