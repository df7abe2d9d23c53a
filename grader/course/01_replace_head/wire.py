"""The facts of exercise 01: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.wire.answer import Answer, Raised, Told

REPLACE, BOUNDS, PLACED = "replace_head", "bounds", "placed"
TEXT = ("bert", "distilbert")
"""Families that compute a loss of their own."""
LABELS = ("config.num_labels", "num_labels")
"""Attributes of a text model that hold the number of its classes."""
Row = Mapping[str, Any]
"""Of the plan."""
Claim = int | bool | str | None
"""What an attribute holds, as text where no float is as large; None where it is no whole number."""


class Layer(Told, frozen=True, kw_only=True):
    """What stands where a model had a linear layer.

    Beside it what arrived there before and arrives now, weight, bias and the loss's gradient, each empty where there
    is none, and the digests of the first two after a step.
    """

    dtype: str = ""
    """Of the weight."""
    out_features: Claim = None


class Replaced(Told, frozen=True, kw_only=True):
    """One call of ``replace_head``; beside it the scores and the digests of what the model held."""

    answer: Answer
    same: bool
    """Whether the model itself came back."""
    keys: tuple[str, ...]
    """Of its state."""
    layers: tuple[Layer, ...]
    """One for each linear layer that a matrix of features reached, in the model's order."""
    labels: Mapping[str, Claim]
    """What the attributes in ``LABELS`` hold."""
    raised: Raised | None = None
    """What running the model raised."""
    loss: float | None = None
    """The model's own; None where there is none, or no finite one."""
    loss_raised: Raised | None = None


class Placed(Told, frozen=True, kw_only=True):
    """One call of ``replace_head`` with a model on another device."""

    answer: Answer
    shapes: Mapping[str, tuple[int, ...]]
    """Of all that the model holds afterwards."""
    devices: Mapping[str, str]
    """Of the same."""


def head(row: Row) -> str:
    """Return the name of what was seen of one model."""
    return f"head/{row['id']}"
