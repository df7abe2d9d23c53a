"""Goes into the sandbox: has heads replaced, backbones frozen, groups made, and trains with what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from grader.inside import models
from grader.inside.observe import Submitted, digests, names_of, plain, shake, state, tensors
from grader.inside.wire import Fact
from grader.wire.job import Job

from .wire import FREEZE, GROUP, REPLACE, Said

RATES = (0.1, 0.01)
STEPS = 5
Told = dict[str, Any]


class Stage:
    """A model for every part, built before the learner's code is imported."""

    def __init__(self, job: Job) -> None:
        self.classes: dict[str, int] = job.plan["classes"]
        self.names: dict[str, list[str]] = {}
        self.vision = {part: self._model(job, "vision") for part in (REPLACE, GROUP, FREEZE, "training")}
        self.text = self._model(job, "text")

    def _model(self, job: Job, name: str) -> nn.Module:
        model = models.build(job.plan["specs"][name])
        model.load_state_dict(dict(tensors(job.arrays, f"{name}/")))
        self.names[name] = list(model.state_dict())
        return model.train()


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def replace_head(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for a head, look at its shape, and run the model."""
    told: Told = {}
    if model := _asked(learner, told, REPLACE, stage.vision[REPLACE], stage.classes["vision"]):
        told["head"] = plain(tuple(state(model)[0]["fc.weight"].shape))
        told["scores"] = plain(tuple(model(torch.zeros(2, 3, 32, 32)).shape))
    yield Fact("head", Said(**told))


def make_param_groups(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for groups, and look at what an optimizer makes of them."""
    told: Told = {}
    if model := _asked(learner, told, REPLACE, stage.vision[GROUP], stage.classes["vision"]):
        optimizer = _optimizer(learner, told, model)
        names = {id(parameter): name for name, parameter in state(model)[0].items()}
        groups = optimizer.param_groups if optimizer else []
        told["groups"] = plain([[g["lr"], [names.get(id(parameter), "") for parameter in g["params"]]] for g in groups])
    yield Fact("groups", Said(**told))


def freeze_backbone(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Freeze a ResNet, and take a step that moves whatever learns."""
    told: Told = {}
    seen = _frozen(learner, told, stage, "vision", stage.vision[FREEZE])[1]
    yield Fact("freeze", Said(**told), seen)


def training(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Freeze a ResNet in training mode, and train it for a few steps."""
    told: Told = {}
    model = _asked(learner, told, REPLACE, stage.vision["training"], stage.classes["vision"])
    model = model and _asked(learner, told, FREEZE, model)
    optimizer = _optimizer(learner, told, model) if model else None
    if not model or not optimizer:
        yield Fact("training", Said(**told))
        return
    before = _digests(model, stage.names["vision"])
    generator = torch.Generator().manual_seed(7)
    for _ in range(STEPS):
        pictures, labels = torch.randn(8, 3, 32, 32, generator=generator), torch.arange(8) % stage.classes["vision"]
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(pictures), labels).backward()
        optimizer.step()
    yield Fact("training", Said(**told), {"before": before, "after": _digests(model, stage.names["vision"])})


def text(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask the same of a BERT."""
    told: Told = {}
    model, seen = _frozen(learner, told, stage, "text", stage.text)
    if model:
        told["scores"] = plain(tuple(model(input_ids=torch.zeros(2, 7, dtype=torch.long)).logits.shape))
        _optimizer(learner, told, model)
    yield Fact("text", Said(**told), seen)


def _asked(learner: Submitted, told: Told, function: str, model: nn.Module, *more: Any) -> nn.Module | None:
    """Ask for a model and note the answer; return the model, or None where there is none."""
    answer, returned = learner.call(function, model, *more)
    told[function] = answer
    return returned if isinstance(returned, nn.Module) else None


def _optimizer(learner: Submitted, told: Told, model: nn.Module) -> torch.optim.SGD | None:
    """Ask for groups and note the answer; return an optimizer that holds them."""

    def hold(groups: Any) -> torch.optim.SGD:
        return torch.optim.SGD(groups)

    told[GROUP], optimizer = learner.call(GROUP, model, *RATES, read=hold)
    return optimizer


def _frozen(
    learner: Submitted, told: Told, stage: Stage, name: str, model: nn.Module
) -> tuple[nn.Module | None, dict[str, Any]]:
    """Have a model frozen; return it with its digests as it is now, and after a step that moves whatever learns."""
    asked = _asked(learner, told, REPLACE, model, stage.classes[name])
    frozen = asked and _asked(learner, told, FREEZE, asked)
    if not frozen:
        return None, {}
    told["labelled"] = names_of(path for path, module in frozen.named_modules() if "requires_grad" in vars(module))
    before = _digests(frozen, stage.names[name])
    return frozen, {"before": before, "after": shake(frozen, stage.names[name])}


def _digests(model: nn.Module, names: list[str]) -> Any:
    parameters, buffers = state(model)
    return digests({**parameters, **buffers}, names)
