"""The stem belongs to no block

Why it matters: A ResNet starts with a convolution and its normalisation before layer1. In no block, the stem keeps
whatever flags it had: full fine-tuning leaves it frozen, or a frozen run lets it learn.

Ask yourself: What does a picture meet before it reaches layer1?

Where to look: The names of a ResNet that do not begin with layer.

Source: torchvision, models/resnet.py, ResNet._forward_impl.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import never_given

FUNCTION = "backbone_blocks"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    return never_given(seen, "resnet", lambda name: name.startswith(("conv1.", "bn1.")))
