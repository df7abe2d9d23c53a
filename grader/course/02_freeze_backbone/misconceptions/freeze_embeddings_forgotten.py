"""What lies below the first numbered layer goes on learning

Why it matters: A model starts before its first numbered layer: with embeddings, or with a stem. Those are closest to
the input, and everything above was trained to read exactly what they give.

Ask yourself: Which module sees the input first, and does your loop reach it?

Where to look: The loop over numbered layers, and what of the model lies outside it.

Source: xlnet issue 184; BERT4doc-Classification issue 24.
"""

from __future__ import annotations

import re
from itertools import chain, combinations

from grader.authoring import listing

from ..facts import Seen
from ..records import Names, Trial
from ..stories import Rule, leak_of, leaks

FUNCTION = "freeze_backbone"
_FAMILIES = (("resnet", "normed", "gated"), ("bert",), ("distilbert",), ("vit",))
_NUMBERED = re.compile(r"(^|\.)(layer\.?|blocks\.)\d")


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    chosen = chain.from_iterable(combinations(_FAMILIES, count) for count in range(1, len(_FAMILIES) + 1))
    for families in chosen:
        models = frozenset(chain.from_iterable(families))
        if leaks(seen, _first_blocks(models)) or leaks(seen, _outside_numbered(models)):
            trial, leak = leak_of(seen)
            return f"On {trial.title}, the numbered layers are frozen, and {listing(leak)} can still learn."
    return None


def _first_blocks(models: Names) -> Rule:
    return lambda trial: trial.anatomy.blocks[0] if trial.id in models else frozenset()


def _outside_numbered(models: Names) -> Rule:
    def rule(trial: Trial) -> Names:
        names = trial.backbone if trial.id in models else frozenset()
        return frozenset(name for name in names if not _NUMBERED.search(name))

    return rule
