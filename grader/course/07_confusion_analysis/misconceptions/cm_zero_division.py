"""An empty row is divided by zero

Why it matters: Zero divided by zero is NaN, and NaN spreads: one class without examples turns every mean and every
difference that is computed from the matrix into NaN.

Ask yourself: What is the sum of a row without examples, and what happens when you divide by it?

Where to look: The divisor of your division.

Source: pandas_confusion issue 1; PyTorch documentation of torch.div on floating-point division by zero.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import fits, quotients, returns

FUNCTION = "row_normalise"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, returns(lambda call: quotients(call.matrix, call.matrix.sum(1, keepdims=True))[0])):
        return None
    return f"On {seen.call(FUNCTION, 'absent').title}, that row of yours is NaN; all other rows are right."
