"""The facts of exercise 03: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.wire.answer import Answer, Told

BLOCKS, UNFREEZE, COUNTS = "backbone_blocks", "partial_unfreeze", "trainable_by_depth"
WALK = "walk"
"""The state in which every depth is asked in turn and no flag is put back in between."""
Row = Mapping[str, Any]
"""Of the plan."""


class Trained(Told, frozen=True, kw_only=True):
    """A real run at one depth; beside it the digests after it and the head, and at depth 0 the scores."""

    answer: Answer
    trained: bool
    """Whether anything could learn."""


def blocks(model: str) -> str:
    """Return the name of the answer of ``backbone_blocks``."""
    return f"blocks/{model}"


def unfreeze(trial: Row) -> str:
    """Return the name of a trial's answers, one for each depth; beside them the digests after a step.

    Of a walk's answers only the types are told.
    """
    return f"unfreeze/{trial['model']}/{trial['state']}"


def counts(model: str) -> str:
    """Return the name of the answer of ``trainable_by_depth``; beside it the digests after a step."""
    return f"counts/{model}"


def run(modality: str, depth: int) -> str:
    """Return the name of a real run."""
    return f"run/{modality}/{depth}"
