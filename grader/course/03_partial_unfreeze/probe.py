"""Goes into the sandbox: asks the learner's functions about random models, then trains the real ones."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.inside import models
from grader.inside.observe import STEP, Submitted, digests, set_flags, shake, tensors
from grader.inside.pretrained import Sample, logits, pretrained, sample
from grader.inside.wire import Fact
from grader.wire.job import Job
from grader.wire.names import HEADS

from . import wire
from .wire import BLOCKS, COUNTS, UNFREEZE

BATCH = 8


class Stage:
    """Everything the parts use, built before the learner's code is imported."""

    def __init__(self, job: Job) -> None:
        self.plan: dict[str, Any] = dict(job.plan)
        self._job = job
        self._rows = {row["id"]: row for row in self.plan["models"]}
        self._models = {name: _build(job, row) for name, row in self._rows.items()}
        self.names = {name: list(model.state_dict()) for name, model in self._models.items()}
        self.still = {name: digests(model.state_dict(), self.names[name]) for name, model in self._models.items()}
        self._stepped = {name: _stepped(model) for name, model in self._models.items()}
        backbones = {name: pretrained(job, name, f"{name}/") for name in HEADS}
        self._suspect: set[str] = set()
        self._backbones = {name: (model, copy.deepcopy(model.state_dict())) for name, model in backbones.items()}
        self.samples = {name: sample(job, name) for name in HEADS}

    def model(self, name: str, flags: Sequence[bool] | None) -> nn.Module:
        """Return a random model as it went in, with these flags, or with those that it has.

        It is built again when somebody altered more than its flags.
        """
        if name in self._suspect:
            state = self._models[name].state_dict()
            if list(state) != self.names[name] or not np.array_equal(
                digests(state, self.names[name]), self.still[name]
            ):
                self._models[name] = _build(self._job, self._rows[name])
        self._suspect.add(name)
        if flags is not None:
            set_flags(self._models[name], flags)
        return self._models[name]

    def shake(self, name: str) -> np.ndarray[Any, Any]:
        """Shake a random model and return its digests, uint64 ``[tensors]``.

        One in which every tensor is still or stepped is above suspicion.
        """
        with torch.enable_grad():
            moved = shake(self._models[name], self.names[name])
        if np.all((moved == self.still[name]) | (moved == self._stepped[name])):
            self._suspect.discard(name)
        return moved

    def pretrained(self, modality: str) -> nn.Module:
        """Return the pretrained model with the run's new head, as it came."""
        model, pristine = self._backbones[modality]
        if model.state_dict().keys() != pristine.keys():
            model = pretrained(self._job, modality, f"{modality}/")
            self._backbones[modality] = model, pristine
        model.load_state_dict(pristine)
        set_flags(model, [True] * len(list(model.parameters())))
        model.zero_grad()
        return model


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def backbone_blocks(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for the blocks of every random model, and of the two real ones."""
    for model in stage.plan["models"]:
        yield Fact(wire.blocks(model["id"]), learner.ask(BLOCKS, stage.model(model["id"], None)))
    for modality in HEADS:
        yield Fact(wire.blocks(modality), learner.ask(BLOCKS, stage.pretrained(modality)))


def partial_unfreeze(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for every planned depth from every planned state of the flags."""
    for trial in stage.plan["trials"]:
        walks = trial["state"] == wire.WALK
        answers, moved = [], []
        for place, depth in enumerate(trial["depths"]):
            model = stage.model(trial["model"], None if walks and place else trial["flags"])
            answers.append(learner.call(UNFREEZE, model, depth)[0] if walks else learner.ask(UNFREEZE, model, depth))
            moved.append(stage.shake(trial["model"]))
        yield Fact(wire.unfreeze(trial), answers, {"moved": np.stack(moved)})


def trainable_by_depth(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for the table of every random model, and see whether asking moved a flag."""
    for name, flags in stage.plan["counts"].items():
        answer = learner.ask(COUNTS, stage.model(name, flags))
        yield Fact(wire.counts(name), answer, {"moved": stage.shake(name)})


def vision_run(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Train the pretrained ResNet for a few steps at the planned depths."""
    yield from _run(learner, stage, "vision")


def text_run(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Train the pretrained BERT for a few steps at the planned depths."""
    yield from _run(learner, stage, "text")


def _run(learner: Submitted, stage: Stage, modality: str) -> Iterator[Fact]:
    run = next(run for run in stage.plan["runs"] if run["modality"] == modality)
    for depth in run["depths"]:
        model = stage.pretrained(modality)
        names = list(model.state_dict())
        answer = learner.ask(UNFREEZE, model, depth)
        trained = not (answer.raised or answer.missing) and _train(model, stage.samples[modality], run)
        state = model.state_dict()
        head = {part: state[f"{HEADS[modality]}.{part}"].numpy().copy() for part in ("weight", "bias")}
        seen = {"after": digests(state, names), **head}
        if depth == 0:
            with torch.no_grad():
                seen["logits"] = logits(model.eval(), stage.samples[modality].held_out).numpy()
        yield Fact(wire.run(modality, depth), wire.Trained(answer=answer, trained=trained), seen)


@torch.enable_grad()  # whatever the learner's code has switched off
def _train(model: nn.Module, data: Sample, run: dict[str, Any]) -> bool:
    """Take a few SGD steps with momentum and weight decay; False when nothing can learn."""
    if not any(parameter.requires_grad for parameter in model.parameters()):
        return False
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=0.01)
    generator = torch.Generator().manual_seed(run["batch_seed"])
    for _ in range(run["steps"]):
        model.train()
        for module in model.modules():
            learn = [parameter.requires_grad for parameter in module.parameters()]
            if learn and not any(learn):
                module.eval()
        rows = torch.randperm(len(data.labels), generator=generator)[:BATCH]
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(logits(model, data.inputs[rows]), data.labels[rows])
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return True


def _build(job: Job, row: dict[str, Any]) -> nn.Module:
    model = models.build(row["spec"])
    model.load_state_dict(dict(tensors(job.arrays, f"{row['id']}/")))
    return model


def _stepped(model: nn.Module) -> np.ndarray[Any, Any]:
    """Return the digests of a model all of whose parameters have taken one step."""
    state = {
        name: tensor - STEP if tensor.is_floating_point() else tensor for name, tensor in model.state_dict().items()
    }
    return digests(state, list(state))
