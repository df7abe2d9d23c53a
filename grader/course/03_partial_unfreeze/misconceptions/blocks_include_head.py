"""The head is counted as part of the backbone

Why it matters: The head is new: it was never pretrained and always has to learn. Inside a block it would be frozen
and freed with the backbone, and every depth would mean something else.

Ask yourself: Which of these names did not exist before the model was given its new task?

Where to look: The last block you return, or a block of its own at the end.

Source: PyTorch tutorial "Transfer Learning for Computer Vision", section on the fixed feature extractor.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import skeleton_is_right

FUNCTION = "backbone_blocks"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not (skeleton_is_right(seen, "resnet") and skeleton_is_right(seen, "bert")):
        return None
    for model in seen.models:
        inside = model.anatomy.head.intersection(*[frozenset().union(*seen.block_sets[model.id])])
        if not inside:
            return None
    return f"On every model a block holds the head: on {model.title} it is {listing(inside)}."
