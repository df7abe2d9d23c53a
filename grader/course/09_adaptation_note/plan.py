"""What exercise 09 asks for: the headings and keys of a note, and the runs that it speaks of. Nothing is drawn.

What decides marks comes from here and not from what a learner hands in: the gate, what is cheap, the scenario with its
truth, its blocks and its rates. Of the evidence only the predictions count, and what follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.records import Record
from grader.wire.names import LETTERS

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
DECIMALS = 2
"""At least so many in a figure: fewer would fit almost anything."""
MIN_RECALL = 0.4
"""The gate of the course."""


class Task(Record, frozen=True, kw_only=True):
    """The runs of one section: what the lab does where nobody names another scenario."""

    scenario: str
    classes: tuple[str, ...]
    examples: tuple[int, ...]
    """Of the validation set, by class."""
    steps: int
    batch: int
    warmup: float
    blocks: tuple[str, ...]
    trainable: tuple[int, ...]
    """Scalars that learn, by depth."""
    depth: int
    """Of ``partial_unfreeze``."""
    rates: Mapping[str, tuple[float, float]]
    """Peak rates of head and backbone, by strategy."""

    @property
    def truth(self) -> str:
        """The classes of the validation set, a letter for each example."""
        return "".join(letter * many for letter, many in zip(LETTERS, self.examples, strict=False))

    def depth_of(self, strategy: str) -> int:
        """Return how many last blocks learn."""
        return {"frozen": 0, "partial_unfreeze": self.depth}.get(strategy, len(self.blocks))


VISION, TEXT = SECTIONS = ("Vision", "Text")
TASKS: Mapping[str, Task] = {
    VISION: Task(
        scenario="vision-rare",
        classes=("A", "B", "D", "E", "G", "H", "N", "Q", "R", "small"),
        examples=(*[50] * 9, 30),
        steps=60,
        batch=32,
        warmup=0.1,
        blocks=("stem", "layer1", "layer2", "layer3", "layer4"),
        trainable=(650, 58378, 72906, 76586, 77770, 78002),
        depth=1,
        rates={
            "scratch": (0.01, 0.01),
            "frozen": (0.03, 0.0),
            "partial_unfreeze": (0.01, 0.005),
            "full_finetune": (0.01, 0.002),
        },
    ),
    TEXT: Task(
        scenario="text-weapons",
        classes=("act", "communication", "person", "plant", "artefact", "weapon"),
        examples=(*[150] * 5, 45),
        steps=45,
        batch=32,
        warmup=0.3,
        blocks=("embeddings", "layer 0", "layer 1", "layer 2"),
        trainable=(390, 38022, 71494, 104966, 240390),
        depth=2,
        rates={
            "scratch": (0.003, 0.003),
            "frozen": (0.03, 0.0),
            "partial_unfreeze": (0.01, 0.003),
            "full_finetune": (0.01, 0.003),
        },
    ),
}


def draw(_seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the headings, and the keys that are read."""
    return {"sections": list(SECTIONS), "keys": [*REQUIRED, BECAUSE]}, {}
