"""The twin is as frozen as the original was

Why it matters: A frozen random layer stays random. The baseline then trains its head on noise, and transfer looks
better than it is.

Ask yourself: How many numbers can learn in the twin of a frozen model?

Where to look: What a copy brings along besides the numbers.

Source: PyTorch documentation, "Autograd mechanics", section on requires_grad: the flag belongs to the parameter.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    frozen = [twin for twin in seen.every_twin if twin.before != twin.anatomy.names]
    if not frozen or any(not twin.fresh or twin.live & twin.anatomy.names != twin.before for twin in seen.every_twin):
        return None
    twin = frozen[0]
    return f"{twin.where}, the same is frozen in the twin: {listing(twin.anatomy.names - twin.live)}."
