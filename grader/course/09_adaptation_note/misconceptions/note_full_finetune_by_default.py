"""Full fine-tuning is taken for the best by nature

Why it matters: More numbers that learn can fit more, and with few labels they fit noise. Whether the extra depth pays
is a question to the validation set, and often the answer is no.

Ask yourself: Which measured number says that full fine-tuning is better here, and by how much?

Where to look: The rows of the cheaper strategies, beside the one that you took.

Source: Kumar et al. 2022, arXiv 2202.10054; the course page: assuming full fine-tuning is automatically best.
"""

from __future__ import annotations

from .. import choice
from ..facts import Seen
from ..stories import defended, first_wrong

FUNCTION = "strategy"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, defended, lambda each: each.row.strategy == "full_finetune")
    right = choice.cheapest(claim.comparison) if claim else None
    if claim is None or right is None:
        return None
    scores = f"{claim.row.mean:.4f} with {claim.row.trainable:,} trainable; a cheaper one scores {right.mean:.4f}"
    return f"{claim.title}: full_finetune scores {scores}."
