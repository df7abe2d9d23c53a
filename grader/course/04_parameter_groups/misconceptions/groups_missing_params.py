"""Some parameters are in no group

Why it matters: What is in no group is never trained, and nothing complains: the loss still falls, only less. Two
filters with a gap between them are the usual cause.

Ask yourself: Add up the members of your groups. Is that as many as the model has that can learn?

Where to look: For each of your conditions, what happens to a name that meets none of them.

Source: huggingface/lerobot pull request 280, whose review calls it a sneaky and silent bug.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    gaps = [trial for trial in trials if trial.live - trial.grouped]
    if not gaps or any(trial.grouped != trial.moved or trial.grouped - trial.live for trial in trials):
        return None
    missing = gaps[0].live - gaps[0].grouped
    return f"{gaps[0].where}, {len(missing)} of {len(gaps[0].live)} parameters are in no group: {listing(missing)}."
