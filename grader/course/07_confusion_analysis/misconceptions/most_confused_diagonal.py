"""Right answers are listed as confusions

Why it matters: The largest cells of a useful model are on its diagonal. A list that keeps them says what went well and
pushes the errors, which it was asked for, off its end.

Ask yourself: Your top confusion is a class with itself. What did the model get wrong there?

Where to look: Which cells are allowed into the list before it is sorted.

Source: fastai's Interpretation.most_confused, which sets the diagonal to zero first.
"""

from __future__ import annotations

from ..facts import Seen, returned_cells
from ..stories import fits, ranks
from ..truth import cells

FUNCTION = "most_confused"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, ranks(lambda call: cells(call.matrix, diagonal=True))):
        return None
    call = seen.call(FUNCTION, "one")
    listed = returned_cells(call) or []
    return f"On {call.title}, your list begins with {listed[0]}: a class taken for itself."
