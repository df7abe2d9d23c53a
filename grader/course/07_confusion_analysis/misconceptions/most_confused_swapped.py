"""True and predicted class are exchanged in the list

Why it matters: "3 is taken for 5" and "5 is taken for 3" call for different remedies. Exchanged, the list sends whoever
reads it to the wrong class.

Ask yourself: In your first triple, which number is the row and which the column?

Where to look: The order of the three numbers in each triple.

Source: fastai's Interpretation.most_confused, which returns (actual, predicted, occurrences).
"""

from __future__ import annotations

from ..facts import Call, Seen, returned_cells
from ..stories import confusions, fits, lists

FUNCTION = "most_confused"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, _exchanged):
        return None
    call = seen.call(FUNCTION, "one")
    listed = returned_cells(call) or []
    return f"On {call.title}, you listed {listed[0]}; that count is in row {listed[0][1]}, column {listed[0][0]}."


def _exchanged(call: Call) -> bool:
    listed = returned_cells(call)
    return listed is not None and lists([(t, p, count) for p, t, count in listed], confusions(call), call.numbers[0])
