"""Goes into the sandbox: has the head of every model replaced, and looks at what stands there afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.inside import models
from grader.inside.observe import Submitted, describe, digests, shake, state, tensors
from grader.inside.wire import Fact
from grader.wire.job import Job

REPLACE = "replace_head"
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

    def forward(self, row: dict[str, Any], model: nn.Module, *, labels: bool = False) -> Any:
        """Run a model on the given inputs."""
        if row["spec"]["family"] not in ("bert", "distilbert"):
            return model(self._tensor("images").to(getattr(torch, row["dtype"])))
        ids = self._tensor("ids")
        more = {"labels": self._tensor(f"labels/{row['id']}")} if labels else {}
        told = model(input_ids=ids, attention_mask=torch.ones_like(ids), **more)
        return told.loss if labels else told.logits

    def _tensor(self, name: str) -> torch.Tensor:
        return torch.from_numpy(self._job.arrays[name].copy())

    def _build(self, row: dict[str, Any]) -> nn.Module:
        model = models.build(row["spec"])
        if not row["bias"]:
            model.fc = nn.Linear(model.fc.in_features, model.fc.out_features, bias=False)  # type: ignore[arg-type,union-attr]
        model.to(getattr(torch, row["dtype"]))
        model.load_state_dict(dict(tensors(self._job.arrays, f"{row['id']}/")))
        return model.requires_grad_(not row["frozen"])

    def _features(self, row: dict[str, Any]) -> np.ndarray[Any, Any]:
        """Return what arrives at the old head, ``[batch, width]``."""
        model, seen = self.models[row["id"]], []
        hook = model.get_submodule(head_name(row)).register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        with torch.no_grad():
            self.forward(row, model.eval())
        hook.remove()
        model.train()
        features: np.ndarray[Any, Any] = seen[0].numpy()
        return features


def head_name(row: dict[str, Any]) -> str:
    """Return the name of the layer that is to be replaced."""
    return {"resnet": "fc", "stacked": "classifier.3"}.get(row["spec"]["family"], "classifier")


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def replace_head(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for a new head on every model, and for the fewest classes and less."""
    for row in stage.plan["models"]:
        model = stage.models[row["id"]]
        answer, returned = learner.call(REPLACE, model, row["classes"])
        told = {"answer": answer, "same": returned is model}
        looked, arrays = _look(stage, row, returned if isinstance(returned, nn.Module) else model)
        yield Fact(f"head/{row['id']}", told | looked, arrays)
    answers = [
        learner.call(REPLACE, model, row["classes"])[0]
        for row, model in zip(stage.plan["bounds"], stage.bounds, strict=True)
    ]
    yield Fact("bounds", answers)


def _look(stage: Stage, row: dict[str, Any], model: nn.Module) -> tuple[dict[str, Any], Arrays]:
    """Return what the model says and what it does; a model that cannot be run says why."""
    parameters, buffers = state(model)
    everything = {**parameters, **buffers}
    arrays: Arrays = {
        "digests": digests(everything, stage.names[row["id"]]),
        "features": stage.features[row["id"]],
    }
    name = head_name(row)
    arrays |= {
        part: _numbers(parameters[f"{name}.{part}"]) for part in ("weight", "bias") if f"{name}.{part}" in parameters
    }
    told: dict[str, Any] = {"keys": list(model.state_dict()), "claims": _claims(model, name)}
    told["forward"] = _try(lambda: _run(stage, row, model, arrays))
    if row["spec"]["family"] in ("bert", "distilbert"):
        told["loss"] = _try(lambda: _loss(stage, row, model, parameters, arrays))
    told["shaken"] = _try(lambda: arrays.update(shaken=shake(model, stage.names[row["id"]])))
    return told, arrays


def _claims(model: nn.Module, name: str) -> dict[str, Any]:
    """Return the numbers of classes that stand in a model's attributes, where they are numbers."""
    try:
        layer = model.get_submodule(name)
    except AttributeError:
        layer = model
    found = {
        "out_features": getattr(layer, "out_features", None),
        "config.num_labels": getattr(getattr(model, "config", None), "num_labels", None),
        "num_labels": getattr(model, "num_labels", None),
    }
    dtype = str(getattr(getattr(layer, "weight", None), "dtype", "")).removeprefix("torch.")
    return {key: value for key, value in found.items() if isinstance(value, int)} | {"dtype": dtype}


def _numbers(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """Return a tensor's numbers, float64 where they are neither that nor float32."""
    tensor = tensor.detach() if tensor.dtype in (torch.float32, torch.float64) else tensor.detach().double()
    numbers: np.ndarray[Any, Any] = tensor.numpy().copy()
    return numbers


def _try(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except Exception as error:  # noqa: BLE001  what a model raises is what was to be found out
        return {"raised": describe(error, "")}


def _run(stage: Stage, row: dict[str, Any], model: nn.Module, arrays: Arrays) -> None:
    with torch.no_grad():
        logits = stage.forward(row, model.eval())
    arrays["logits"] = _numbers(logits)


def _loss(
    stage: Stage, row: dict[str, Any], model: nn.Module, parameters: dict[str, nn.Parameter], arrays: Arrays
) -> dict[str, Any]:
    """Compute the model's own loss, and the gradient that reaches the head's weight."""
    loss = stage.forward(row, model.eval(), labels=True)
    weight = parameters[f"{head_name(row)}.weight"]
    if loss.requires_grad and weight.requires_grad:
        (gradient,) = torch.autograd.grad(loss, [weight])
        arrays["gradient"] = gradient.numpy()
    value = float(loss.detach())
    return {"value": value if math.isfinite(value) else None}
