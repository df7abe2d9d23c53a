"""A flag was set that no tensor reads

Why it matters: `requires_grad` belongs to a parameter. Assigned to a module it becomes an ordinary Python attribute
of that module, without an error, and every parameter goes on learning.

Ask yourself: Which objects own `requires_grad`, and on which object did you set it?

Where to look: Every assignment to `requires_grad`, and what stands before the dot.

Source: PyTorch documentation of Module.requires_grad_, the method for whole modules; catalyst pull request 81.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, lambda trial: trial.before) or not all(trial.labelled for trial in seen.trials):
        return None
    trial = seen.trials[0]
    named = f"`{min(trial.labelled)}`" if min(trial.labelled) else "the model itself"
    return f"On {trial.title}, {named} has an attribute `requires_grad` now, and no parameter's flag changed."
