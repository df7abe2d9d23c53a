"""A head without classes is accepted

Why it matters: A layer with no rows is made without an error and fails later, somewhere else, with a message about
something else. The place that knows what is wrong is the one that should say so.

Ask yourself: What should happen when somebody asks for no classes at all?

Where to look: The first lines of your function.

Source: PyTorch, nn.Linear, which warns of zero elements and goes on.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if any(trial.weight is None for trial in seen.trials if trial.family == "resnet"):
        return None
    accepted = [classes for classes, answer in seen.bounds[1:] if not answer.trouble("")]
    return f"`replace_head(model, {accepted[0]})` came back without an error." if accepted else None
