"""One parameter has two owners

Why it matters: A list of all parameters beside a list of the head's holds the head twice. torch refuses it, because
it could not say which of the two settings is meant.

Ask yourself: In how many of your lists does the head stand?

Where to look: What the list for the backbone leaves out, if anything.

Source: PyTorch documentation of torch.optim, per-parameter options: some parameters appear in more than one parameter
group.
"""

from __future__ import annotations

from grader.authoring import are

from ..facts import Seen

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    owned = [trial for trial in seen.trials if trial.repeated and trial.refused is not None]
    if not owned or any(trial.refused is not None and not trial.repeated for trial in seen.trials):
        return None
    return f"{owned[0].where}, {are(owned[0].repeated)} in more than one of your groups."
