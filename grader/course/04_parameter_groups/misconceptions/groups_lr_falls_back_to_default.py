"""The optimizer never reads the learning rate

Why it matters: An optimizer reads the key lr and no other. A group without it, or with a key of one's own invention
such as lr_mult, gets the rate the optimizer was built with, without a warning.

Ask yourself: Which keys of a group does the optimizer read?

Where to look: The spelling of every key in your dicts, and whether each dict has all of them.

Source: msight-tech/research-ms-loss issue 27, where a group's lr_mul was never read.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import PARTS, Part, Value, follows_lr, stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    for part in PARTS:
        if follows_lr(trials, _forgotten_on(part, seen.default_lr)):
            trial = trials[0]
            shown = listing(part(trial) & trial.moved)
            return f"{trial.where}, {shown} learned at the optimizer's own {seen.default_lr:g}."
    return None


def _forgotten_on(part: Part, default: float) -> Value:
    return lambda trial, name: default if name in part(trial) else trial.lr_of(name)
