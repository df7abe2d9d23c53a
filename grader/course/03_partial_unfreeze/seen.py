"""What was seen of exercise 03, read from the evidence: the one view that checks and misconceptions share.

Which tensors learn is not taken from anybody's word. The weights went in from outside, so the digest that
every tensor must have after a step (or without one) is computed here, and the live set is whatever matches.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import msgspec
import numpy as np

from grader.authoring import NotReached, pretrained, read_answer
from grader.authoring.anatomy import anatomy
from grader.authoring.view import View, distance
from grader.records import Evidence
from grader.wire.answer import Answer

from . import door
from .digests import pristine, still_and_stepped
from .records import Ladder, Model, Names, Table, TrainingRun, Trial

BLOCKS_CAP = 100
"""More blocks than any model here has; a longer list is wrong whatever it holds."""


class Seen(View):
    """Everything that was seen, read when it is asked for; NotReached where the run never came so far."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._trials: dict[int, list[Trial]] = {}

    @functools.cached_property
    def models(self) -> tuple[Model, ...]:
        """The random models, in the order they were asked about."""
        return tuple(_model(row) for row in self._plan["models"])

    def blocks(self, model: Model) -> Answer:
        """Return the answer of ``backbone_blocks``."""
        return read_answer(self._fact(door.blocks(model.id)))

    @functools.cached_property
    def block_sets(self) -> dict[str, tuple[Names, ...]]:
        """The learner's blocks as sets, by model id, where they are lists of names."""
        found = {}
        for model in self.models:
            try:
                answer = self.blocks(model)
                lists = msgspec.convert(answer.returned, list[list[str]])
            except (NotReached, msgspec.ValidationError):
                continue
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
        rows = [index for index, row in enumerate(self._plan["trials"]) if not states or row["state"] in states]
        return [trial for index in rows for trial in self._trials_of(index)]

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
        for index in range(len(self._plan["trials"])):
            with contextlib.suppress(NotReached):
                found += [trial for trial in self._trials_of(index) if trial.possible]
        return found

    @functools.cached_property
    def possible(self) -> list[Trial]:
        """Every call of ``partial_unfreeze`` with a depth that exists."""
        return [trial for trial in self.trials() if trial.possible]

    def _digests_of(self, model: Model) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        return still_and_stepped(self._evidence.seed, model.id, msgspec.json.encode(self._row(model)))

    def _row(self, model: Model) -> dict[str, Any]:
        return next(row for row in self._plan["models"] if row["id"] == model.id)

    def _movement(self, model: Model, after: np.ndarray[Any, Any]) -> tuple[Names, Names]:
        still, stepped = self._digests_of(model)
        entries = model.anatomy.entries
        live = frozenset(entries[i].name for i in np.flatnonzero(after == stepped) if not entries[i].is_buffer)
        return live, frozenset(entries[i].name for i in np.flatnonzero((after != stepped) & (after != still)))

    def _trials_of(self, index: int) -> list[Trial]:
        if index not in self._trials:
            self._trials[index] = self._read_trials(self._plan["trials"][index])
        return self._trials[index]

    def _read_trials(self, row: dict[str, Any]) -> list[Trial]:
        model = next(model for model in self.models if model.id == row["model"])
        name = door.unfreeze(row)
        answers, depths = self._fact(name), row["depths"]
        moved = self._array(f"{name}/moved", (len(depths), len(model.anatomy.entries)), np.uint64)
        if not isinstance(answers, list) or len(answers) != len(depths):
            raise NotReached(name)
        before = _flagged(model, row["flags"])
        return [
            self._trial(model, row["state"], depth, before, answer, after)
            for depth, answer, after in zip(depths, answers, moved, strict=True)
        ]

    def _trial(self, model: Model, state: str, depth: int, before: Names, answer: Any, after: Any) -> Trial:
        live, altered = self._movement(model, after)
        return Trial(
            model=model,
            state=state,
            depth=depth,
            before=before,
            answer=read_answer(answer),
            live=live,
            altered=altered,
        )

    def _table(self, model: Model) -> Table:
        name = door.counts(model.id)
        after = self._array(f"{name}/moved", (len(model.anatomy.entries),), np.uint64)
        live, altered = self._movement(model, after)
        return Table(
            model=model,
            before=_flagged(model, self._plan["counts"][model.id]),
            answer=read_answer(self._fact(name)),
            live=live,
            altered=altered,
        )

    def _run(self, row: dict[str, Any], depth: int) -> TrainingRun:
        modality = row["modality"]
        name = door.run(row, depth)
        told = self._fact(name)
        if not isinstance(told, dict):
            raise NotReached(name)
        body = anatomy(pretrained.spec(modality, row["classes"]))
        after = self._array(f"{name}/after", (len(body.entries),), np.uint64)
        before = pristine(modality, msgspec.json.encode(row))
        return TrainingRun(
            modality=modality,
            depth=depth,
            anatomy=body,
            answer=read_answer(told.get("answer")),
            trained=told.get("trained") is True,
            moved=frozenset(body.entries[index].name for index in np.flatnonzero(after != before)),
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
