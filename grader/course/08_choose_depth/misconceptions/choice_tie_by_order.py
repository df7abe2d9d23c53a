"""Equal costs are decided by the order of the list

Why it matters: Training from scratch and full fine-tuning train the same number of parameters. When the list's order
decides between them, the worse of the two may be chosen at the same price.

Ask yourself: Two strategies cost the same and both reach the bar. Which of them does your code return, and why?

Where to look: What is compared when the costs are equal.

Source: Python documentation of min: the first of several minimal items is returned.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import chooses, gated, wrong
from ..truth import bar, reaching

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    first = gated(lambda rows: min(reaching(rows, bar(rows)), key=lambda row: row.trainable))
    last = gated(lambda rows: min(reaching(rows, bar(rows))[::-1], key=lambda row: row.trainable))
    if not chooses(seen, first, last):
        return None
    choice = wrong(seen, "equal-cost", "equal-cost-and-mean", "every-order-equal-cost")
    return (
        f"Of {choice.title}, two that reach the bar cost the same, and you took {choice.answer.returned}."
        if choice
        else None
    )
