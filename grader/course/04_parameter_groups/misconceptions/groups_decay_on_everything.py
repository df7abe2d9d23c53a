"""Nothing is spared the decay

Why it matters: A list of exceptions helps only if it matches. Compared with whole names such as bn1.bias, the word
bias alone never does, and every tensor is decayed.

Ask yourself: How many parameters did your list of exceptions match?

Where to look: What exactly the exceptions are compared with.

Source: namisan/mt-dnn pull request 37, where the no-decay list never matched.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows_decay, stepped

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    if not follows_decay(trials, lambda trial, _: trial.weight_decay):
        return None
    trial = trials[0]
    return f"{trial.where}, all {len(trial.moved)} parameters decayed at {trial.weight_decay:g}."
