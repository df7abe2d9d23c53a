"""Tensors are counted instead of the numbers in them

Why it matters: One tensor can hold two numbers or two million. Counting tensors makes a bias as expensive as an
embedding table.

Ask yourself: How many numbers does a weight of shape [64, 32] hold, and how many did you add for it?

Where to look: What exactly is added up for each parameter.

Source: PyTorch documentation of torch.Tensor.numel.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import counts_are

FUNCTION = "trainable_by_depth"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(counts_are(seen, table, len) for table in seen.tables):
        return None
    model = seen.tables[0].model
    tensors = len(model.anatomy.head)
    return f"On {model.title} your entry for depth 0 is {tensors}, the number of tensors in the head."
