"""The score is that of the luckiest seed

Why it matters: The best of several runs rises with the number of runs, whether or not anything became better. Whoever
repeats the work will meet the mean.

Ask yourself: If somebody ran one more seed, what score would you promise?

Where to look: The single scores behind the mean.

Source: Dodge et al. 2020, arXiv 2002.06305, on the expected best of n runs.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import first_wrong, right_score, stated

FUNCTION = "score"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, right_score, lambda each: stated(each).mean.is_rounded(max(each.row.scores)))
    if claim is None:
        return None
    return f"{claim.title}: {stated(claim).mean} is the best of the {claim.row.n} scores of `{claim.row.strategy}`."
