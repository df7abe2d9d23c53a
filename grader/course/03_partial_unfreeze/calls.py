"""The calls of exercise 03: of which models, from which flags, and what each call left behind."""

from __future__ import annotations

from grader.authoring.anatomy import Anatomy
from grader.records import Record
from grader.wire.answer import Answer

from . import wire
from .ladders import Ladder, Names, moving


class Model(Record, frozen=True, kw_only=True):
    """One model that was asked about."""

    id: str
    title: str
    """How to call it in a sentence."""
    family: str
    layers: int
    anatomy: Anatomy

    @property
    def has_pooler(self) -> bool:
        """Whether it is a BERT with a pooler."""
        return any(".pooler." in name for name in self.anatomy.names)

    @property
    def backbone(self) -> Names:
        """Names of the parameters that are not the head's."""
        return self.anatomy.names - self.anatomy.head

    @property
    def table(self) -> list[int]:
        """The number of scalars that learn at each depth."""
        return [self.anatomy.size_of(self.anatomy.live_at(depth)) for depth in range(self.deepest + 1)]

    @property
    def deepest(self) -> int:
        """The depth at which everything learns."""
        return len(self.anatomy.blocks)


class Asking(Record, frozen=True, kw_only=True):
    """One call that was given a random model, and the step after it."""

    model: Model
    before: Names
    """Names that learned before the call."""
    answer: Answer
    live: Names
    """Names that moved by exactly one step after the call."""
    altered: Names
    """Names whose values are neither where they were nor one step on."""

    @property
    def came(self) -> bool:
        """Whether the call came to its end, whatever it returned."""
        return self.answer.raised is None and not self.answer.missing


class Trial(Asking, frozen=True, kw_only=True):
    """One call of ``partial_unfreeze``."""

    state: str
    depth: int

    @property
    def possible(self) -> bool:
        """Whether the model has this depth."""
        return 0 <= self.depth <= self.model.deepest

    @property
    def expected(self) -> Names:
        """Names that should learn afterwards."""
        return self.model.anatomy.live_at(self.depth) if self.possible else self.before

    @property
    def call(self) -> str:
        """The call, for sentences."""
        return f"{wire.UNFREEZE}(model, {self.depth})"

    def follows(self, ladder: Ladder, of: Names) -> bool:
        """Whether the call did with the names ``of`` what is right by a ladder, and altered nothing else."""
        if self.altered:
            return False
        if not ladder.has(self.depth):
            return self.answer.raises("ValueError") and self.live == self.before
        return self.came and self.live & of in set(ladder.readings(self.depth, of, self.before))


class Table(Asking, frozen=True, kw_only=True):
    """One call of ``trainable_by_depth``."""


class TrainingRun(Record, frozen=True, kw_only=True):
    """A few real training steps of a pretrained model at one depth."""

    model: Model
    depth: int
    told: wire.Trained
    moved: Names
    """Names of parameters and buffers whose bytes differ from before."""
    logits_gap: float
    """At depth 0, largest difference between the reported logits and pristine features times returned head."""

    @property
    def expected(self) -> Names:
        """Names of what should have moved."""
        return moving(self.model.anatomy, self.model.anatomy.live_at(self.depth))

    def follows(self, ladder: Ladder) -> bool:
        """Whether exactly that moved which a ladder lets move, all having learned before."""
        body = self.model.anatomy
        if not ladder.has(self.depth):
            return self.told.answer.raises("ValueError") and not self.moved
        return self.moved in {moving(body, live) for live in ladder.readings(self.depth, body.names, body.names)}
