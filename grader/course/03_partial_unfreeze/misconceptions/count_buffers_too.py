"""Buffers are counted as if they were trained

Why it matters: BatchNorm's running statistics are part of the state, but no optimizer ever touches them. Counted
in, the cost of a ResNet comes out too high at every depth.

Ask yourself: Which entries of the state does no gradient ever reach?

Where to look: Whether you add up parameters or entries of the state dict.

Source: karpathy/llama2.c issue 378; PyTorch documentation of Module.register_buffer.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import counts_with_buffers

FUNCTION = "trainable_by_depth"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    resnets = [table for table in seen.tables if table.model.family == "resnet"]
    if not all(counts_with_buffers(table) for table in resnets):
        return None
    buffers = [entry.name for entry in resnets[0].model.anatomy.entries if entry.is_buffer]
    title = resnets[0].model.title
    return f"On {title} your entries are too high by exactly the buffers, such as {listing(buffers, 2)}."
