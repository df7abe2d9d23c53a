"""No weight moved, yet the backbone changed

Why it matters: In training mode a BatchNorm measures every batch and keeps a running mean and variance. No gradient is
needed, so no flag stops it. After an epoch the frozen features are others than the pretrained ones.

Ask yourself: What else than weights is in the backbone's state, and who changes it?

Where to look: What `model.train()` switches on in layers whose flags are off.

Source: PyTorch issues 9046 and 86590; lightly issue 1438.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import trains_everything

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not trains_everything(seen):
        return None
    one = seen.rounds_of("vision")[0]
    means = [f"{norm.name}.running_mean" for norm in one.norms if norm.moved]
    return f"{one.where}, {one.batches} batches and no step changed {listing(means)}."
