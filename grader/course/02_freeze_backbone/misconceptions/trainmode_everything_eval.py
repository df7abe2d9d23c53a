"""Everything is in inference mode, the live part as well

Why it matters: Training in inference mode runs without an error, and often looks good. But dropout never drops, and a
BatchNorm that is being adapted normalises with statistics of the old data and never learns the new ones.

Ask yourself: Which modules should be in training mode when everything can learn?

Where to look: Every call of `eval()`, and what is said about the rest afterwards.

Source: PyTorch documentation of Module.eval, which is train(False) for all children.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import VISIBLE, mode_rounds

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    rounds = mode_rounds(seen)
    if not rounds or any(one.wobble > VISIBLE or any(norm.counted for norm in one.norms) for one in rounds):
        return None
    free = next(one for one in rounds if one.depth == one.deepest)
    return f"{free.where}, none of its {len(free.norms)} BatchNorms counted a batch, and no dropout was at work."
