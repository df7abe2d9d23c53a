"""A confusion is cited that was not measured

Why it matters: Which errors a strategy makes is known only from its matrix. A likely pair with likely counts sounds
right and says nothing about these runs.

Ask yourself: In which cell of which matrix do your two counts stand?

Where to look: The confusion matrices of the comparison; counts are summed over the seeds.

Source: the course page: the note defends a depth for the vision workflow and for the text workflow.
"""

from __future__ import annotations

from .. import values
from ..facts import Seen
from ..stories import Claim, cell, first_wrong, right_cell

FUNCTION = "confusion changed"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, right_cell, _holds_neither_count)
    if claim is None:
        return None
    true, predicted = cell(claim)
    counts = ", ".join(f"`{row.strategy}` {row.confusion[true][predicted]}" for row in claim.comparison.strategies)
    return f"{claim.title}: true {true}, predicted {predicted} holds other counts in every matrix: {counts}."


def _holds_neither_count(claim: Claim) -> bool:
    told, (true, predicted) = claim.read("confusion changed", values.cell), cell(claim)
    counts = {row.confusion[true][predicted] for row in claim.comparison.strategies}
    mirrored = {row.confusion[predicted][true] for row in claim.comparison.strategies}
    return told is not None and not {told.before, told.after} & (counts | mirrored)
