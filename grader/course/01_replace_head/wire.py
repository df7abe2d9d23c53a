"""The facts of exercise 01: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.wire.answer import Answer, Raised, Told

REPLACE, BOUNDS = "replace_head", "bounds"
ELSEWHERE = "meta"
"""The device, and so the name, of a model that is not where a new layer is made; it holds shapes and no numbers."""
TEXT = ("bert", "distilbert")
"""Families that compute a loss of their own."""
LABELS = ("config.num_labels", "num_labels")
"""Attributes of a text model that hold the number of its classes."""
Row = Mapping[str, Any]
"""Of the plan."""
Claim = int | bool | str | None
"""What an attribute holds, as text where no float is as large; None where it is no whole number."""


class Replaced(Told, frozen=True, kw_only=True):
    """One call of ``replace_head``; beside it features, head, scores, gradient, and digests before and after a step."""

    answer: Answer
    same: bool
    """Whether the model itself came back."""
    keys: tuple[str, ...]
    """Of its state."""
    dtype: str
    """Of the new head's weight."""
    out_features: Claim = None
    """Of the new head."""
    labels: Mapping[str, Claim]
    """What the attributes in ``LABELS`` hold."""
    raised: Raised | None = None
    """What running the model raised."""
    loss: float | None = None
    """The model's own; None where there is none, or no finite one."""
    loss_raised: Raised | None = None


class Elsewhere(Told, frozen=True, kw_only=True):
    """One call of ``replace_head`` with a model on the device ``ELSEWHERE``."""

    answer: Answer
    device: str
    """Of the new head's weight; empty where there is none."""


def head(row: Row) -> str:
    """Return the name of what was seen of one model."""
    return f"head/{row['id']}"


def layer(row: Row) -> str:
    """Return the name of the layer that is to be replaced."""
    return {"resnet": "fc", "stacked": "classifier.3"}.get(row["spec"]["family"], "classifier")
