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

from grader.authoring import Raised, pretrained, read_answer
from grader.authoring.anatomy import GRID, Anatomy, Arrays, anatomy
from grader.authoring.digests import Digests, digests
from grader.authoring.view import View, distance
from grader.records import Evidence
from grader.wire.names import MODALITIES

from . import changes, door
from . import plan as planned
from .records import Comparison, Copy, FrozenRun, Names, Norm, Round, Trial

TITLES = {
    "resnet": "a ResNet",
    "normed": "a ResNet whose head has a BatchNorm",
    "gated": "a ResNet whose blocks have gates",
    "vit": "a Vision Transformer",
    "bert": "a BERT with 12 layers",
    "distilbert": "a DistilBERT",
    **pretrained.TITLES,
}


class _Frozen(msgspec.Struct):
    same: bool
    keys: list[str]
    replaced: list[str]
    resting: list[str]
    labelled: list[str]
    answer: Any = None


class _Mode(msgspec.Struct):
    answer: Any = None
    raised: Raised | None = None


class _Run(msgspec.Struct):
    modes: list[Any]
    freeze: Any = None
    raised: Raised | None = None


class _Copied(msgspec.Struct):
    names: list[str]
    tensors: list[str]
    answer: Any = None


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
            return anatomy(self._rows[name]["spec"]), planned.weights(self._rows[name])
        head = planned.head(row)
        return anatomy(pretrained.spec(name, row["classes"])), pretrained.state(name, head)

    def _trial(self, row: dict[str, Any]) -> Trial:
        model = self._rows[row["model"]]
        name, body = door.freeze(row), anatomy(model["spec"])
        told: _Frozen = self._told(name, _Frozen)
        still, stepped, decayed = _after_a_step(msgspec.json.encode(model))
        moved = self._array(f"{name}/moved", still.shape, np.uint64)
        names = [entry.name for entry in body.entries]
        flagged = zip(body.parameters, row["flags"], strict=True)
        return Trial(
            id=row["model"],
            title=TITLES[row["model"]],
            state=row["state"],
            anatomy=body,
            head_names=tuple(model["head_names"]),
            before=frozenset(entry.name for entry, flag in flagged if flag),
            answer=read_answer(told.answer),
            same=told.same,
            keys=frozenset(told.keys),
            replaced=frozenset(told.replaced),
            resting=frozenset(told.resting),
            labelled=frozenset(told.labelled),
            live=_where(names, moved == stepped) & body.names,
            decayed=_where(names, moved == decayed) & body.names,
            altered=_where(names, (moved != still) & (moved != stepped) & (moved != decayed)),
        )

    def _read_rounds(self, plan: dict[str, Any]) -> Iterator[Round]:
        body, state = self._state(plan)
        names = list(state)
        before = digests(state.values())
        counters = [name for name in names if name.endswith(door.COUNTER)]
        batches = np.array([int(state[name]) for name in counters], dtype=np.int64)
        for number, row in enumerate(plan["rounds"]):
            name = door.mode(plan, number)
            told: _Mode = self._told(name, _Mode)
            after = self._array(f"{name}/digests", before.shape, np.uint64)
            counted = self._array(f"{name}/batches", batches.shape, np.int64)
            gone = _where(names, after == 0)
            moved = _where(names, after != before) - gone
            gap, wobble = self._distances(f"{name}/scores", plan)
            yield Round(
                model=plan["model"],
                title=TITLES[plan["model"]],
                depth=row["depth"],
                deepest=len(body.blocks),
                dropout=row.get("dropout", 0.0),
                answer=read_answer(told.answer),
                raised=told.raised,
                batches=sum(-(-len(order) // row["batch"]) for order in row["orders"]),
                norms=tuple(_norms(body, row["depth"], counters, counted - batches, moved)),
                moved=moved,
                gone=gone,
                gap=gap,
                wobble=wobble,
            )
            before, batches = after, counted

    def _distances(self, name: str, plan: dict[str, Any]) -> tuple[float, float]:
        scores = self._evidence.arrays.get(name)
        if scores is None or scores.dtype != np.float32 or scores.ndim != 3 or len(scores) != planned.PASSES:  # noqa: PLR2004
            return np.inf, np.inf
        if plan["model"] not in MODALITIES:
            return np.inf, distance(scores[0], scores[1])
        expected = pretrained.scores(plan["model"], planned.head(plan))
        return max(distance(one, expected) for one in scores), distance(scores[0], scores[1])

    def _read_run(self, row: dict[str, Any]) -> FrozenRun:
        modality = row["model"]
        name = door.run(row)
        told: _Run = self._told(name, _Run)
        body, state = self._state(row)
        steps = np.empty((0, len(state)), dtype=np.uint64)
        if told.raised is None:
            steps = self._array(f"{name}/steps", (sum(row["epochs"]), len(state)), np.uint64)
        before = digests(state.values())
        return FrozenRun(
            modality=modality,
            title=TITLES[modality],
            anatomy=body,
            freeze=read_answer(told.freeze),
            modes=tuple(map(read_answer, told.modes)),
            raised=told.raised,
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
        name = door.snapshot(model)
        told: _Copied = self._told(name, _Copied)
        state = planned.weights(self._rows[model])
        seen = self._array(f"{name}/digests", (len(state),), np.uint64)
        moved = digests(array + array.dtype.type(1) for array in state.values())
        return Copy(
            title=TITLES[model],
            anatomy=anatomy(self._rows[model]["spec"]),
            answer=read_answer(told.answer),
            names=frozenset(told.names),
            tensors=frozenset(told.tensors),
            aliased=_where(list(state), seen == moved),
            kept=_where(list(state), seen == digests(state.values())),
        )

    def _comparison(self, row: dict[str, Any]) -> Comparison:
        answer = read_answer(self._fact(door.changed(row)))
        before, after = planned.compared(row, self._plan["models"])
        return Comparison(
            id=row["id"],
            expected=tuple(changes.differing(before, after)),
            answer=answer,
            names=frozenset(after),
            lost=frozenset(after) - frozenset(before),
        )


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


@functools.lru_cache(maxsize=16)
def _after_a_step(model: bytes) -> tuple[Digests, Digests, Digests]:
    """Return a state's digests untouched, after a step with gradient and decay, and after one with decay alone."""
    state = planned.weights(msgspec.json.decode(model))
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
        owner = name.removesuffix(door.COUNTER)
        statistics = {f"{owner}.running_mean", f"{owner}.running_var"}
        block = entries[name].block
        yield Norm(
            name=owner,
            block="head" if block is None else body.block_titles[block],
            live=body.is_live(entries[name], depth),
            counted=max(int(count), 0),
            moved=bool(statistics & moved),
        )
