"""Only the head is drawn anew

Why it matters: A new head on the pretrained backbone is the frozen run's starting point, not a baseline from scratch.
What is to be measured, the worth of the backbone, is in both.

Ask yourself: Which part of the twin still knows what the pretraining taught?

Where to look: Which layers are reset, and which your loop passes by.

Source: Yosinski et al. 2014, arXiv 1411.1792: the baseline there is a network all of whose layers begin at random.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for twin in seen.every_twin:
        if not twin.values or twin.kept != twin.matrices - twin.anatomy.head:
            return None
    twin = seen.every_twin[0]
    return f"{twin.where}, the head is new, and {len(twin.kept)} matrices are the original's: {listing(twin.kept)}."
