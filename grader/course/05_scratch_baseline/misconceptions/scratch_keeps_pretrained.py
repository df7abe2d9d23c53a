"""The twin has the pretrained weights

Why it matters: A baseline from scratch answers the question what the pretraining was worth. A copy of the pretrained
model answers nothing: both runs start with everything that was learned before.

Ask yourself: Which numbers of the twin did the pretraining never see?

Where to look: What happens between copying the model and returning it.

Source: ruotianluo/pytorch-faster-rcnn issue 17, where the run called scratch had loaded weights.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(twin.values and twin.copied == twin.values.keys() and not twin.same for twin in seen.every_twin):
        return None
    twin = seen.every_twin[0]
    return f"{twin.where}, all {len(twin.values)} entries of the twin are the original's, bit for bit."
