"""Gradients are made zero instead of absent

Why it matters: An optimizer passes over a tensor that has no gradient. One whose gradient is zero it treats like any
other: weight decay pulls it towards zero, and momentum carries it on.

Ask yourself: What does an optimizer with weight decay do to a tensor whose gradient is zero?

Where to look: Where the gradients are changed, and what the flag of those tensors says.

Source: PyTorch documentation of Optimizer.zero_grad, on None and zero; OPTML-Group/Unlearn-Saliency issue 32.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    fresh = [trial for trial in seen.trials if trial.state == "fresh"]
    if any(trial.decayed != trial.backbone or trial.live != trial.anatomy.head for trial in fresh):
        return None
    trial = fresh[0]
    return f"On {trial.title}, no gradient moved the backbone, but weight decay moved {listing(trial.decayed)}."
