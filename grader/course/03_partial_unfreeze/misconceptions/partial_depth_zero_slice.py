"""Depth 0 frees everything

Why it matters: In Python, minus zero is zero: a slice that takes the last d items takes all of them when d is 0. The
cheapest strategy then silently becomes the most expensive one.

Ask yourself: What does your expression for "the last d blocks" give when d is 0? Try it on a short list.

Where to look: The slice that picks the blocks to free.

Source: Python tutorial, section 3.1.2, on slices and negative indices.
"""

from __future__ import annotations

from ..facts import Seen
from ..records import Ladder, Names, Trial
from ..stories import follows

FUNCTION = "partial_unfreeze"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, _everything_at_zero):
        return None
    trial = next(trial for trial in seen.possible if trial.depth == 0)
    return f"Every depth is right but 0: on {trial.model.title} it left all {len(trial.live)} parameters learning."


def _everything_at_zero(trial: Trial, ladder: Ladder) -> Names:
    return ladder.at(trial.depth or len(ladder.blocks))
