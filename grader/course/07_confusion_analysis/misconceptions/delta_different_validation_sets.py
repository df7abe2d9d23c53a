"""Matrices from different validation sets are compared

Why it matters: When the row sums differ, the two runs were judged on different examples. The difference then mixes what
the model learned with what the sets contain, and nobody can take it apart.

Ask yourself: Can one validation set have 30 examples of a class before and 33 after?

Where to look: The beginning of the function, before anything is subtracted.

Source: PEP 20: errors should never pass silently.
"""

from __future__ import annotations

from ..facts import Call, Seen
from ..stories import fits, mismatched, right_delta

FUNCTION = "confusion_delta"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, _right_or_accepted):
        return None
    accepted = next((call for call in seen.calls(FUNCTION) if mismatched(call) and call.answer.raised is None), None)
    return None if accepted is None else f"You compared {accepted.title}."


def _right_or_accepted(call: Call) -> bool:
    if mismatched(call):
        return call.answer.raised is None or call.answer.raises("ValueError")
    return right_delta(call)
