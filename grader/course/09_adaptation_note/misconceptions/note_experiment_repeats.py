"""The next experiment has been run already

Why it matters: A run costs time and teaches something only where nobody has looked. What was trained stands in the
table of depths.

Ask yourself: What would this run tell you that the table does not?

Where to look: The table of depths: which rows have scores?

Source: the course page: which smaller transfer experiment should come next, if any.
"""

from __future__ import annotations

from .. import values
from ..facts import Seen
from ..stories import Claim, first_wrong

FUNCTION = "next experiment"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, lambda each: _depth(each) not in each.comparison.tested, lambda _: True)
    return f"{claim.title}: depth {_depth(claim)} is among the depths that were trained." if claim else None


def _depth(claim: Claim) -> int | None:
    return claim.read("next experiment", values.depth)
