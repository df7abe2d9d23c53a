"""Only a part of the head gets the head's rate

Why it matters: A head can have more than one new part, DistilBERT's pre_classifier and classifier for instance. The
part that was left out starts from random numbers and moves at the careful rate.

Ask yourself: How many names were you given for the head, and how many did you use?

Where to look: What you do with the names beyond the first, and with a name that is itself a parameter.

Source: transformers, modeling_distilbert.py, class DistilBertForSequenceClassification.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.authoring import listing

from ..facts import Seen, Trial
from ..stories import Value, follows_lr, stepped, wrong_lr

FUNCTION = "build_param_groups"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    trials = stepped(seen)
    for pick in (_first, _last, _shortest, _layers_only):
        if follows_lr(trials, _by(pick)):
            trial = next(trial for trial in trials if wrong_lr(trial))
            return f"{trial.where}, whose head is {trial.heads}, {listing(wrong_lr(trial))} got the backbone's rate."
    return None


def _by(pick: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Value:
    def value(trial: Trial, name: str) -> float:
        prefixes = tuple(f"{head}." for head in pick(trial.head_names))
        whole = name in pick(trial.head_names) and pick is not _layers_only
        return trial.head_lr if whole or name.startswith(prefixes) else trial.backbone_lr

    return value


def _first(heads: tuple[str, ...]) -> tuple[str, ...]:
    return heads[:1]


def _last(heads: tuple[str, ...]) -> tuple[str, ...]:
    return heads[-1:]


def _shortest(heads: tuple[str, ...]) -> tuple[str, ...]:
    """Predict a name written by hand, ``fc`` or ``classifier``."""
    return (min(heads, key=len),)


def _layers_only(heads: tuple[str, ...]) -> tuple[str, ...]:
    """Predict that a head's name is taken for a layer's, never for a parameter's own."""
    return heads
