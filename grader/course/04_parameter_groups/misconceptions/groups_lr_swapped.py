"""The head learns at the backbone's rate, and the backbone at the head's

Why it matters: The head starts from random numbers and has the longest way to go; the backbone is nearly there.
Swapped, the head crawls while large steps wipe out what was pretrained.

Ask yourself: Which part knows nothing yet, and how fast does it move in your groups?

Where to look: Which of the two rates stands beside which list.

Source: Keras guide to transfer learning and fine-tuning, on why the pretrained part gets a very low learning rate.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows_lr, stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    if not follows_lr(trials, lambda trial, name: trial.backbone_lr if name in trial.head else trial.head_lr):
        return None
    trial = trials[0]
    return f"{trial.where}, the head took its step with {trial.backbone_lr:g} and the backbone with {trial.head_lr:g}."
