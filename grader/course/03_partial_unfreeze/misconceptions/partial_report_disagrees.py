"""The returned list is not what the model does

Why it matters: The list goes into logs and notes, the flags go into training. When they differ, what is written down
is not what was run.

Ask yourself: Is your list what you planned, or what the model says afterwards?

Where to look: The return statement, and what its names were collected from.

Source: yassouali/pytorch-segmentation issue 83, where the printed count was not the trained one.
"""

from __future__ import annotations

import msgspec

from grader.authoring import listing

from ..facts import Seen
from ..stories import follows, right

FUNCTION = "partial_unfreeze"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, right):
        return None
    for trial in seen.possible:
        try:
            names = frozenset(msgspec.convert(trial.answer.returned, list[str]))
        except msgspec.ValidationError:
            return None
        if names != trial.live:
            differing = listing(names ^ trial.live)
            return f"Depth {trial.depth} on {trial.model.title}: list and flags differ on {differing}."
    return None
