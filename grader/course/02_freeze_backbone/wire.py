"""The facts of exercise 02: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.wire.answer import Answer, Raised, Told

SNAPSHOT, FREEZE, TRAIN, CHANGED = "snapshot", "freeze_backbone", "train_mode", "changed_entries"
NORMED = "normed"
"""The model whose head has a BatchNorm of its own."""
COUNTER = ".num_batches_tracked"
Row = Mapping[str, Any]
"""Of the plan."""


class Copied(Told, frozen=True, kw_only=True):
    """One call of ``snapshot``; beside it the digests that its entries had after the model was changed."""

    answer: Answer
    names: tuple[str, ...] = ()
    tensors: tuple[str, ...] = ()
    """Names whose value is a tensor."""


class Frozen(Told, frozen=True, kw_only=True):
    """One call of ``freeze_backbone``; beside it the digests after a step."""

    answer: Answer
    same: bool
    """Whether the model itself came back."""
    keys: tuple[str, ...]
    """Of its state."""
    replaced: tuple[str, ...]
    """Names whose parameter is another object than before."""
    resting: tuple[str, ...]
    """Modules in inference mode."""
    labelled: tuple[str, ...]
    """Modules with an attribute called ``requires_grad``."""


class Ran(Told, frozen=True, kw_only=True):
    """One call of ``train_mode`` and a few batches after it; beside it their scores and the state's digests."""

    answer: Answer
    same: bool
    """Whether the model itself came back."""
    raised: Raised | None = None
    """What running the model raised."""


class Trained(Told, frozen=True, kw_only=True):
    """A real run; beside it the digests after each step, the scores and the head."""

    freeze: Answer
    live: tuple[str, ...] = ()
    """Parameters that could learn once ``freeze_backbone`` had answered."""
    modes: tuple[Answer, ...]
    """What came of ``train_mode``, epoch by epoch."""
    raised: Raised | None = None
    """What training raised."""


def snapshot(model: str) -> str:
    """Return the name of what was seen of a copy."""
    return f"snapshot/{model}"


def changed(kind: str) -> str:
    """Return the name of a comparison's answer."""
    return f"changed/{kind}"


def freeze(row: Row) -> str:
    """Return the name of a trial of freezing."""
    return f"freeze/{row['model']}/{row['state']}"


def mode(model: str, number: int) -> str:
    """Return the name of a round in training mode."""
    return f"mode/{model}/{number}"


def run(modality: str) -> str:
    """Return the name of a real run."""
    return f"run/{modality}"
