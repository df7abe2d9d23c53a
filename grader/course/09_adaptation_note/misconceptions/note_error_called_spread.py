"""The standard error stands where the standard deviation belongs

Why it matters: The standard deviation says how far another run may land; the standard error, smaller by the root of
n, how well the mean is known. A reader who takes one for the other expects runs to agree that will not.

Ask yourself: Would your number become smaller with more seeds of the same kind?

Where to look: Which of the two the page gives beside a mean, and which beside a gain.

Source: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", section 7.10.
"""

from __future__ import annotations

import math

from ..facts import Seen
from ..stories import Claim, first_wrong, right_score, stated

FUNCTION = "score"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, right_score, _gives_error)
    if claim is None:
        return None
    return f"{claim.title}: {stated(claim).std} is the standard error of the mean of `{claim.row.strategy}`."


def _gives_error(claim: Claim) -> bool:
    """Whether the mean is right, and its standard error follows it."""
    row, score = claim.row, stated(claim)
    return score.mean.is_rounded(row.mean) and score.std.is_rounded(row.std / math.sqrt(row.n))
