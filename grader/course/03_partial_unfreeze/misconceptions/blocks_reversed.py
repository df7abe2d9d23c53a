"""The blocks are listed from the output side

Why it matters: Depth counts blocks from the end of the list. When the list starts at the head, the last block is the
stem or the embeddings, and depth 1 frees the most general features first.

Ask yourself: Which of your blocks sees the input first, and where in your list does it stand?

Where to look: The order in which the blocks are put into the list.

Source: Yosinski et al. 2014, "How transferable are features in deep neural networks?", arXiv 1411.1792.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import skeleton, true_skeleton

FUNCTION = "backbone_blocks"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for model in seen.models:
        if seen.block_sets.get(model.id) is None:
            return None
        if skeleton(seen, model) != tuple(reversed(true_skeleton(model))):
            return None
    first = seen.block_sets[seen.models[0].id][0]
    return f"On every model the order is turned round: on {seen.models[0].title}, block 0 holds {listing(first)}."
