"""What exercise 09 asks for: the headings and keys of a note. Nothing is drawn."""

from __future__ import annotations

from typing import Any

SECTIONS = ("Vision", "Text")
REQUIRED = (
    "strategy",
    "depth",
    "trainable",
    "score",
    "scratch score",
    "beaten alternative",
    "learning rates",
    "frozen run audited",
    "confusion changed",
    "headline hid",
    "next experiment",
)
BECAUSE = "because"
"""Needed only for a strategy that is not the cheapest acceptable one."""
SENTENCE = 8
"""Words, at least, of a reason and of what the headline hid."""


def draw(_seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the headings, and the keys that are read."""
    return {"sections": list(SECTIONS), "keys": [*REQUIRED, BECAUSE]}, {}
