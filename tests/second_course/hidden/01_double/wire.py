"""The facts of exercise 01."""

from __future__ import annotations

DOUBLE = "double"


def number(asked: int) -> str:
    """Return the name of the answer for a number."""
    return f"number/{asked}"
