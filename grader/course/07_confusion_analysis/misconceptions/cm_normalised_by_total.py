"""Every cell is divided by the number of all examples

Why it matters: Shares of all examples are large for large classes and small for small ones. The errors of a rare class
then vanish from sight, which is what normalising should prevent.

Ask yourself: What do all of your cells together sum to, and what should each single row sum to?

Where to look: How many sums you take: one for the matrix, or one for each row.

Source: scikit-learn documentation of confusion_matrix, normalize="all".
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import divided_by, fits

FUNCTION = "row_normalise"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, *divided_by(lambda matrix: matrix.sum(keepdims=True))):
        return None
    return f"On {seen.call(FUNCTION, 'wide').title}, all your cells together sum to one."
