"""Two groups, one learning rate

Why it matters: The groups look like a plan, but every parameter moves at the same rate: a test that never matches, or
the same number written twice.

Ask yourself: Which learning rates occur in your groups when you print them?

Where to look: The test that should tell head and backbone apart, with the real names of the model.

Source: huggingface/lerobot pull request 280, where one rate ruled behind two.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows_lr, stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    if not (
        follows_lr(trials, lambda trial, _: trial.backbone_lr) or follows_lr(trials, lambda trial, _: trial.head_lr)
    ):
        return None
    trial = trials[0]
    rate = trial.rates[min(trial.moved)].lr
    return f"{trial.where}, all {len(trial.moved)} parameters took their step with a learning rate of {rate:g}."
