"""The typed records of what was seen of exercise 02."""

from __future__ import annotations

from grader.authoring import Answer, Raised
from grader.authoring.anatomy import Anatomy
from grader.records import Record

Names = frozenset[str]


class Trial(Record, frozen=True, kw_only=True):
    """One call of ``freeze_backbone``."""

    id: str
    """Of the model."""
    title: str
    """How to call the model in a sentence."""
    state: str
    anatomy: Anatomy
    head_names: tuple[str, ...]
    before: Names
    """Names that learned before the call."""
    answer: Answer
    same: bool
    """Whether the model itself came back, by its own account."""
    keys: Names
    replaced: Names
    """Names whose parameter is another object than before, by its own account."""
    resting: Names
    """Modules in inference mode after the call, by their own account."""
    labelled: Names
    """Modules with an attribute called ``requires_grad``, by their own account."""
    live: Names
    """Names that moved by exactly one step after the call."""
    decayed: Names
    """Names that no gradient moved, but decay did."""
    altered: Names
    """Names whose values are none of what a step can make of them."""

    @property
    def where(self) -> str:
        """The trial, for the beginning of a sentence."""
        starts = {"fresh": "everything learned", "frozen": "nothing learned", "odd": "some parameters learned"}
        return f"On {self.title}, in which {starts[self.state]} before"

    @property
    def backbone(self) -> Names:
        """Names of the backbone's parameters."""
        return self.anatomy.names - self.anatomy.head

    @property
    def right(self) -> bool:
        """Whether exactly the head learns and nothing else happened to the numbers."""
        return self.live == self.anatomy.head and not self.decayed and not self.altered

    @property
    def gone(self) -> Names:
        """Keys that the state had and has no longer."""
        return frozenset(entry.name for entry in self.anatomy.entries) - self.keys

    @property
    def come(self) -> Names:
        """Keys that the state has and had not."""
        return self.keys - {entry.name for entry in self.anatomy.entries}


class Norm(Record, frozen=True, kw_only=True):
    """One BatchNorm in one round."""

    name: str
    block: str
    """Title of the block it is in."""
    live: bool
    """Whether it belongs to the part that learns."""
    counted: int
    """Batches by which its counter went on."""
    moved: bool
    """Whether its mean or its variance changed."""


class Round(Record, frozen=True, kw_only=True):
    """A few batches in training mode without any step."""

    model: str
    title: str
    depth: int
    deepest: int
    dropout: float
    """Just before the head; 0.0 where there is none."""
    answer: Answer
    raised: Raised | None
    """What running the model raised."""
    batches: int
    norms: tuple[Norm, ...]
    moved: Names
    """Entries that have other values than before the round."""
    gone: Names
    """Entries that the model no longer has."""
    gap: float
    """How far the scores are from what the untouched backbone gives; infinite without scores."""
    wobble: float
    """How far the passes' scores are from each other; infinite without scores."""

    @property
    def where(self) -> str:
        """The round, for the beginning of a sentence."""
        if self.depth == 0:
            return f"On {self.title}, whose backbone is frozen"
        if self.depth == self.deepest:
            return f"On {self.title}, in which everything can learn"
        blocks = "block" if self.depth == 1 else f"{self.depth} of {self.deepest} blocks"
        return f"On {self.title}, whose last {blocks} can learn"

    @property
    def counting(self) -> Names:
        """Names of the BatchNorms that counted every batch."""
        return frozenset(norm.name for norm in self.norms if norm.counted == self.batches)

    @property
    def should_count(self) -> Names:
        """Names of the BatchNorms that should."""
        return frozenset(norm.name for norm in self.norms if norm.live)


class FrozenRun(Record, frozen=True, kw_only=True):
    """Two epochs of training on a backbone that was to be frozen."""

    modality: str
    title: str
    anatomy: Anatomy
    freeze: Answer
    modes: tuple[Answer, ...]
    """What came of ``train_mode``, epoch by epoch."""
    raised: Raised | None
    """What training raised."""
    moved: tuple[Names, ...]
    """After each step, the entries whose bytes differ from before the run; empty where training raised."""
    gone: Names
    """Entries that the model no longer had at the end."""
    gap: float
    """How far the scores are from the pristine features times the head that came back; infinite without scores."""

    @property
    def surplus(self) -> Names:
        """Entries of the backbone that moved in the end."""
        return frozenset(entry.name for entry in self.anatomy.entries if entry.block is not None) & self.moved[-1]

    @property
    def lacking(self) -> Names:
        """Parameters of the head that did not."""
        return self.anatomy.head - self.moved[-1]


class Copy(Record, frozen=True, kw_only=True):
    """One call of ``snapshot``, looked at after every number of the model was changed."""

    title: str
    anatomy: Anatomy
    answer: Answer
    names: Names
    tensors: Names
    """Names whose value is a tensor."""
    aliased: Names
    """Names whose value changed with the model."""
    kept: Names
    """Names whose value is what the model had."""

    @property
    def lacking(self) -> Names:
        """Entries of the state that are not in the snapshot."""
        return frozenset(entry.name for entry in self.anatomy.entries) - self.names


class Comparison(Record, frozen=True, kw_only=True):
    """One call of ``changed_entries``."""

    id: str
    expected: tuple[str, ...]
    answer: Answer
    names: Names
    """Of the model's state."""
    lost: Names
    """Entries that the snapshot given to the function lacks."""

    @property
    def told(self) -> tuple[str, ...] | None:
        """The names that came back; None where they are no list of names."""
        names = self.answer.returned
        is_list = isinstance(names, list) and all(isinstance(name, str) for name in names)
        return tuple(names) if is_list else None
