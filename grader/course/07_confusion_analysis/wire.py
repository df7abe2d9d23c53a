"""The facts of exercise 07: what they are called, and what the probe says in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.wire.answer import Answer, Told

MATRIX, NORMALISE, BALANCED = "confusion_matrix", "row_normalise", "balanced_accuracy"
CONFUSED, DELTA, HEADLINE = "most_confused", "confusion_delta", "headline_and_pattern"
TENSOR = "tensor"
"""Name, behind the call's, of a returned tensor."""
NUMBERS_CAP = 1 << 16
"""Of a tensor that is worth sending back; every right answer is far below."""


class Called(Told, frozen=True, kw_only=True):
    """One call; beside it the tensors that were handed over, as they were afterwards, and one that came back."""

    answer: Answer
    """It says that None was returned where a tensor came back."""
    dtype: str = ""
    """Of a returned tensor, without "torch."; empty where none came back."""
    shape: tuple[int, ...] = ()


def call(row: Mapping[str, Any]) -> str:
    """Return the name of what came of one call of the plan."""
    return f"{row['function']}/{row['id']}"


def given(index: int) -> str:
    """Return the name, behind the call's, of a tensor that was handed over, as it was afterwards."""
    return f"in{index}"
