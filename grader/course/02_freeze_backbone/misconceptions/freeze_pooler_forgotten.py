"""BERT's pooler goes on learning

Why it matters: Between BERT's last numbered layer and the head lies a dense layer that makes the features. It was
pretrained like the rest; left free, it turns a frozen run into a run with one layer unfrozen.

Ask yourself: What lies between the last encoder layer and the classifier?

Where to look: The list of modules below `model.bert`, and which of them your loop reaches.

Source: iliaschalkidis/lmtc-eurlex57k issue 13.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..records import Names, Trial
from ..stories import leak_of, leaks

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not leaks(seen, _pooler):
        return None
    trial, leak = leak_of(seen)
    return f"On {trial.title}, embeddings and layers are frozen, and {listing(leak)} can still learn."


def _pooler(trial: Trial) -> Names:
    return frozenset(name for name in trial.backbone if ".pooler." in name)
