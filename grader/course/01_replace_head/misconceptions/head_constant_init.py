"""Every weight of the new head is the same

Why it matters: With equal rows all classes begin with the same score, and a layer of zeros passes no gradient down to
the backbone in the first step. The contract asks for drawn weights.

Ask yourself: How many different numbers does the new weight hold?

Where to look: What is done to the weight after the layer was made.

Source: PyTorch documentation of nn.Linear: the weights are drawn from a uniform distribution.
"""

from __future__ import annotations

import numpy as np

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    weights = [trial.weight for trial in seen.trials if trial.weight is not None]
    if len(weights) < len(seen.trials) or any(
        len(np.unique(weight)) > 1 or np.isnan(weight).any() for weight in weights
    ):
        return None
    trial = seen.trials[0]
    return f"On {trial.title}, every entry of `{trial.head}.weight` is {float(weights[0].flat[0]):g}."
