"""Flags are switched off, never on

Why it matters: The function is right on a model fresh from loading, where everything learns. On one that somebody
froze before, the head stays frozen as well, and training does nothing without any complaint.

Ask yourself: What would your function do to a model on which every flag is already off?

Where to look: The line that would switch a flag on.

Source: PyTorch documentation, "Autograd mechanics", section on requires_grad: the flag stays as it was set last.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, lambda trial: trial.before & trial.anatomy.head):
        return None
    trial = next(trial for trial in seen.trials if trial.state == "frozen")
    return f"{trial.where}, nothing can learn afterwards either; on a fresh one the head can."
