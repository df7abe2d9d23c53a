"""Everything is frozen, the head as well

Why it matters: The head is the one part that knows nothing yet. When it is frozen, nothing is left to train, and the
scores stay as random as the head was drawn.

Ask yourself: Count what can still learn after your call. Is it as much as the head holds?

Where to look: The order in which flags are switched off and on, and what is said about the head.

Source: lxztju/pytorch_classification issue 13.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, lambda _: frozenset()):
        return None
    return f"On {seen.trials[0].title}, as on every model, nothing can learn afterwards."
