"""The whole model is counted, not what learns

Why it matters: What a strategy costs to train and to store is what it changes. Every strategy has the same whole
model, so that number decides nothing.

Ask yourself: Would your number be another one if the whole backbone were frozen?

Where to look: Which column of the table your number stands in.

Source: yassouali pytorch-segmentation issue 83, where 134 million were shown for a frozen backbone.
"""

from __future__ import annotations

from .. import values
from ..facts import Seen
from ..stories import Claim, first_wrong

FUNCTION = "trainable"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, _counts_what_learns, lambda each: _count(each) == _whole(each))
    if claim is None:
        return None
    return f"{claim.title}: `{claim.row.strategy}` is said to train {_whole(claim):,}, which is all of the model."


def _count(claim: Claim) -> int | None:
    return claim.read("trainable", values.count)


def _counts_what_learns(claim: Claim) -> bool:
    return _count(claim) == claim.row.trainable


def _whole(claim: Claim) -> int:
    return claim.comparison.strategy("full_finetune").trainable
