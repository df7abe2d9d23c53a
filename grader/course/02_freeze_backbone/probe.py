"""Goes into the sandbox: freezes models, trains with them, and has copies and comparisons made.

Where a function is asked about, the others' part is played by the harness: ``train_mode`` gets models whose flags are
set here, ``changed_entries`` gets a snapshot made here. Only the two real runs take what ``freeze_backbone`` left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from grader.inside import models
from grader.inside.observe import Submitted, describe, digests, names_of, set_flags, shake, state, tensors
from grader.inside.pretrained import Sample, logits, pretrained, sample
from grader.inside.wire import Fact
from grader.wire.answer import Answer, Raised
from grader.wire.job import Job
from grader.wire.names import HEADS, MODALITIES

from . import wire
from .wire import CHANGED, COUNTER, FREEZE, SNAPSHOT, TRAIN

DECAY, MOMENTUM, RATE = 0.1, 0.9, 0.05
Arrays = dict[str, np.ndarray[Any, Any]]
Row = dict[str, Any]


class Stage:
    """Everything the parts use, built before the learner's code is imported; no model is used twice."""

    def __init__(self, job: Job) -> None:
        self.plan: Row = dict(job.plan)
        self._job = job
        self._rows = {row["id"]: row for row in self.plan["models"]}
        self.heads = {**{name: row["head_names"] for name, row in self._rows.items()}, **_singly(HEADS)}
        trials = [*self.plan["trials"], self.plan["inner"]]
        self.trials = [(row, self._random(row["model"])) for row in trials]
        self.copied = [(name, self._random(name)) for name in self.plan["copied"]]
        self.compared = [self._compared(row) for row in self.plan["comparisons"]]
        self.modes = [(row, self._model("modes", row)) for row in self.plan["modes"]]
        self.runs = {row["model"]: (row, self._model("runs", row)) for row in self.plan["runs"]}
        self.samples: dict[str, Sample] = {name: sample(job, name) for name in MODALITIES}

    def inputs(self, name: str) -> Tensor:
        """Return what a model is run on in training mode, ``[N, ...]``."""
        pictures = torch.from_numpy(self._job.arrays["pictures"].copy())
        return self.samples[name].held_out if name in self.samples else pictures

    def _random(self, name: str) -> nn.Module:
        model = models.build(self._rows[name]["spec"])
        model.load_state_dict(dict(tensors(self._job.arrays, f"{name}/")))
        return model

    def _compared(self, row: Row) -> tuple[str, dict[str, Tensor], nn.Module]:
        """Return a snapshot, and the model with the state that it is compared with."""
        model = self._random(wire.NORMED)
        now = [(name, list(tensor.shape)) for name, tensor in model.state_dict().items()]
        state = _unflatten(self._job.arrays[f"compared/{row['id']}/after"], now)
        model.load_state_dict(state)
        return row["id"], _unflatten(self._job.arrays[f"compared/{row['id']}/before"], row["before"]), model

    def _model(self, part: str, row: Row) -> nn.Module:
        name = row["model"]
        if name not in MODALITIES:
            return self._random(name)
        dropout = {"dropout": row.get("dropout", 0.1)} if name == "text" else {}
        return pretrained(self._job, name, f"{part}/{name}/", **dropout)


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def snapshot(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for snapshots, change every number of the model afterwards, and look at what the snapshot holds."""
    for name, model in stage.copied:
        answer, kept = learner.call(SNAPSHOT, model, read=_entries)
        with torch.no_grad():
            for tensor in model.state_dict().values():
                tensor.add_(1)
        if isinstance(kept, str):
            answer, kept = Answer(strange=kept), {}
        copies = {key: tensor for key, tensor in (kept or {}).items() if isinstance(tensor, Tensor)}
        told = wire.Copied(answer=answer, names=names_of(kept or ()), tensors=names_of(copies))
        yield Fact(wire.snapshot(name), told, {"digests": digests(copies, list(model.state_dict()))})


def changed_entries(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask what differs between a snapshot made here and a model in which something was changed."""
    for name, before, model in stage.compared:
        yield Fact(wire.changed(name), learner.ask(CHANGED, before, model))


def freeze_backbone(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Have every model frozen from every planned state of the flags, and take a step that decays as well."""
    for row, model in stage.trials:
        names, parameters = list(model.state_dict()), state(model)[0]
        set_flags(model, row["flags"])
        answer, returned = learner.call(FREEZE, model, list(row.get("head_names", stage.heads[row["model"]])))
        after = state(model)[0]
        told = wire.Frozen(
            answer=answer,
            same=returned is model,
            keys=names_of(model.state_dict()),
            replaced=names_of(name for name in after if after[name] is not parameters.get(name)),
            resting=names_of(name for name, module in model.named_modules() if not module.training),
            labelled=names_of(name for name, module in model.named_modules() if "requires_grad" in vars(module)),
        )
        yield Fact(wire.freeze(row), told, {"moved": shake(model, names, decay=1.0)})


def train_mode(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for training mode with chosen flags, and run batches through the model without any step."""
    for plan, model in stage.modes:
        name = plan["model"]
        names = list(model.state_dict())
        learner.call(FREEZE, model, list(stage.heads[name]))
        for number, row in enumerate(plan["rounds"]):
            _free(model, row["live"])
            if number:
                model.eval()
            answer, returned = learner.call(TRAIN, model)
            with learner.switches.as_left():
                raised, seen = _run_through(model, stage.inputs(name), row)
            entries = _entries_of(model)
            seen |= {"digests": digests(entries, names), "batches": _counters(entries, names)}
            yield Fact(wire.mode(name, number), wire.Ran(answer=answer, same=returned is model, raised=raised), seen)


def vision_run(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Train the frozen ResNet for two epochs."""
    yield _frozen_run(learner, stage, "vision")


def text_run(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Train the frozen BERT for two epochs."""
    yield _frozen_run(learner, stage, "text")


def _unflatten(flat: np.ndarray[Any, Any], shapes: list[tuple[str, list[int]]]) -> dict[str, Tensor]:
    """Cut numbers that lie behind one another into tensors; counters are whole numbers."""
    parts = torch.from_numpy(flat.copy()).split([math.prod(shape) for _, shape in shapes])  # type: ignore[no-untyped-call]
    whole = {name: part.view(shape).clone() for (name, shape), part in zip(shapes, parts, strict=True)}
    return {name: part.long() if name.endswith(COUNTER) else part for name, part in whole.items()}


def _singly(heads: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [head] for name, head in heads.items()}


def _entries(returned: Any) -> dict[str, Any] | str:
    """Return a mapping's entries by name, or the type of what is no mapping."""
    return (
        {str(key): value for key, value in returned.items()}
        if isinstance(returned, Mapping)
        else type(returned).__name__
    )


def _entries_of(model: nn.Module) -> dict[str, Tensor]:
    """Return parameters and buffers by name."""
    parameters, buffers = state(model)
    return {**parameters, **buffers}


def _free(model: nn.Module, live: list[str]) -> None:
    """Let exactly the named parameters learn, as far as the model still has them."""
    for name, parameter in state(model)[0].items():
        parameter.requires_grad_(name in live)


def _run_through(model: nn.Module, inputs: Tensor, row: Row) -> tuple[Raised | None, Arrays]:
    """Run every planned pass and return the scores in the order of the inputs, or what was raised."""
    if "dropout" in row:
        model.dropout.p = row["dropout"]  # type: ignore[union-attr]
    scores = []
    try:
        for order in row["orders"]:
            rows = torch.tensor(order)
            batches = [logits(model, inputs[part]).detach() for part in rows.split(row["batch"])]  # type: ignore[no-untyped-call]
            scores.append(torch.cat(batches)[rows.argsort()])
    except Exception as error:  # noqa: BLE001  what a model raises is what was to be found out
        return describe(error, ""), {}
    return None, {"scores": torch.stack(scores).numpy()}


def _counters(entries: Mapping[str, Tensor], names: list[str]) -> np.ndarray[Any, Any]:
    """Return how many batches every BatchNorm has counted, int64; -1 where the counter is gone."""
    counters = [name for name in names if name.endswith(COUNTER)]
    return np.array([int(entries[name]) if name in entries else -1 for name in counters], dtype=np.int64)


def _frozen_run(learner: Submitted, stage: Stage, modality: str) -> Fact:
    """Freeze, train for two epochs with validation between, and return the state after every step."""
    row, model = stage.runs[modality]
    data, names = stage.samples[modality], list(model.state_dict())
    frozen = learner.call(FREEZE, model, [HEADS[modality]])[0]
    live = names_of(name for name, parameter in state(model)[0].items() if parameter.requires_grad)
    modes: list[Answer] = []
    steps: list[np.ndarray[Any, Any]] = []
    try:
        with learner.switches.as_left():
            modes.extend(_train(learner, model, data, row, steps, names))
        with torch.no_grad():
            scores = logits(model.eval(), data.held_out)
    except Exception as error:  # noqa: BLE001  what training raises is what was to be found out
        raised = describe(error, "")
        return Fact(wire.run(modality), wire.Trained(freeze=frozen, live=live, modes=tuple(modes), raised=raised))
    entries = _entries_of(model)
    seen = {part: entries[f"{HEADS[modality]}.{part}"].detach().numpy().copy() for part in ("weight", "bias")}
    told = wire.Trained(freeze=frozen, live=live, modes=tuple(modes))
    return Fact(wire.run(modality), told, {"steps": np.stack(steps), "scores": scores.numpy(), **seen})


def _train(
    learner: Submitted, model: nn.Module, data: Sample, row: Row, steps: list[np.ndarray[Any, Any]], names: list[str]
) -> Iterator[Answer]:
    """Train as people do, with momentum and weight decay and with all parameters in the optimizer."""
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)
    generator = torch.Generator().manual_seed(row["batch_seed"])
    for count in row["epochs"]:
        yield learner.call(TRAIN, model)[0]
        for _ in range(count):
            rows = torch.randperm(len(data.labels), generator=generator)[: row["batch"]]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(logits(model, data.inputs[rows]), data.labels[rows])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            steps.append(digests(_entries_of(model), names))
        with torch.no_grad():
            logits(model.eval(), data.held_out)
