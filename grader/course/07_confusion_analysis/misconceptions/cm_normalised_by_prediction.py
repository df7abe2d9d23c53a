"""Columns are made to sum to one, not rows

Why it matters: Divided by column sums, the diagonal says how often a prediction is right (precision). Recall asks how
many examples of a class were found, and only its divisor stays the same before and after adaptation.

Ask yourself: Each of your columns sums to one: which question does that answer?

Where to look: The dimension over which you sum.

Source: scikit-learn documentation of confusion_matrix, normalize="true" against "pred"; XGMix issue 13.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import divided_by, fits

FUNCTION = "row_normalise"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, *divided_by(lambda matrix: matrix.sum(0, keepdims=True))):
        return None
    return f"On {seen.call(FUNCTION, 'wide').title}, your columns sum to one, and the rows do not."
