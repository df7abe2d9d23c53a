"""A group has nobody in it

Why it matters: An empty group is clutter: it shows up in logs and schedules, and whoever counts on param_groups[0]
being the head may be looking at an empty list.

Ask yourself: Which of your groups has members when only the head can learn?

Where to look: Whether a group is made before it is known that somebody belongs to it.

Source: PyTorch documentation of Optimizer.add_param_group.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows_membership, stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    hollow = [trial for trial in trials if any(group.empty for group in trial.groups)]
    if not hollow or not follows_membership(trials, lambda trial: trial.live):
        return None
    empty = sum(group.empty for group in hollow[0].groups)
    return f"{hollow[0].where}, everybody is in a group, and {empty} of your {len(hollow[0].groups)} groups are empty."
