"""A label was changed, not the layer

Why it matters: out_features is what the layer says about itself when it is printed. The forward pass uses the weight,
and that has as many rows as before.

Ask yourself: Which of the two does the forward pass use, the number or the weight?

Where to look: What your function assigns, and the shape of the weight afterwards.

Source: PyTorch documentation of nn.Linear; discuss.pytorch.org thread 170534.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(trial.kept and trial.claims.get("out_features") == trial.classes for trial in seen.trials):
        return None
    trial = seen.trials[0]
    rows = len(trial.old_weight)
    return f"On {trial.title}, `{trial.head}` now says {trial.classes} classes, and its weight still has {rows} rows."
