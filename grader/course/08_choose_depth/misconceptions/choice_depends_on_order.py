"""The first strategy in the list that is good enough is taken

Why it matters: A list that happens to be sorted by cost hides it. Sorted by name or by date, the same numbers lead to
another choice, and nobody can say why.

Ask yourself: Shuffle the list: does the answer change?

Where to look: Where the costs are compared.

Source: Python documentation of min and next: one compares, the other takes what comes.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import chooses, gated
from ..truth import bar, reaching

FUNCTION = "choose_cheapest"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    first, last = gated(lambda rows: reaching(rows, bar(rows))[0]), gated(lambda rows: reaching(rows, bar(rows))[-1])
    if not chooses(seen, first, last):
        return None
    choices = seen.choices("every-order")
    names = sorted({str(choice.answer.returned) for choice in choices})
    return f"Of {choices[0].title}, you chose {' or '.join(names)}, depending on the order of the list."
