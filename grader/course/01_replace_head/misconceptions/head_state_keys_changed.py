"""The head's keys have other names now

Why it matters: A stack of layers in the head's place moves fc.weight to fc.1.weight. Checkpoints, and every rule that
goes by names, no longer fit.

Ask yourself: Would a checkpoint of this model from before still load?

Where to look: What kind of object stands in the head's place, and the keys of state_dict() before and after.

Source: mmdetection issue 1337, where a prefix made a checkpoint useless.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen, Trial

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    plain = [trial for trial in seen.trials if trial.family != "stacked"]
    if not all(_moved_inside(trial) for trial in plain):
        return None
    trial = plain[0]
    return f"On {trial.title}, {listing(trial.missing)} became {listing(trial.surplus)}."


def _moved_inside(trial: Trial) -> bool:
    """Whether the head's entries are gone, and others below the head's name have come."""
    inside = all(name.startswith(f"{trial.head}.") for name in trial.surplus)
    return trial.same and bool(trial.surplus) and inside and trial.missing == trial.head_names
