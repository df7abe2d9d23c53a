"""The new layer sits on the old answers

Why it matters: A layer behind the whole model classifies the scores of the old classes, not the features: whatever
the old task did not distinguish is already lost. And every key of the state gets a new prefix.

Ask yourself: What arrives at your new layer: features, or scores of the old classes?

Where to look: What you return, and what the old head does in it.

Source: PyTorch documentation of nn.Sequential: the output of one module is the input of the next.
"""

from __future__ import annotations

from ..facts import Seen, Trial

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    prefixes = [_prefix(trial) for trial in seen.trials]
    if not all(prefixes):
        return None
    trial = seen.trials[0]
    return f"On {trial.title}, a {trial.answer.returned} came back, in which every old key begins with `{prefixes[0]}`."


def _prefix(trial: Trial) -> str:
    """Return what stands before every old key in the state that came back; empty without such a prefix."""
    first = next(iter(trial.old))
    found = (key.removesuffix(first) for key in trial.keys if key.endswith(f".{first}"))
    return next((prefix for prefix in found if {prefix + name for name in trial.old} <= set(trial.keys)), "")
