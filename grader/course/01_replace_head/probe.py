"""Goes into the sandbox: has the head of every model replaced, and looks at what stands there afterwards."""

from __future__ import annotations

import contextlib
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
        self.elsewhere = models.build(self.plan["elsewhere"]["spec"]).to(wire.ELSEWHERE)
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
        seen: list[torch.Tensor] = []
        model = self.models[row["id"]]
        with _watching(model, wire.layer(row), seen), torch.no_grad():
            self.forward(row, model.eval())
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
    answer, _ = learner.call(REPLACE, stage.elsewhere, stage.plan["elsewhere"]["classes"])
    parameters, _ = state(stage.elsewhere)
    weight = parameters.get(f"{_place(parameters, 'fc')}.weight")
    device = "" if weight is None else str(weight.device)
    yield Fact(wire.ELSEWHERE, wire.Elsewhere(answer=answer, device=device))


def _look(stage: Stage, row: wire.Row, answer: Answer, returned: Any) -> Fact:
    """Say what the model that came back holds and does; where none came, or one around it, it is the given one."""
    given = stage.models[row["id"]]
    back = returned if isinstance(returned, nn.Module) else given
    model = given if any(module is given for module in back.modules()) else back
    parameters, buffers = state(model)
    layer = _place(parameters, wire.layer(row))
    names = [_moved(name, wire.layer(row), layer) for name in stage.names[row["id"]]]
    arrays: Arrays = {"digests": digests({**parameters, **buffers}, names), "features": stage.features[row["id"]]}
    parts = {part: parameters.get(f"{layer}.{part}") for part in ("weight", "bias")}
    arrays |= {part: _numbers(parameter) for part, parameter in parts.items() if parameter is not None}
    keys = names_of(back.state_dict())
    head = dict(model.named_modules(remove_duplicate=False)).get(layer, model)
    dtype = str(getattr(getattr(head, "weight", None), "dtype", "")).removeprefix("torch.")
    out_features, labels = _claim(head, "out_features"), {name: _claim(model, name) for name in LABELS}
    _, raised = _try(lambda: arrays.update(_scores(stage, row, model, layer)))
    weight = parameters.get(f"{layer}.weight")
    loss, loss_raised = _try(lambda: _loss(stage, row, model, weight, arrays))
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


@contextlib.contextmanager
def _watching(model: nn.Module, layer: str, seen: list[torch.Tensor]) -> Iterator[None]:
    """Keep what arrives at a layer of a model; nothing where there is no such layer."""
    watched = dict(model.named_modules()).get(layer)
    hook = watched.register_forward_pre_hook(lambda _, given: seen.append(given[0])) if watched else None
    try:
        yield
    finally:
        if hook:
            hook.remove()


def _place(parameters: dict[str, nn.Parameter], layer: str) -> str:
    """Return the name of the one layer that stands at the head's place, or within what stands there."""
    below = [name for name, p in parameters.items() if name.startswith(f"{layer}.") and p.ndim > 1]
    return below[0].rpartition(".")[0] if len(below) == 1 else layer


def _moved(name: str, layer: str, place: str) -> str:
    """Return the name of an entry once its layer has another place."""
    return f"{place}.{name.removeprefix(f'{layer}.')}" if name.startswith(f"{layer}.") else name


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


def _scores(stage: Stage, row: wire.Row, model: nn.Module, place: str) -> Arrays:
    """Return the outputs and what arrived at the head, if it was asked."""
    seen: list[torch.Tensor] = []
    with _watching(model, place, seen), torch.no_grad():
        outputs = stage.forward(row, model.eval())
    return {"logits": _numbers(outputs), **({"arrived": _numbers(seen[0])} if seen else {})}


def _loss(stage: Stage, row: wire.Row, model: nn.Module, weight: nn.Parameter | None, arrays: Arrays) -> float | None:
    """Compute the model's own loss, if it has one, and the gradient that reaches the head's weight."""
    if row["spec"]["family"] not in TEXT:
        return None
    loss = stage.forward(row, model.eval(), labels=True)
    if weight is not None and loss.requires_grad and weight.requires_grad:
        (gradient,) = torch.autograd.grad(loss, [weight])
        arrays["gradient"] = gradient.numpy()
    value = float(loss.detach())
    return value if math.isfinite(value) else None
