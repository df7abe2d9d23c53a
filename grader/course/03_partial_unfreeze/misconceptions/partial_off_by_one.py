"""Every depth is one block off

Why it matters: A table of costs per depth, a learning-rate plan and a comparison all name a depth. When your depth 2
is everybody else's depth 1 or 3, none of them can be compared.

Ask yourself: How many blocks of the backbone, not counting the head, does your depth 1 free?

Where to look: The arithmetic on depth, and whether the head is counted as a block.

Source: electra issue 51, where a removed layer left the offset behind.
"""

from __future__ import annotations

from ..facts import Seen
from ..records import Ladder, Names, Trial
from ..stories import follows

FUNCTION = "partial_unfreeze"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    short, long = follows(seen, _one_block_fewer), follows(seen, _one_block_more)
    if not (short or long):
        return None
    depth_two = (trial for trial in seen.possible if trial.depth == 2)  # noqa: PLR2004  neighbours on both sides
    trial = next(depth_two)
    seen_at = trial.depth - 1 if short else trial.depth + 1
    return f"Depth 2 on {trial.model.title} left what belongs to depth {seen_at}; the other depths are off likewise."


def _one_block_fewer(trial: Trial, ladder: Ladder) -> Names | None:
    return ladder.at(trial.depth - 1) if trial.depth > 1 else None


def _one_block_more(trial: Trial, ladder: Ladder) -> Names | None:
    return ladder.at(trial.depth + 1) if trial.depth < len(ladder.blocks) else None
