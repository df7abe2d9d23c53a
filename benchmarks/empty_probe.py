"""A probe that asks nothing: what is left is the cost of the walls."""

from __future__ import annotations


def prepare(_: object) -> None:
    """Prepare nothing."""
