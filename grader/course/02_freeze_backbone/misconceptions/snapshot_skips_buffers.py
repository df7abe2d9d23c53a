"""The snapshot holds parameters and no buffers

Why it matters: BatchNorm's running statistics are buffers. They are exactly what moves in a run that was frozen by
flags alone, and a snapshot without them cannot show it.

Ask yourself: Which entries of `state_dict()` does your snapshot lack?

Where to look: What you go through: parameters, or the whole state.

Source: PyTorch documentation of Module.state_dict, which includes parameters and persistent buffers.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "snapshot"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if any(copy.names != copy.anatomy.names for copy in seen.copies):
        return None
    copy = next(copy for copy in seen.copies if copy.lacking)
    return f"On {copy.title}, your snapshot has its {len(copy.names)} parameters and lacks {listing(copy.lacking)}."
