"""Flags are switched on, never off

Why it matters: The function is right only on a model that somebody froze before. On a model fresh from loading,
everything already learns, and every depth trains everything.

Ask yourself: What would your function do to a model on which every flag is already on?

Where to look: The line that would switch a flag off.

Source: PyTorch documentation, "Autograd mechanics", section on requires_grad: parameters start with True.
"""

from __future__ import annotations

from ..facts import Seen
from ..records import Ladder, Names, Trial
from ..stories import follows

FUNCTION = "partial_unfreeze"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, _adds_to_what_was):
        return None
    trial = next(trial for trial in seen.possible if trial.state == "fresh" and trial.depth == 0)
    return (
        f"From a frozen model the depths are right; from a fresh {trial.model.title.partition(' ')[2]}, depth 0 left "
        f"all {len(trial.live)} parameters learning."
    )


def _adds_to_what_was(trial: Trial, ladder: Ladder) -> Names:
    return trial.before | ladder.at(trial.depth)
