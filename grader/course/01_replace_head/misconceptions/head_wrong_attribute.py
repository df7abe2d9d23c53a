"""The new layer is where forward never looks

Why it matters: Assigning to an attribute that a model does not have makes a new one. Nothing complains, forward goes
on calling the old head, and the new layer is never trained.

Ask yourself: Which attribute does this model's forward call last?

Where to look: The name you assign to, and the names that print(model) shows.

Source: torchvision, models/resnet.py, ResNet._forward_impl, which calls fc.
"""

from __future__ import annotations

from grader.authoring import are

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    resnets = [trial for trial in seen.trials if trial.family == "resnet"]
    if not all(trial.same and trial.kept and trial.surplus and not trial.missing for trial in resnets):
        return None
    trial = resnets[0]
    return f"On {trial.title}, {are(trial.surplus)} new in the state, and `{trial.head}.weight` is the old one."
