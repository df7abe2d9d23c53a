"""Only parameters are compared

Why it matters: A frozen run is most often broken by BatchNorm's running statistics, and those are buffers. An audit
that goes through parameters passes exactly the runs that it was made to catch.

Ask yourself: Is what your comparison goes through all of the model's state?

Where to look: The loop of your comparison, and where its names come from.

Source: discuss.pytorch.org thread 189902, where a comparison of parameters found nothing; detectron2 issue 2893.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import told

FUNCTION = "changed_entries"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    found = seen.comparisons
    if not told((found["nothing"], found["weight"])) or any(found[n].told != () for n in ("buffer", "counter")):
        return None
    missed = found["buffer"].expected[0]
    return f"A change of a kernel was found, and changes of `{missed}` and of a counter were not."
