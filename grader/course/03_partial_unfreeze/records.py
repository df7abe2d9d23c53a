"""The typed records of what was seen of exercise 03."""

from __future__ import annotations

from grader.authoring.anatomy import Anatomy
from grader.records import Record
from grader.wire.answer import Answer

Names = frozenset[str]


class Model(Record, frozen=True, kw_only=True):
    """One random model that was asked about."""

    id: str
    title: str
    """How to call it in a sentence."""
    family: str
    layers: int
    anatomy: Anatomy


class Trial(Record, frozen=True, kw_only=True):
    """One call of ``partial_unfreeze``."""

    model: Model
    state: str
    depth: int
    before: Names
    """Names that learned before the call."""
    answer: Answer
    live: Names
    """Names that moved by exactly one step after the call."""
    altered: Names
    """Names whose values are neither where they were nor one step on."""

    @property
    def possible(self) -> bool:
        """Whether the model has this depth."""
        return 0 <= self.depth <= len(self.model.anatomy.blocks)

    @property
    def expected(self) -> Names:
        """Names that should learn afterwards."""
        return self.model.anatomy.live_at(self.depth) if self.possible else self.before

    @property
    def call(self) -> str:
        """The call, for sentences."""
        return f"partial_unfreeze(model, {self.depth})"


class Table(Record, frozen=True, kw_only=True):
    """One call of ``trainable_by_depth``."""

    model: Model
    before: Names
    answer: Answer
    live: Names
    altered: Names


class TrainingRun(Record, frozen=True, kw_only=True):
    """A few real training steps of a pretrained model at one depth."""

    modality: str
    depth: int
    anatomy: Anatomy
    answer: Answer
    trained: bool
    moved: Names
    """Names of parameters and buffers whose bytes differ from before."""
    expected: Names
    logits_gap: float
    """At depth 0, largest difference between the reported logits and pristine features times returned head."""


class Ladder(Record, frozen=True, kw_only=True):
    """The head and the blocks above which a depth is counted."""

    head: Names
    blocks: tuple[Names, ...]

    def at(self, depth: int) -> Names:
        """Names that learn at a depth."""
        return self.head.union(*self.blocks[len(self.blocks) - depth :])

    def below(self, depth: int) -> Names:
        """Names in the blocks that stay frozen at a depth."""
        return frozenset[str]().union(*self.blocks[: len(self.blocks) - depth])
