"""An iterator was walked twice

Why it matters: filter, map and generator expressions can be walked once. The first group takes what it needs and uses
up the rest on the way; every later group finds nothing, and nobody is told.

Ask yourself: How often can the object you build your groups from be walked through?

Where to look: The line that selects what requires grad, and how many groups are made from it.

Source: pytorch issue 47594, where an optimizer met an exhausted generator.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen, Trial

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    whole = [trial for trial in seen.trials if trial.state == "whole"]  # elsewhere the first group may be empty too
    if not all(trial.tried and _used_up(trial) for trial in whole):
        return None
    trial = whole[0]
    (only,) = (group for group in trial.groups if not group.empty)
    held = f"{len(only.names)} parameters, {listing(only.names)}"
    return f"{trial.where}, one of your {len(trial.groups)} groups holds {held}; the others hold none at all."


def _used_up(trial: Trial) -> bool:
    """Whether one group took a share of the parameters, the others nothing, and the rest is nowhere."""
    filled = [group for group in trial.groups if not group.empty]
    return len(filled) == 1 < len(trial.groups) and trial.grouped < trial.live
