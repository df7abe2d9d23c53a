"""The head does not learn

Why it matters: The head is the one layer that knows nothing yet. Frozen, it turns even the best features into random
answers, and at depth 0 there is nothing left to train.

Ask yourself: At depth 0, which parameters does your function leave learning?

Where to look: What happens to the parameters that are in none of your blocks.

Source: PyTorch tutorial "Transfer Learning for Computer Vision": the new layer is the one that requires grad.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..records import Ladder, Names, Trial
from ..stories import follows

FUNCTION = "partial_unfreeze"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not (follows(seen, _without_head) or follows(seen, _head_as_before)):
        return None
    trial = next(trial for trial in seen.possible if trial.state == "frozen")
    head = listing(trial.model.anatomy.head)
    return f"The right blocks learn, but the head does not: on {trial.model.title}, {head} stayed frozen."


def _without_head(trial: Trial, ladder: Ladder) -> Names:
    return ladder.at(trial.depth) - ladder.head


def _head_as_before(trial: Trial, ladder: Ladder) -> Names:
    return (ladder.at(trial.depth) - ladder.head) | (trial.before & ladder.head)
