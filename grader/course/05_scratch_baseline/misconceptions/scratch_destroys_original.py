"""The original is initialised anew

Why it matters: The pretrained weights are the only copy in memory. Initialised in place they are gone, and the
transfer run that follows starts from random numbers as well.

Ask yourself: After your call, what is left that could be transferred?

Where to look: On which object the layers are reset, and whether it was copied before.

Source: PyTorch documentation of Module.apply, which works in place on the module it is called on.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(len(twin.altered & twin.matrices) > len(twin.matrices) / 2 for twin in seen.every_twin):
        return None
    twin = seen.every_twin[0]
    return (
        f"{twin.where}, {len(twin.altered)} entries of the original changed during the call: {listing(twin.altered)}."
    )
