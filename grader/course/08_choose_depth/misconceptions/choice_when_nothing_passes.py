"""When no strategy is acceptable, an answer comes all the same

Why it matters: Whoever asked for a recall and gets a name believes that the strategy fulfils it. That nothing does is
the most important result such a comparison can have.

Ask yourself: What if nothing is acceptable?

Where to look: What your function does when the list of admitted strategies is empty.

Source: PEP 20: errors should never pass silently.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    left = [choice for choice in seen.choices() if choice.expected is not None]
    (nothing,) = seen.choices("nothing-left")
    if nothing.answer.trouble(nothing.text) or not all(follows(choice, choice.expected) for choice in left):
        return None
    answer = f"you chose {nothing.answer.returned}" if nothing.answer.returned else "nothing was said"
    return f"All other choices are right; when no strategy had a worst recall of {nothing.gate}, {answer}."
