"""The outputs are probabilities

Why it matters: Cross-entropy in torch takes raw scores and does the softmax itself. A second one flattens the scores:
the loss can never become small, and gradients shrink.

Ask yourself: What does cross-entropy do to its input?

Where to look: What comes after the new linear layer.

Source: PyTorch documentation of nn.CrossEntropyLoss: the input is expected to contain unnormalised logits.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(trial.probabilities() for trial in seen.trials):
        return None
    return f"On {seen.trials[0].title} and every other model, each row of outputs is positive and sums to 1."
