"""What is freed later stays in inference mode

Why it matters: Putting every BatchNorm, or the whole backbone, to rest is right only while all of it is frozen. Once a
block is freed, its BatchNorm has to measure the new data, or it normalises with statistics that no longer fit.

Ask yourself: When everything can learn, which of your modules are still in inference mode?

Where to look: The condition under which a module is put into inference mode, and whether it asks for the flags.

Source: fastai's BnFreeze, which asks for the flag before it puts a layer to rest.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import VISIBLE, frozen_rounds, mode_rounds, norms_follow_flags

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    vision = [one for one in mode_rounds(seen) if one.model == "vision"]
    if not vision or any(one.moved for one in vision) or not norms_follow_flags(frozen_rounds(seen, "vision")):
        return None
    if not any(one.counting or one.wobble > VISIBLE for one in seen.rounds):
        return None
    free = vision[-1]
    return f"{free.where}, none of its {len(free.norms)} BatchNorms counted a batch."
