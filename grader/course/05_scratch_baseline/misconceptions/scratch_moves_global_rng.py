"""Making the twin changes the luck of what comes after

Why it matters: The order of the batches and the dropout of every later run come from torch's global generator. If
building a baseline seeds it or draws from it, runs that were to differ in one thing differ in two.

Ask yourself: Which random number comes next after your call, and which would have come without it?

Where to look: Every call that seeds, or draws, and what it leaves behind.

Source: PyTorch documentation of torch.random.fork_rng.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if any(twin.numbers_kept or not twin.values for twin in seen.every_twin):
        return None
    return f"{seen.every_twin[0].where}, `torch.rand` went on with other numbers after the call."
