"""The score belongs to another strategy

Why it matters: Choice, cost and score have to come from one row. Mixed, they describe a model that nobody trained: as
cheap as one, as good as another.

Ask yourself: Which strategy do these figures belong to, and what did that one cost?

Where to look: The row of the table that your score stands in.

Source: the contract of the note: all figures of a section are those of the strategy that it names.
"""

from __future__ import annotations

from grader.adaptation import Strategy

from ..facts import Seen
from ..stories import Claim, first_wrong, right_score, stated

FUNCTION = "score"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, right_score, lambda each: _owner(each) is not None)
    owner = _owner(claim) if claim else None
    if claim is None or owner is None:
        return None
    told = f"{stated(claim).mean} ± {stated(claim).std}"
    return f"{claim.title}: {told} is the score of `{owner.strategy}`, and the note names `{claim.row.strategy}`."


def _owner(claim: Claim) -> Strategy | None:
    """Return the other strategy whose mean and spread were written."""
    score = stated(claim)
    owners = (row for row in claim.others if score.mean.is_rounded(row.mean) and score.std.is_rounded(row.std))
    return next(owners, None)
