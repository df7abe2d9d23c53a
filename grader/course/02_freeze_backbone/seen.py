"""What was seen of exercise 02, read from the evidence: the one view that checks and misconceptions share.

Weights, heads and inputs went in from outside. So the digests that freezing may leave, the scores that a frozen
backbone must give and the batches that a BatchNorm should count are all known here. Modes and attributes that the
models report of themselves only help to tell a story.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from grader.authoring import pretrained
from grader.authoring.anatomy import GRID, Anatomy, Arrays, anatomy
from grader.authoring.digests import Digests, digests
from grader.authoring.view import View, distance
from grader.records import Evidence, Record
from grader.wire.answer import Answer
from grader.wire.names import MODALITIES

from . import plan, wire

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
    told: wire.Frozen
    """What it did, by its own account."""
    live: Names
    """Names that moved by exactly one step after the call."""
    decayed: Names
    """Names that no gradient moved, but decay did."""
    altered: Names
    """Names whose values are none of what a step can make of them."""

    @property
    def answer(self) -> Answer:
        """What came of the call."""
        return self.told.answer

    @property
    def where(self) -> str:
        """The trial, for the beginning of a sentence."""
        starts = {"frozen": "nothing learned", "odd": "some parameters learned"}
        return f"On {self.title}, in which {starts.get(self.state, 'everything learned')} before"

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
        return frozenset(entry.name for entry in self.anatomy.entries).difference(self.told.keys)

    @property
    def come(self) -> Names:
        """Keys that the state has and had not."""
        return frozenset(self.told.keys) - {entry.name for entry in self.anatomy.entries}


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
    told: wire.Ran
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
    told: wire.Trained
    moved: tuple[Names, ...]
    """After each step, the entries whose bytes differ from before the run; empty where training raised."""
    gone: Names
    """Entries that the model no longer had at the end."""
    gap: float
    """How far the scores are from the pristine features times the head that came back; infinite without scores."""

    @property
    def live(self) -> Names:
        """Parameters that ``freeze_backbone`` left to learn."""
        return frozenset(self.told.live) & self.anatomy.names

    @property
    def surplus(self) -> Names:
        """Entries that moved in the end, and belong neither to what could learn nor to its modules."""
        owners = {name.rpartition(".")[0] for name in self.live}
        still = (entry.name for entry in self.anatomy.entries if entry.name not in self.live)
        kept = (name for name in still if name in self.anatomy.names or name.rpartition(".")[0] not in owners)
        return frozenset(kept) & self.moved[-1]

    @property
    def lacking(self) -> Names:
        """Parameters that could learn and did not move."""
        return self.live - self.moved[-1]


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
    def listed(self) -> tuple[str, ...] | None:
        """The names that came back; None where they are no list of names."""
        names = self.answer.returned
        is_list = isinstance(names, list) and all(isinstance(name, str) for name in names)
        return tuple(names) if is_list else None


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._rows = {row["id"]: row for row in self._plan["models"]}
        self._rounds: dict[str, tuple[Round, ...]] = {}
        self._runs: dict[str, FrozenRun] = {}

    @functools.cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The calls of ``freeze_backbone``."""
        return tuple(self._trial(row) for row in self._plan["trials"])

    @functools.cached_property
    def inner(self) -> Trial:
        """The call whose head is named by the two layers that it consists of, which lie in a Sequential."""
        return self._trial(self._plan["inner"])

    @functools.cached_property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds in training mode: the pretrained ResNet's, the pretrained BERT's, the normed head's."""
        return tuple(one for row in self._plan["modes"] for one in self.rounds_of(row["model"]))

    def rounds_of(self, model: str) -> tuple[Round, ...]:
        """Return the rounds of one model."""
        if model not in self._rounds:
            self._rounds[model] = tuple(self._read_rounds(_row(self._plan["modes"], model)))
        return self._rounds[model]

    def run(self, modality: str) -> FrozenRun:
        """Return a real run."""
        if modality not in self._runs:
            self._runs[modality] = self._read_run(_row(self._plan["runs"], modality))
        return self._runs[modality]

    @functools.cached_property
    def copies(self) -> tuple[Copy, ...]:
        """The calls of ``snapshot``."""
        return tuple(self._copy(name) for name in self._plan["copied"])

    @functools.cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """The calls of ``changed_entries``, by what was changed."""
        return {row["id"]: self._comparison(row) for row in self._plan["comparisons"]}

    def _state(self, row: dict[str, Any]) -> tuple[Anatomy, Arrays]:
        """Return anatomy and state of a model of the plan's rounds or runs, as it went in."""
        name = row["model"]
        if name in self._rows:
            return anatomy(self._rows[name]["spec"]), plan.weights(self._rows[name])
        head = plan.head(row)
        return anatomy(pretrained.spec(name, row["classes"])), pretrained.state(name, head)

    def _trial(self, row: dict[str, Any]) -> Trial:
        model = self._rows[row["model"]]
        name, body = wire.freeze(row), anatomy(model["spec"])
        told = self._told(name, wire.Frozen)
        still, stepped, decayed = _after_a_step(msgspec.json.encode(model))
        moved = self._array(f"{name}/moved", still.shape, np.uint64)
        names = [entry.name for entry in body.entries]
        flagged = zip(body.parameters, row["flags"], strict=True)
        return Trial(
            id=row["model"],
            title=plan.TITLES[row["model"]],
            state=row["state"],
            anatomy=body,
            head_names=tuple(row.get("head_names", model["head_names"])),
            before=frozenset(entry.name for entry, flag in flagged if flag),
            told=told,
            live=_where(names, moved == stepped) & body.names,
            decayed=_where(names, moved == decayed) & body.names,
            altered=_where(names, (moved != still) & (moved != stepped) & (moved != decayed)),
        )

    def _read_rounds(self, mode: dict[str, Any]) -> Iterator[Round]:
        body, state = self._state(mode)
        names = list(state)
        before = digests(state.values())
        counters = [name for name in names if name.endswith(wire.COUNTER)]
        batches = np.array([int(state[name]) for name in counters], dtype=np.int64)
        for number, row in enumerate(mode["rounds"]):
            name = wire.mode(mode["model"], number)
            after = self._array(f"{name}/digests", before.shape, np.uint64)
            counted = self._array(f"{name}/batches", batches.shape, np.int64)
            gone = _where(names, after == 0)
            moved = _where(names, after != before) - gone
            gap, wobble = self._distances(f"{name}/scores", mode)
            yield Round(
                model=mode["model"],
                title=plan.TITLES[mode["model"]],
                depth=row["depth"],
                deepest=len(body.blocks),
                dropout=row.get("dropout", 0.0),
                told=self._told(name, wire.Ran),
                batches=sum(-(-len(order) // row["batch"]) for order in row["orders"]),
                norms=tuple(_norms(body, row["depth"], counters, counted - batches, moved)),
                moved=moved,
                gone=gone,
                gap=gap,
                wobble=wobble,
            )
            before, batches = after, counted

    def _distances(self, name: str, mode: dict[str, Any]) -> tuple[float, float]:
        scores = self._evidence.arrays.get(name)
        if scores is None or scores.dtype != np.float32 or scores.ndim != 3 or len(scores) != plan.PASSES:  # noqa: PLR2004
            return np.inf, np.inf
        if mode["model"] not in MODALITIES:
            return np.inf, distance(scores[0], scores[1])
        expected = pretrained.scores(mode["model"], plan.head(mode))
        return max(distance(one, expected) for one in scores), distance(scores[0], scores[1])

    def _read_run(self, row: dict[str, Any]) -> FrozenRun:
        modality = row["model"]
        name = wire.run(modality)
        told = self._told(name, wire.Trained)
        body, state = self._state(row)
        steps = np.empty((0, len(state)), dtype=np.uint64)
        if told.raised is None:
            steps = self._array(f"{name}/steps", (sum(row["epochs"]), len(state)), np.uint64)
        before = digests(state.values())
        return FrozenRun(
            modality=modality,
            title=plan.TITLES[modality],
            anatomy=body,
            told=told,
            moved=tuple(_where(list(state), step != before) for step in steps),
            gone=_where(list(state), (steps[-1:] == 0).any(axis=0)),
            gap=np.inf if told.raised else self._gap(name, modality, row["classes"]),
        )

    def _gap(self, name: str, modality: str, classes: int) -> float:
        head = {
            "weight": self._array(f"{name}/weight", (classes, pretrained.width(modality)), np.float32),
            "bias": self._array(f"{name}/bias", (classes,), np.float32),
        }
        expected = pretrained.scores(modality, head)
        return distance(self._array(f"{name}/scores", expected.shape, np.float32), expected)

    def _copy(self, model: str) -> Copy:
        name = wire.snapshot(model)
        told = self._told(name, wire.Copied)
        state = plan.weights(self._rows[model])
        seen = self._array(f"{name}/digests", (len(state),), np.uint64)
        moved = digests(array + array.dtype.type(1) for array in state.values())
        return Copy(
            title=plan.TITLES[model],
            anatomy=anatomy(self._rows[model]["spec"]),
            answer=told.answer,
            names=frozenset(told.names),
            tensors=frozenset(told.tensors),
            aliased=_where(list(state), seen == moved),
            kept=_where(list(state), seen == digests(state.values())),
        )

    def _comparison(self, row: dict[str, Any]) -> Comparison:
        before, after = plan.compared(row, self._plan["models"])
        return Comparison(
            id=row["id"],
            expected=tuple(plan.differing(before, after)),
            answer=self._told(wire.changed(row["id"]), Answer),
            names=frozenset(after),
            lost=frozenset(after) - frozenset(before),
        )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


@functools.lru_cache(maxsize=16)
def _after_a_step(model: bytes) -> tuple[Digests, Digests, Digests]:
    """Return a state's digests untouched, after a step with gradient and decay, and after one with decay alone."""
    state = plan.weights(msgspec.json.decode(model))
    step = np.float32(1 / GRID)
    stepped = (array - (1 + array) * step for array in state.values())
    return digests(state.values()), digests(stepped), digests(array - array * step for array in state.values())


def _row(rows: list[dict[str, Any]], model: str) -> dict[str, Any]:
    return next(row for row in rows if row["model"] == model)


def _where(names: list[str], chosen: np.ndarray[Any, Any]) -> Names:
    return frozenset(name for name, picked in zip(names, chosen, strict=True) if picked)


def _norms(body: Anatomy, depth: int, counters: list[str], counted: Any, moved: Names) -> Iterator[Norm]:
    entries = {entry.name: entry for entry in body.entries}
    for name, count in zip(counters, counted, strict=True):
        owner = name.removesuffix(wire.COUNTER)
        statistics = {f"{owner}.running_mean", f"{owner}.running_var"}
        block = entries[name].block
        yield Norm(
            name=owner,
            block="head" if block is None else body.block_titles[block],
            live=body.is_live(entries[name], depth),
            counted=max(int(count), 0),
            moved=bool(statistics & moved),
        )
