"""Columns are divided by the totals of rows

Why it matters: A vector of row sums lines up with the columns when it is broadcast. The result looks plausible, but its
rows do not sum to one and its diagonal is not the recall.

Ask yourself: What do your rows sum to, and which shape does the divisor have?

Where to look: The shape of the sums by which you divide.

Source: pytorch-lightning pull request 3465; PyTorch documentation, "Broadcasting semantics".
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import divided_by, fits

FUNCTION = "row_normalise"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, *divided_by(lambda matrix: matrix.sum(1))):
        return None
    return f"On {seen.call(FUNCTION, 'wide').title}, your column j was divided by the sum of row j, for every j."
