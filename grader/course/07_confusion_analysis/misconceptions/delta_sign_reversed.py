"""The change is told the wrong way round

Why it matters: A positive diagonal should be good news. With before minus after, every gain reads as a loss, and the
deeper adaptation that helped is thrown away.

Ask yourself: If a class was found more often after than before, which sign does its diagonal cell have?

Where to look: The order of the two terms of your subtraction.

Source: the course's own convention, in the contract of confusion_delta.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import changes, fits
from ..truth import delta

FUNCTION = "confusion_delta"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, *changes(lambda before, after: delta(after, before))):
        return None
    title = seen.call(FUNCTION, "better").title
    return f"On {title} before and after, every cell of your matrix has the opposite sign."
