"""Goes into the sandbox: builds optimizers from the learner's groups and takes one step with a given gradient.

Every other scalar of each tensor gets a gradient of one, the rest a gradient of zero. With SGD and AdamW alike,
what has no gradient moves by its decay alone, and what has one moves by its learning rate on top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.inside import models
from grader.inside.observe import Submitted, describe, plain
from grader.inside.wire import Fact
from grader.wire.answer import Answer, Raised
from grader.wire.job import Job

from . import wire
from .wire import BUILD, SCALE, STEPPED

RATES = ("head_lr", "backbone_lr", "weight_decay")
Row = dict[str, Any]
Group = dict[str, Any]
"""As the learner's function returned it."""


class Stage:
    """Everything the parts use, built before the learner's code is imported; no model is used twice."""

    def __init__(self, job: Job) -> None:
        self.weights = {name: torch.from_numpy(array.copy()) for name, array in job.arrays.items()}
        specs = {row["id"]: row["spec"] for row in job.plan["models"]}
        self.trials = [(row, *self._model(specs[row["model"]], row)) for row in job.plan["trials"]]
        self.schedules: list[Row] = [*job.plan["schedules"], job.plan["resumed"]]

    def _model(self, spec: Row, trial: Row) -> tuple[nn.Module, list[nn.Parameter]]:
        """Return a model with a trial's weights and flags, and its parameters in order."""
        model = models.build(spec)
        parameters = list(model.parameters())
        fill(parameters, self.weights[trial["model"]])
        for parameter, flag in zip(parameters, trial["flags"], strict=True):
            parameter.requires_grad_(flag)
        return model, parameters


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def build_param_groups(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for the groups of every planned trial, and take one step with each."""
    for trial, model, parameters in stage.trials:
        rates = {name: trial[name] for name in RATES}
        answer, groups = learner.call(BUILD, model, list(trial["head_names"]), read=_open, **rates)
        if isinstance(groups, str):
            answer, groups = Answer(strange=groups), None
        described, refused = tuple(_describe(group, parameters) for group in groups or ()), None
        if answer.has_returned:
            refused = _step(trial, groups, parameters)
        if refused:
            _step(trial, _once(groups), parameters)
        told = wire.Grouped(answer=answer, groups=described, refused=refused)
        yield Fact(wire.groups(trial), told, {STEPPED: flat(parameters)})


def scale_lrs(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Have the rates of optimizers scaled again and again, and take a step after every call."""
    for schedule in stage.schedules:
        weights = stage.weights[schedule["id"]]
        rows = [*schedule["groups"], schedule["late"]]
        tensors = [nn.Parameter(part.clone()) for part in weights.chunk(len(rows))]
        groups = [{**row, "params": [tensor]} for row, tensor in zip(rows, tensors, strict=True)]
        late = groups.pop()
        optimizer = _optimizer(schedule["optimizer"], groups)
        answers, shown, stepped = [], [_show(optimizer, tensors)], []
        for call, factor in enumerate(schedule["factors"]):
            if call == schedule["late_before"]:
                optimizer.add_param_group(late)
            answers.append(learner.ask(SCALE, optimizer, factor))
            shown.append(_show(optimizer, tensors))
            fill(tensors, weights)
            step(optimizer, tensors)
            stepped.append(flat(tensors))
        told = wire.Scaled(answers=tuple(answers), shown=tuple(shown))
        yield Fact(wire.scaled(schedule), told, {STEPPED: np.stack(stepped)})


def _open(returned: Any) -> list[Group] | str:
    """Return groups with their members in lists, so that they can be both described and used; else say what it is."""
    if not isinstance(returned, Iterable) or isinstance(returned, Mapping | str | torch.Tensor):
        return type(returned).__name__
    groups = list(returned)
    for group in groups:
        if not isinstance(group, dict) or "params" not in group:
            what = "dict without the key `params`" if isinstance(group, dict) else type(group).__name__
            return f"{type(returned).__name__} holding a {what}"
    return [{**group, "params": _members(group["params"])} for group in groups]


def _members(params: Any) -> Any:
    """Return a group's members as a list; a set stays one, because no optimizer takes it."""
    if isinstance(params, torch.Tensor):
        return [params]
    return list(params) if isinstance(params, Iterable) and not isinstance(params, set) else params


def _describe(group: Group, parameters: list[nn.Parameter]) -> wire.Group:
    index = {id(parameter): number for number, parameter in enumerate(parameters)}
    params = group["params"] if isinstance(group["params"], Iterable) else []
    tensors = [member[1] if isinstance(member, tuple) and len(member) > 1 else member for member in params]
    mine = tuple(index[id(tensor)] for tensor in tensors if id(tensor) in index)
    return wire.Group(members=mine, others=len(tensors) - len(mine))


def _step(trial: Row, groups: list[Group] | None, parameters: list[nn.Parameter]) -> Raised | None:
    """Take a step with some groups; return what the optimizer says to them, which is an answer too, if it refuses."""
    try:
        step(_optimizer(trial["optimizer"], groups or []), parameters)
    except Exception as error:  # noqa: BLE001  whatever it raises
        return describe(error, "")
    return None


def _once(groups: list[Group] | None) -> list[Group]:
    """Return groups in which every tensor stands once, where it stood first; so the rest can be judged all the same."""
    seen: set[int] = set()
    kept = []
    for group in groups or ():
        members = [member for member in group["params"] if id(member) not in seen]
        seen |= set(map(id, members))
        kept += [{**group, "params": members}] if members else []
    return kept


def _optimizer(name: str, groups: list[Group]) -> torch.optim.Optimizer:
    kind: Callable[..., torch.optim.Optimizer] = getattr(torch.optim, name)
    return kind(groups, **wire.DEFAULTS)


def _show(optimizer: torch.optim.Optimizer, tensors: list[nn.Parameter]) -> tuple[wire.Shown, ...]:
    index = {id(tensor): number for number, tensor in enumerate(tensors)}
    shown = []
    for group in optimizer.param_groups:
        says = {str(key): _shown(value) for key, value in group.items() if key != "params"}
        members = tuple(index.get(id(member), -1) for member in group["params"])
        shown.append(wire.Shown(members=members, says=says))
    return tuple(shown)


def _shown(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return plain(value.item())
    try:
        return plain(value)
    except TypeError:
        return type(value).__name__


def fill(parameters: list[nn.Parameter], weights: torch.Tensor) -> None:
    """Write flat weights into parameters."""
    parts = torch.split(weights, [parameter.numel() for parameter in parameters])
    with torch.no_grad():
        for parameter, part in zip(parameters, parts, strict=True):
            parameter.copy_(part.view_as(parameter))


def step(optimizer: torch.optim.Optimizer, parameters: list[nn.Parameter]) -> None:
    """Give every other scalar of each parameter a gradient of one, the rest zero, and take one step."""
    for parameter in parameters:
        gradient = torch.zeros(parameter.numel())
        gradient[::2] = 1
        parameter.grad = gradient.view_as(parameter)
    optimizer.step()


def flat(parameters: list[nn.Parameter]) -> np.ndarray[Any, Any]:
    """Return parameters behind one another, float32."""
    whole: np.ndarray[Any, Any] = torch.cat([parameter.detach().reshape(-1) for parameter in parameters]).numpy()
    return whole.copy()
