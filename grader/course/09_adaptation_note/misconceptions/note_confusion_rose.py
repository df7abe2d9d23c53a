"""An error that happens more often is called a gain

Why it matters: Adaptation moves errors; some pairs become rarer and others more frequent. A note that cites one which
rose, as what improved, turns the evidence round.

Ask yourself: Did this error become rarer or more frequent?

Where to look: The sign of the cell in the picture of changes.

Source: the course page: one confusion pattern that changed in a useful way after adaptation.
"""

from __future__ import annotations

from .. import values
from ..facts import Seen
from ..stories import Claim, cell, first_wrong, right_cell, was_measured

FUNCTION = "confusion changed"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, right_cell, lambda each: was_measured(each, *cell(each)) and _rose(each))
    if claim is None:
        return None
    true, predicted = cell(claim)
    return f"{claim.title}: true {true}, predicted {predicted} happens more often under `{claim.row.strategy}`."


def _rose(claim: Claim) -> bool:
    told = claim.read("confusion changed", values.cell)
    return told is not None and told.after > told.before
