"""BatchNorm's statistics are still the pretrained ones

Why it matters: The running mean and variance were measured on the data of the pretraining. They are no parameters,
so a loop over parameters forgets them, and the twin begins with knowledge of the old data.

Ask yourself: Which entries of `state_dict()` are no parameters, and what do they hold in a new layer?

Where to look: What is reset in a BatchNorm layer, and whether your loop reaches it.

Source: PyTorch documentation of BatchNorm2d: running_mean and running_var are buffers, at first 0 and 1.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    shown = None
    for twin in seen.every_twin:
        buffers = {entry.name for entry in twin.anatomy.entries if entry.is_buffer}
        if not twin.values or len(twin.kept) > len(twin.matrices) / 2 or not buffers <= twin.copied:
            return None
        if buffers:
            shown = f"{twin.where}, the twin still has what was measured before: {listing(buffers)}."
    return shown
