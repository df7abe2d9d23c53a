"""A depth that does not exist is accepted

Why it matters: A plan with depth 9 on a model with 5 blocks is a mistake somewhere above. A function that quietly
does something else hides it until the results look odd.

Ask yourself: What should happen for depth -1, and for one more than there are blocks?

Where to look: The beginning of the function, before anything has been changed.

Source: PEP 20: errors should never pass silently.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows, right

FUNCTION = "partial_unfreeze"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, right):
        return None
    accepted = [trial for trial in seen.trials() if not trial.possible and trial.answer.raised is None]
    if not accepted:
        return None
    trial = accepted[0]
    return f"Depth {trial.depth} of {len(trial.model.anatomy.blocks)} on {trial.model.title} was accepted."
