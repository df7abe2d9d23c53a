"""The score is one that nobody measured

Why it matters: A note is worth what can be looked up. A figure from memory, or from an older run, makes the reader
doubt the others too, rightly.

Ask yourself: Where can somebody else read the number that you wrote?

Where to look: Your 09_evidence.json, beside the note: was it written by the same run?

Source: the course page: the note defends a depth for the vision workflow and for the text workflow.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import Claim, first_wrong, right_score, stated

FUNCTION = "score"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, right_score, lambda each: not _is_near_a_figure(each))
    if claim is None:
        return None
    scores = ", ".join(f"{score:.4f}" for score in claim.row.scores)
    return f"{claim.title}: the note says {stated(claim).mean}; `{claim.row.strategy}` scored {scores}."


def _is_near_a_figure(claim: Claim) -> bool:
    """Whether some strategy has about this mean, or some run this score; a slip of rounding is no invention."""
    mean = stated(claim).mean
    figures = [figure for row in claim.comparison.strategies for figure in (row.mean, *row.scores)]
    return any(mean.is_near(figure) for figure in figures)
