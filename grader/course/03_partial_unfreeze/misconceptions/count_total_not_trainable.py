"""Everything is counted, trainable or not

Why it matters: The cost of adapting is what has to be trained and stored anew, not the size of the model. A table
that does not change with depth makes every strategy look equally expensive.

Ask yourself: Should the number for depth 0 and the number for full depth be the same?

Where to look: The condition under which a parameter is added to the sum.

Source: Hugging Face PEFT, print_trainable_parameters, which reports both numbers side by side.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "trainable_by_depth"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for table in seen.tables:
        total = sum(entry.size for entry in table.model.anatomy.parameters)
        if table.answer.returned != [total] * (len(table.model.anatomy.blocks) + 1):
            return None
    return f"On {table.model.title} every depth has the same entry, {total:,}, which is the whole model."
