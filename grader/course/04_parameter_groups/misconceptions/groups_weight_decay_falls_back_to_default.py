"""The optimizer's default decay steps in

Why it matters: A group that does not name weight_decay gets the one the optimizer was built with, which for AdamW is
not zero even if nobody asked for it.

Ask yourself: What does a group get for a key that it does not have?

Where to look: Whether every one of your dicts has the key weight_decay.

Source: PyTorch documentation of torch.optim, per-parameter options; AdamW's default weight decay is 0.01.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Names, Seen, Trial
from ..stories import PARTS, Part, Value, follows_decay, stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    for part in (*PARTS, _flat, _thick):
        if follows_decay(trials, _forgotten_on(part, seen.default_decay)):
            trial = trials[0]
            shown = listing(part(trial) & trial.moved)
            return f"{trial.where}, {shown} decayed at the optimizer's own {seen.default_decay:g}."
    return None


def _forgotten_on(part: Part, default: float) -> Value:
    return lambda trial, name: default if name in part(trial) else trial.decay_of(name)


def _flat(trial: Trial) -> Names:
    return trial.live & trial.flat


def _thick(trial: Trial) -> Names:
    return trial.live - trial.flat
