"""Equal counts come in no agreed order

Why it matters: When k cuts through cells with equal counts, their order decides which are listed. Without
an agreed one, two people read different lists from the same matrix.

Ask yourself: Which of two cells with equal counts comes first in your list, and what decides that?

Where to look: What you sort by, after the count.

Source: Python documentation, "Sorting Techniques", on stability and sorting by several keys.
"""

from __future__ import annotations

from ..facts import Seen, returned_cells
from ..stories import confusions, fits, ranks
from ..truth import ranked

FUNCTION = "most_confused"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, ranks(confusions)):
        return None
    call = seen.call(FUNCTION, "tied")
    if returned_cells(call) == ranked(call.matrix, call.numbers[0]):
        return None
    return f"On {call.title}, the counts you listed are right, but other cells with the same counts come first."
