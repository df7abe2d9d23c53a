"""The stem belongs to no block

Why it matters: A ResNet starts with a convolution and its normalisation before layer1. In no block, the stem keeps
whatever flags it had: full fine-tuning leaves it frozen, or a frozen run lets it learn.

Ask yourself: What does a picture meet before it reaches layer1?

Where to look: The names of a ResNet that do not begin with layer.

Source: torchvision, models/resnet.py, ResNet._forward_impl.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import skeleton_is_right

FUNCTION = "backbone_blocks"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not skeleton_is_right(seen, "resnet"):
        return None
    for model in seen.models:
        if model.family != "resnet":
            continue
        given = frozenset().union(*seen.block_sets[model.id])
        owed = {name for name in frozenset().union(*model.anatomy.blocks) if name.startswith(("conv1.", "bn1."))}
        if owed & given:
            return None
        if owed:
            shown = f"On {model.title}, {listing(owed)} is in no block."
    return shown
