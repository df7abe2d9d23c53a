"""The snapshot moves along with the model

Why it matters: `state_dict()` hands out the model's own tensors. A "before" that holds the same tensors is a "now",
and no comparison with it will ever find a difference.

Ask yourself: How many copies of each tensor are there in memory after your call?

Where to look: What happens to each tensor between `state_dict()` and your dictionary.

Source: PyTorch tutorial "Saving and Loading Models": state_dict returns a reference to the state, not its copy.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "snapshot"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(copy.names and copy.aliased == copy.names for copy in seen.copies):
        return None
    copy = seen.copies[0]
    return f"On {copy.title}, all {len(copy.aliased)} entries of the snapshot changed when the model did."
