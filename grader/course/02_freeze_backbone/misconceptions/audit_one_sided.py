"""Entries that only one side has are not noticed

Why it matters: A layer that was renamed, replaced or added shows as a name that one side lacks. A loop over one side,
or over what both have, never meets it, and a model with another head passes as unchanged.

Ask yourself: If the model had one entry more than the snapshot, which line of yours would notice?

Where to look: From which of the two dictionaries the names of your loop come.

Source: PyTorch documentation of load_state_dict, which reports missing_keys and unexpected_keys for this reason.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import told

FUNCTION = "changed_entries"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    found = seen.comparisons
    if not told(found[name] for name in ("nothing", "trained", "weight", "buffer", "counter")):
        return None
    renamed = found["renamed"]
    missed = set(renamed.expected) - set(renamed.told or ())
    if not missed or (renamed.told is None and not renamed.answer.raises("KeyError")):
        return None
    side = "snapshot" if min(missed).endswith(".old") else "model"
    return f"Changed numbers were found, but `{min(missed)}`, which only the {side} had, was not."
