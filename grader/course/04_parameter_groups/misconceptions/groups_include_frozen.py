"""Frozen parameters are in the groups

Why it matters: A frozen parameter gets no new gradient, but one left over from before, or weight decay, still moves
whatever the optimizer holds. It also costs the optimizer's memory.

Ask yourself: What would happen to a frozen tensor that still has a gradient?

Where to look: The place where you decide whom to take, before deciding into which group.

Source: pytorch issue 1266; ssd.pytorch issue 109.
"""

from __future__ import annotations

from grader.authoring import are

from ..facts import Names, Seen, Trial
from ..stories import follows_membership, stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    if not any(follows_membership(trials, rule) for rule in (_everything, _whole_head, _whole_backbone)):
        return None
    trial = next(trial for trial in trials if trial.grouped - trial.live)
    return f"{trial.where}, {are(trial.grouped - trial.live)} in a group without requiring grad."


def _everything(trial: Trial) -> Names:
    return trial.anatomy.names


def _whole_head(trial: Trial) -> Names:
    return trial.live | trial.anatomy.head


def _whole_backbone(trial: Trial) -> Names:
    return trial.live | (trial.anatomy.names - trial.anatomy.head)
