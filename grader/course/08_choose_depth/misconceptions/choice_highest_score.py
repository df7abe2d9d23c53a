"""The highest mean is chosen, whatever it costs

Why it matters: The winner's lead is often smaller than its own noise. Repeated with other seeds, another strategy may
win; the cost of training and storing it all is paid every time.

Ask yourself: Is the winner's lead larger than its own noise?

Where to look: What happens between finding the best strategy and returning a name.

Source: Breiman et al. 1984, "Classification and Regression Trees", on the one standard error rule.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import chooses, gated, ungated, wrong
from ..truth import best

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not chooses(seen, gated(best), ungated(best), gated(lambda rows: best(rows[::-1]))):
        return None
    choice = wrong(seen, "partial-suffices")
    return f"Of {choice.title}, you chose the highest mean, as you did from every other table." if choice else None
