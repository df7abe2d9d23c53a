"""Goes into the sandbox: has the head of every model replaced, and looks at what stands there afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.inside import models
from grader.inside.observe import Submitted, describe, digests, names_of, plain, shake, state, tensors
from grader.inside.wire import Fact
from grader.wire.answer import Answer, Raised
from grader.wire.job import Job

from . import wire
from .wire import BOUNDS, LABELS, REPLACE, TEXT

Arrays = dict[str, np.ndarray[Any, Any]]


class Stage:
    """Everything the part uses, built before the learner's code is imported; every model is asked about once."""

    def __init__(self, job: Job) -> None:
        self.plan: dict[str, Any] = dict(job.plan)
        self._job = job
        self.models = {row["id"]: self._build(row) for row in self.plan["models"]}
        self.names = {name: list(model.state_dict()) for name, model in self.models.items()}
        self.features = {row["id"]: self._features(row) for row in self.plan["models"]}
        self.bounds = [models.build(row["spec"]) for row in self.plan["bounds"]]

    def forward(self, row: wire.Row, model: nn.Module, *, labels: bool = False) -> Any:
        """Run a model on the given inputs."""
        if row["spec"]["family"] not in TEXT:
            return model(self._tensor("images").to(getattr(torch, row["dtype"])))
        ids = self._tensor("ids")
        more = {"labels": self._tensor(f"labels/{row['id']}")} if labels else {}
        told = model(input_ids=ids, attention_mask=torch.ones_like(ids), **more)
        return told.loss if labels else told.logits

    def _tensor(self, name: str) -> torch.Tensor:
        return torch.from_numpy(self._job.arrays[name].copy())

    def _build(self, row: wire.Row) -> nn.Module:
        model = models.build(row["spec"])
        if not row["bias"]:
            model.fc = nn.Linear(model.fc.in_features, model.fc.out_features, bias=False)  # type: ignore[arg-type,union-attr]
        model.to(getattr(torch, row["dtype"]))
        model.load_state_dict(dict(tensors(self._job.arrays, f"{row['id']}/")))
        return model.requires_grad_(not row["frozen"])

    def _features(self, row: wire.Row) -> np.ndarray[Any, Any]:
        """Return what arrives at the old head, ``[batch, width]``."""
        model, seen = self.models[row["id"]], []
        hook = model.get_submodule(wire.layer(row)).register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        with torch.no_grad():
            self.forward(row, model.eval())
        hook.remove()
        model.train()
        features: np.ndarray[Any, Any] = seen[0].numpy()
        return features


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def replace_head(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for a new head on every model, and for the fewest classes and less."""
    for row in stage.plan["models"]:
        model = stage.models[row["id"]]
        answer, returned = learner.call(REPLACE, model, row["classes"])
        yield _look(stage, row, answer, returned)
    answers = [
        learner.call(REPLACE, model, row["classes"])[0]
        for row, model in zip(stage.plan["bounds"], stage.bounds, strict=True)
    ]
    yield Fact(BOUNDS, answers)


def _look(stage: Stage, row: wire.Row, answer: Answer, returned: Any) -> Fact:
    """Say what the model that came back holds and does; where none came, it is the model that was given."""
    given = stage.models[row["id"]]
    model = returned if isinstance(returned, nn.Module) else given
    layer, names = wire.layer(row), stage.names[row["id"]]
    parameters, buffers = state(model)
    arrays: Arrays = {"digests": digests({**parameters, **buffers}, names), "features": stage.features[row["id"]]}
    parts = {part: parameters.get(f"{layer}.{part}") for part in ("weight", "bias")}
    arrays |= {part: _numbers(parameter) for part, parameter in parts.items() if parameter is not None}
    keys = names_of(model.state_dict())
    head = dict(model.named_modules(remove_duplicate=False)).get(layer, model)
    dtype = str(getattr(getattr(head, "weight", None), "dtype", "")).removeprefix("torch.")
    out_features, labels = _claim(head, "out_features"), {name: _claim(model, name) for name in LABELS}
    _, raised = _try(lambda: arrays.update(logits=_scores(stage, row, model)))
    loss, loss_raised = _try(lambda: _loss(stage, row, model, parameters, arrays))
    _try(lambda: arrays.update(shaken=shake(model, names)))
    told = wire.Replaced(
        answer=answer,
        same=returned is given,
        keys=keys,
        dtype=dtype,
        out_features=out_features,
        labels=labels,
        raised=raised,
        loss=loss,
        loss_raised=loss_raised,
    )
    return Fact(wire.head(row), told, arrays)


def _claim(owner: Any, path: str) -> wire.Claim:
    for name in path.split("."):
        owner = getattr(owner, name, None)
    return plain(owner) if isinstance(owner, int) else None


def _numbers(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """Return a tensor's numbers, float64 where they are neither that nor float32."""
    tensor = tensor.detach() if tensor.dtype in (torch.float32, torch.float64) else tensor.detach().double()
    numbers: np.ndarray[Any, Any] = tensor.numpy().copy()
    return numbers


def _try(action: Callable[[], Any]) -> tuple[Any, Raised | None]:
    """Return what an action returns, or what it raises."""
    try:
        return action(), None
    except Exception as error:  # noqa: BLE001  what a model raises is what was to be found out
        return None, describe(error, "")


def _scores(stage: Stage, row: wire.Row, model: nn.Module) -> np.ndarray[Any, Any]:
    with torch.no_grad():
        return _numbers(stage.forward(row, model.eval()))


def _loss(
    stage: Stage, row: wire.Row, model: nn.Module, parameters: dict[str, nn.Parameter], arrays: Arrays
) -> float | None:
    """Compute the model's own loss, if it has one, and the gradient that reaches the head's weight."""
    if row["spec"]["family"] not in TEXT:
        return None
    loss = stage.forward(row, model.eval(), labels=True)
    weight = parameters[f"{wire.layer(row)}.weight"]
    if loss.requires_grad and weight.requires_grad:
        (gradient,) = torch.autograd.grad(loss, [weight])
        arrays["gradient"] = gradient.numpy()
    value = float(loss.detach())
    return value if math.isfinite(value) else None
