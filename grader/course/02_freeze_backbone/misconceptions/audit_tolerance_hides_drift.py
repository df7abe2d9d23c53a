"""Close is taken for equal

Why it matters: Drift begins small. Frozen means that not one bit moved; a tolerance hides the first steps of a run
that is not frozen, and says nothing about where it ends.

Ask yourself: How much may a frozen number change?

Where to look: How two tensors are compared, and what that function's default tolerances are.

Source: PyTorch documentation of torch.allclose: rtol is 1e-5 unless said otherwise; torch.equal has none.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import told

FUNCTION = "changed_entries"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    found = seen.comparisons
    if not told((found["nothing"], found["trained"])) or found["weight"].told != () or found["buffer"].told != ():
        return None
    weight, buffer = found["weight"].expected[0], found["buffer"].expected[0]
    return f"Changes by 1 were found; a millionth in `{weight}` and less in `{buffer}` were not."
