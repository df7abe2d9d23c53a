"""A part of the head is frozen

Why it matters: A new head can be more than one layer: DistilBERT's has two, and some heads hold a parameter that
belongs to no layer. What is drawn at random and then frozen stays random between backbone and answer.

Ask yourself: Go through `head_names` one by one: what of each can learn after your call?

Where to look: Whether every one of the names is used, and whether a name may be a parameter itself.

Source: transformers, DistilBertForSequenceClassification, with pre_classifier and classifier; peft issue 577.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen
from ..stories import follows

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    whole = [trial for trial in seen.trials if len(trial.head_names) == 1]
    if not follows(seen, lambda trial: trial.live & trial.anatomy.head) or not all(trial.right for trial in whole):
        return None
    split = [trial for trial in seen.trials if not trial.right]
    if any(not trial.live for trial in split if trial.state == "fresh"):
        return None
    lacking = split[0].anatomy.head - split[0].live
    heads = " and ".join(f"`{name}`" for name in split[0].head_names)
    return f"On {split[0].title}, whose head is {heads}, {listing(lacking)} cannot learn afterwards."
