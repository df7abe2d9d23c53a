"""The blocks nearest the input are freed first

Why it matters: The first blocks hold general features, edges or word pieces, that most tasks share; the last ones are
fitted to the old task. Adapting starts where the old task is nearest.

Ask yourself: Which end of the network is nearest to the task, and which end did depth 1 free?

Where to look: From which end of the list of blocks you take the first d.

Source: Yosinski et al. 2014, arXiv 1411.1792; open_clip pull request 244, for the slice from the other end.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..records import Ladder, Names, Trial
from ..stories import follows

FUNCTION = "partial_unfreeze"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, _first_blocks):
        return None
    trial = next(trial for trial in seen.possible if trial.depth == 1)
    freed = trial.live - trial.model.anatomy.head
    return f"Depth 1 on {trial.model.title} freed {listing(freed)}, the block that sees the input."


def _first_blocks(trial: Trial, ladder: Ladder) -> Names:
    return ladder.head.union(*ladder.blocks[: trial.depth])
