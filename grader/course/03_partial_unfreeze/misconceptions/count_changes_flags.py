"""Asking for the table changes the model

Why it matters: A question must not change what it asks about. Whoever prints the table before training would train
another model than the one set up.

Ask yourself: In which state do you leave the model after the last depth of your loop?

Where to look: What you remember before the loop and put back after it.

Source: Meyer, "Object-Oriented Software Construction", on separating commands and queries.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import counts_are

FUNCTION = "trainable_by_depth"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    tables = [table for table in seen.tables if table.live != table.before]
    if not tables or not all(counts_are(seen, table, table.model.anatomy.size_of) for table in seen.tables):
        return None
    changed = listing(tables[0].live ^ tables[0].before)
    return f"The numbers are right, but afterwards {changed} of {tables[0].model.title} had other flags than before."
