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

from grader.authoring import NotReached, Unreadable, pretrained, value_as
from grader.authoring.anatomy import GRID, Anatomy, anatomy
from grader.authoring.digests import Digests, digests
from grader.authoring.view import View, distance
from grader.records import Evidence
from grader.wire.answer import Answer

from . import plan, wire
from .calls import Model, Table, TrainingRun, Trial
from .ladders import Ladder, Names

BLOCKS_CAP = 100
"""More blocks than any model here has; a longer list is wrong whatever it holds."""


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._rows = {row["id"]: row for row in self._plan["models"]}
        models = sorted(
            map(_model, self._rows.values()), key=lambda each: (each.family != "resnet", each.layers, each.title)
        )
        self._models = {model.id: model for model in models}
        self._real = {row["modality"]: _real(row) for row in self._plan["runs"]}
        self._trials: dict[str, list[Trial]] = {}

    @property
    def models(self) -> tuple[Model, ...]:
        """The random models: ResNets, then BERTs, those with fewer layers first."""
        return tuple(self._models.values())

    def of(self, family: str) -> list[Model]:
        """Return the random models of a family."""
        return [model for model in self.models if model.family == family]

    def blocks(self, model: Model) -> Answer:
        """Return the answer of ``backbone_blocks``."""
        answer: Answer = self._told(wire.blocks(model.id), Answer)
        return answer

    @functools.cached_property
    def block_lists(self) -> dict[str, list[list[str]]]:
        """The learner's blocks by model id, of the real models as well, where they are lists of names."""
        found = {}
        for model in (*self.models, *self._real.values()):
            with contextlib.suppress(NotReached):
                lists = value_as(self.blocks(model), list[list[str]])
                if lists is not None and len(lists) <= BLOCKS_CAP:
                    found[model.id] = lists
        return found

    @functools.cached_property
    def block_sets(self) -> dict[str, tuple[Names, ...]]:
        """The same as sets."""
        return {name: tuple(map(frozenset, lists)) for name, lists in self.block_lists.items()}

    def own_ladder(self, model: Model) -> Ladder | None:
        """Return the learner's own blocks, as far as the model has such names, with the true head."""
        blocks, names = self.block_sets.get(model.id), model.anatomy.names
        if blocks is None:
            return None
        return Ladder(head=model.anatomy.head, blocks=tuple(block & names for block in blocks))

    def trials(self, family: str = "") -> list[Trial]:
        """Return the calls of ``partial_unfreeze`` on the models of a family, or on all; those of a walk are apart."""
        models = {model.id for model in self.models if family in ("", model.family)}
        rows = [row for row in self._plan["trials"] if row["model"] in models and row["state"] != wire.WALK]
        return [trial for row in rows for trial in self._trials_of(row)]

    @functools.cached_property
    def reached(self) -> list[Trial]:
        """The calls of ``partial_unfreeze`` with a depth that exists, as far as the run came."""
        found = []
        for row in self._plan["trials"]:
            if row["state"] != wire.WALK:
                with contextlib.suppress(NotReached):
                    found += [trial for trial in self._trials_of(row) if trial.possible]
        return found

    @functools.cached_property
    def possible(self) -> list[Trial]:
        """Every call of ``partial_unfreeze`` with a depth that exists."""
        return [trial for trial in self.trials() if trial.possible]

    def left_learning(self, model: Model, depths: int) -> list[list[int]]:
        """Count the scalars that ``partial_unfreeze`` left learning at the first so many depths.

        One table is of fresh models and one of a walk; there is none where a call did not return, or was not asked.
        """
        found = []
        for row in self._plan["trials"]:
            if row["model"] == model.id and row["state"] in ("fresh", wire.WALK):
                with contextlib.suppress(NotReached):
                    left = {trial.depth: trial for trial in self._trials_of(row) if trial.came}
                    if all(depth in left for depth in range(depths)):
                        found.append([model.anatomy.size_of(left[depth].live) for depth in range(depths)])
        return found

    def table(self, model: Model) -> Table:
        """Return the call of ``trainable_by_depth``."""
        name = wire.counts(model.id)
        live, altered = self._movement(model, self._array(f"{name}/moved", (len(model.anatomy.entries),), np.uint64))
        return Table(
            model=model,
            before=_flagged(model, self._plan["counts"][model.id]),
            answer=self._told(name, Answer),
            live=live,
            altered=altered,
        )

    @property
    def tables(self) -> tuple[Table, ...]:
        """The calls of ``trainable_by_depth`` on all models."""
        return tuple(self.table(model) for model in self.models)

    def runs(self, modality: str) -> list[TrainingRun]:
        """Return the real training runs of one modality."""
        row = next(row for row in self._plan["runs"] if row["modality"] == modality)
        return [self._run(row, depth) for depth in row["depths"]]

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

    def _run(self, row: dict[str, Any], depth: int) -> TrainingRun:
        name, model = wire.run(row["modality"], depth), self._real[row["modality"]]
        after = self._array(f"{name}/after", (len(model.anatomy.entries),), np.uint64)
        return TrainingRun(
            model=model,
            depth=depth,
            told=self._told(name, wire.Trained),
            moved=_where(model.anatomy, after != _pristine(msgspec.json.encode(row))),
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


def _real(row: dict[str, Any]) -> Model:
    modality = row["modality"]
    return Model(
        id=modality,
        title=pretrained.TITLES[modality],
        family={"vision": "resnet", "text": "bert"}[modality],
        layers=plan.RUN_BLOCKS[modality] - 1,
        anatomy=anatomy(pretrained.spec(modality, row["classes"])),
    )


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
