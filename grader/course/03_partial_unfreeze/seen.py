"""What was seen of exercise 03, read from the evidence: the one view that checks and misconceptions share.

Which tensors learn is not taken from anybody's word. The weights went in from outside, so the digest that
every tensor must have after a step (or without one) is computed here, and the live set is whatever matches.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from grader.authoring import NotReached, Unreadable, pretrained
from grader.authoring.anatomy import GRID, Anatomy, anatomy
from grader.authoring.digests import Digests, digests
from grader.authoring.view import View, distance
from grader.records import Evidence, Record
from grader.wire.answer import Answer

from . import plan, wire

Names = frozenset[str]
BLOCKS_CAP = 100
"""More blocks than any model here has; a longer list is wrong whatever it holds."""


class Model(Record, frozen=True, kw_only=True):
    """One random model that was asked about."""

    id: str
    title: str
    """How to call it in a sentence."""
    family: str
    layers: int
    anatomy: Anatomy


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


class Trial(Asking, frozen=True, kw_only=True):
    """One call of ``partial_unfreeze``."""

    state: str
    depth: int

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
        return f"{wire.UNFREEZE}(model, {self.depth})"


class Table(Asking, frozen=True, kw_only=True):
    """One call of ``trainable_by_depth``."""


class TrainingRun(Record, frozen=True, kw_only=True):
    """A few real training steps of a pretrained model at one depth."""

    title: str
    """How to call the model in a sentence."""
    depth: int
    told: wire.Trained
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


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._rows = {row["id"]: row for row in self._plan["models"]}
        self._models = {name: _model(row) for name, row in self._rows.items()}
        self._trials: dict[str, list[Trial]] = {}

    @property
    def models(self) -> tuple[Model, ...]:
        """The random models, in the order they were asked about."""
        return tuple(self._models.values())

    def blocks(self, model: Model) -> Answer:
        """Return the answer of ``backbone_blocks``."""
        answer: Answer = self._told(wire.blocks(model.id), Answer)
        return answer

    @functools.cached_property
    def block_sets(self) -> dict[str, tuple[Names, ...]]:
        """The learner's blocks as sets, by model id, where they are lists of names."""
        found = {}
        for model in self.models:
            with contextlib.suppress(NotReached, msgspec.ValidationError):
                lists = msgspec.convert(self.blocks(model).returned, list[list[str]])
                if len(lists) <= BLOCKS_CAP:
                    found[model.id] = tuple(frozenset(names) for names in lists)
        return found

    def follows_blocks(self, trial: Trial) -> bool:
        """Whether a wrong live set is right by the learner's own blocks, which are then where the mistake is."""
        ladder = self.own_ladder(trial.model)
        if ladder is None or trial.live == trial.expected or not 0 <= trial.depth <= len(ladder.blocks):
            return False
        return trial.live in (ladder.at(trial.depth), trial.model.anatomy.names - ladder.below(trial.depth))

    def own_counts(self, model: Model) -> list[list[int]]:
        """Return the tables that the learner's own blocks would give; none where there are no blocks."""
        ladder = self.own_ladder(model)
        if ladder is None:
            return []
        body, depths = model.anatomy, range(len(ladder.blocks) + 1)
        above = [body.size_of(ladder.at(depth)) for depth in depths]
        return [above, [body.size_of(body.names - ladder.below(depth)) for depth in depths]]

    def own_ladder(self, model: Model) -> Ladder | None:
        """Return the learner's own blocks with the true head."""
        blocks = self.block_sets.get(model.id)
        return None if blocks is None else Ladder(head=model.anatomy.head, blocks=blocks)

    def trials(self, *states: str) -> list[Trial]:
        """Return the calls of ``partial_unfreeze`` from these states of the flags, or from all."""
        rows = [row for row in self._plan["trials"] if not states or row["state"] in states]
        return [trial for row in rows for trial in self._trials_of(row)]

    @functools.cached_property
    def tables(self) -> tuple[Table, ...]:
        """The calls of ``trainable_by_depth``."""
        return tuple(self._table(model) for model in self.models)

    def runs(self, modality: str) -> list[TrainingRun]:
        """Return the real training runs of one modality."""
        row = next(row for row in self._plan["runs"] if row["modality"] == modality)
        return [self._run(row, depth) for depth in row["depths"]]

    @functools.cached_property
    def reached(self) -> list[Trial]:
        """The calls of ``partial_unfreeze`` with a depth that exists, as far as the run came."""
        found = []
        for row in self._plan["trials"]:
            with contextlib.suppress(NotReached):
                found += [trial for trial in self._trials_of(row) if trial.possible]
        return found

    @functools.cached_property
    def possible(self) -> list[Trial]:
        """Every call of ``partial_unfreeze`` with a depth that exists."""
        return [trial for trial in self.trials() if trial.possible]

    def _trials_of(self, row: dict[str, Any]) -> list[Trial]:
        name = wire.unfreeze(row)
        if name not in self._trials:
            self._trials[name] = list(self._read_trials(name, row))
        return self._trials[name]

    def _read_trials(self, name: str, row: dict[str, Any]) -> Iterator[Trial]:
        model, depths = self._models[row["model"]], row["depths"]
        answers = self._told(name, tuple[Answer, ...])
        moved = self._array(f"{name}/moved", (len(depths), len(model.anatomy.entries)), np.uint64)
        if len(answers) != len(depths):
            raise Unreadable(name)
        before = _flagged(model, row["flags"])
        for depth, answer, after in zip(depths, answers, moved, strict=True):
            live, altered = self._movement(model, after)
            yield Trial(
                model=model, state=row["state"], depth=depth, before=before, answer=answer, live=live, altered=altered
            )

    def _movement(self, model: Model, after: Digests) -> tuple[Names, Names]:
        """Return what moved by one step, and what is neither there nor where it was."""
        still, stepped = _still_and_stepped(msgspec.json.encode(self._rows[model.id]))
        live = _where(model.anatomy, after == stepped) & model.anatomy.names
        return live, _where(model.anatomy, (after != stepped) & (after != still))

    def _table(self, model: Model) -> Table:
        name = wire.counts(model.id)
        live, altered = self._movement(model, self._array(f"{name}/moved", (len(model.anatomy.entries),), np.uint64))
        return Table(
            model=model,
            before=_flagged(model, self._plan["counts"][model.id]),
            answer=self._told(name, Answer),
            live=live,
            altered=altered,
        )

    def _run(self, row: dict[str, Any], depth: int) -> TrainingRun:
        name, body = wire.run(row["modality"], depth), anatomy(pretrained.spec(row["modality"], row["classes"]))
        after = self._array(f"{name}/after", (len(body.entries),), np.uint64)
        return TrainingRun(
            title=pretrained.TITLES[row["modality"]],
            depth=depth,
            told=self._told(name, wire.Trained),
            moved=_where(body, after != _pristine(msgspec.json.encode(row))),
            expected=frozenset(entry.name for entry in body.entries if body.is_live(entry, depth)),
            logits_gap=self._logits_gap(name, row) if depth == 0 else 0.0,
        )

    def _logits_gap(self, name: str, row: dict[str, Any]) -> float:
        modality, classes = row["modality"], row["classes"]
        weight = self._array(f"{name}/weight", (classes, pretrained.width(modality)), np.float32)
        bias = self._array(f"{name}/bias", (classes,), np.float32)
        expected = pretrained.scores(modality, {"weight": weight, "bias": bias})
        logits = self._array(f"{name}/logits", expected.shape, np.float32)
        return distance(expected, logits)


def read(evidence: Evidence) -> Seen:
    """Return the view that checks and misconceptions take."""
    return Seen(evidence)


def _model(row: dict[str, Any]) -> Model:
    spec = row["spec"]
    if spec["family"] == "resnet":
        title = f"a ResNet with {spec['block']} blocks"
    else:
        title = f"a BERT with {spec['layers']} layers" + ("" if spec["pooler"] else " and no pooler")
    layers = spec["layers"] if spec["family"] == "bert" else sum(spec["layers"])
    return Model(id=row["id"], title=title, family=spec["family"], layers=layers, anatomy=anatomy(spec))


def _flagged(model: Model, flags: list[bool]) -> Names:
    pairs = zip(model.anatomy.parameters, flags, strict=True)
    return frozenset(entry.name for entry, flag in pairs if flag)


def _where(body: Anatomy, chosen: np.ndarray[Any, Any]) -> Names:
    return frozenset(body.entries[index].name for index in np.flatnonzero(chosen))


@functools.lru_cache(maxsize=16)
def _still_and_stepped(row: bytes) -> tuple[Digests, Digests]:
    """Return the digests of a random model's state as it went in, and after one step of every tensor."""
    state = plan.weights(msgspec.json.decode(row))
    return digests(state.values()), digests(array - np.float32(1 / GRID) for array in state.values())


@functools.lru_cache(maxsize=8)
def _pristine(row: bytes) -> Digests:
    """Return the digests of a pretrained backbone's state with the run's new head."""
    run = msgspec.json.decode(row)
    return digests(pretrained.state(run["modality"], plan.head(run)).values())
