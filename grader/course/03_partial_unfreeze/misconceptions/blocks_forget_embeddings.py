"""The embeddings belong to no block

Why it matters: The embeddings are part of what was pretrained and often the largest part of a small model. In no
block, they are never freed at full depth, or never frozen at any other.

Ask yourself: What does a token meet before it reaches the first encoder layer?

Where to look: The names of a BERT that come before encoder.layer.0.

Source: xlnet issue 184, where the embeddings stood outside the layer-wise schedule.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import never_given

FUNCTION = "backbone_blocks"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    return never_given(seen, "bert", lambda name: ".embeddings." in name)
