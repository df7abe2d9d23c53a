"""The number of blocks is that of one particular model

Why it matters: BERT comes with 2, 6, 12 or 24 layers. A fixed number is right for one of them; on the others blocks
are empty, layers are missing, or the code fails.

Ask yourself: Where could the number of layers come from, if not from your memory of one model?

Where to look: Every number in your function, and every list of layers written out by hand.

Source: neural-cherche issue 36, where a fixed offset broke on another backbone.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..facts import Seen

FUNCTION = "backbone_blocks"
FEWEST = 2
"""Blocks; a number as small as this is nobody's memory of a BERT."""


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    berts = [model for model in seen.models if model.family == "bert"]
    counts = {model.layers: len(seen.block_sets[model.id]) for model in berts if model.id in seen.block_sets}
    failed = [model.layers for model in berts if seen.blocks(model).raises("IndexError")]
    if len(counts) > 1 and len(set(counts.values())) == 1 and min(counts.values()) > FEWEST:
        return f"BERTs with {_and(counts)} layers all came back with {counts[max(counts)]} blocks."
    if failed and counts and max(failed) < min(counts):
        return f"On BERTs with {_and(failed)} layers your function reached for a layer that is not there."
    return None


def _and(numbers: Iterable[int]) -> str:
    return " and ".join(str(number) for number in sorted(numbers))
