"""Goes into the sandbox: has the head of every model replaced, and looks at what stands there afterwards."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Mapping
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
from .wire import BOUNDS, LABELS, PLACED, REPLACE, TEXT

Array = np.ndarray[Any, Any]
Arrays = dict[str, Array]


class Stage:
    """Everything the part uses, built before the learner's code is imported; every model is asked about once.

    Which layer is the head is not among it: every linear layer that a matrix of features reaches is looked at.
    """

    def __init__(self, job: Job) -> None:
        self.rows = [{"id": row["id"], "classes": row["classes"]} for row in job.plan["models"]]
        self.models = {row["id"]: _build(job, row) for row in job.plan["models"]}
        self.names = {name: list(model.state_dict()) for name, model in self.models.items()}
        self.inputs = {row["id"]: _inputs(job, row) for row in job.plan["models"]}
        self.labels = {row["id"]: _tensor(job, f"labels/{row['id']}") for row in job.plan["models"]}
        self.arriving = {name: self._arriving(name, model) for name, model in self.models.items()}
        bounds, placed = job.plan["bounds"], job.plan["placed"]
        self.bounds = [(models.build(row["spec"]), row["classes"]) for row in bounds]
        self.placed = models.build(placed["spec"]).to(placed["device"]), placed["classes"]

    def forward(self, name: str, model: nn.Module, **labels: torch.Tensor) -> Any:
        """Run a model on its inputs, a transformers model with labels ``[batch]`` if it is to compute its loss."""
        given = self.inputs[name]
        return model(**given, **labels) if isinstance(given, dict) else model(given)

    def scores(self, name: str, model: nn.Module) -> Array:
        """Return a model's outputs, ``[batch, classes]``, with dropout off."""
        with torch.no_grad():
            returned = self.forward(name, model.eval())
        return _numbers(returned.logits if isinstance(self.inputs[name], dict) else returned)

    def _arriving(self, name: str, model: nn.Module) -> dict[str, Array]:
        """Return what arrives at each linear layer, ``[batch, width]``, where that is a matrix."""
        layers = {path: layer for path, layer in model.named_modules() if isinstance(layer, nn.Linear)}
        with _listening(layers) as arrived:
            self.scores(name, model)
        model.train()
        return {path: arrived[path] for path in layers if arrived[path].ndim == 2}  # noqa: PLR2004  a matrix


def prepare(job: Job) -> Stage:
    """Build every model before the learner's code runs."""
    return Stage(job)


def _build(job: Job, row: wire.Row) -> nn.Module:
    model = models.build(row["spec"])
    if not row["bias"]:
        model.fc = nn.Linear(model.fc.in_features, model.fc.out_features, bias=False)  # type: ignore[arg-type,union-attr]
    model.to(getattr(torch, row["dtype"]))
    model.load_state_dict(dict(tensors(job.arrays, f"{row['id']}/")))
    return model.requires_grad_(not row["frozen"])


def _tensor(job: Job, name: str) -> torch.Tensor:
    return torch.from_numpy(job.arrays[name].copy())


def _inputs(job: Job, row: wire.Row) -> Any:
    """Return pictures, or token ids with their mask by name."""
    if row["spec"]["family"] not in TEXT:
        return _tensor(job, "images").to(getattr(torch, row["dtype"]))
    ids = _tensor(job, "ids")
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


@contextlib.contextmanager
def _listening(layers: Mapping[str, nn.Module]) -> Iterator[dict[str, Array]]:
    """Write down what arrives at each layer, by its name."""
    arrived: dict[str, Array] = {}

    def note(name: str, given: tuple[Any, ...]) -> None:
        if given and isinstance(given[0], torch.Tensor):
            arrived[name] = _numbers(given[0])

    hooks = [
        layer.register_forward_pre_hook(lambda _, given, name=name: note(name, given)) for name, layer in layers.items()
    ]
    try:
        yield arrived
    finally:
        for hook in hooks:
            hook.remove()


def replace_head(learner: Submitted, stage: Stage) -> Iterator[Fact]:
    """Ask for a new head on every model, for the fewest classes and less, and on another device."""
    for row in stage.rows:
        answer, returned = learner.call(REPLACE, stage.models[row["id"]], row["classes"])
        yield _look(stage, row, answer, returned)
    yield Fact(BOUNDS, [learner.call(REPLACE, model, classes)[0] for model, classes in stage.bounds])
    given, classes = stage.placed
    answer, returned = learner.call(REPLACE, given, classes)
    parameters, buffers = state(returned if isinstance(returned, nn.Module) else given)
    entries = {**parameters, **buffers}
    shapes = {name: tuple(tensor.shape) for name, tensor in entries.items()}
    devices = {name: str(tensor.device) for name, tensor in entries.items()}
    yield Fact(PLACED, wire.Placed(answer=answer, shapes=shapes, devices=devices))


def _look(stage: Stage, row: wire.Row, answer: Answer, returned: Any) -> Fact:
    """Say what the model that came back holds and does; where none came, it is the model that was given."""
    name = row["id"]
    given, names, before = stage.models[name], stage.names[name], stage.arriving[name]
    model = returned if isinstance(returned, nn.Module) else given
    parameters, buffers = state(model)
    arrays: Arrays = {"digests": digests({**parameters, **buffers}, names)}
    modules = dict(model.named_modules(remove_duplicate=False))
    paths = [_path(modules, path) for path in before]
    with _listening({path: modules[path] for path in paths if path in modules}) as now:
        _, raised = _try(lambda: arrays.update(logits=stage.scores(name, model)))
    loss, loss_raised = _try(lambda: _loss(stage, name, model))
    layers = []
    for number, (path, features) in enumerate(zip(paths, before.values(), strict=True)):
        layers.append(_layer(modules.get(path)))
        found = {"before": features, **_held(model, parameters, path, loss)}
        if path in now and (now[path].shape, now[path].dtype) == (features.shape, features.dtype):
            found["now"] = now[path]
        arrays |= {f"{part}-{number}": array for part, array in found.items()}
    told = wire.Replaced(
        answer=answer,
        same=returned is given,
        keys=names_of(model.state_dict()),
        layers=tuple(layers),
        labels={label: _claim(model, label) for label in LABELS},
        raised=raised,
        loss=_finite(loss),
        loss_raised=loss_raised,
    )
    return Fact(wire.head(row), told, arrays)


def _path(modules: dict[str, nn.Module], path: str) -> str:
    """Return where the one linear layer is that stands at a path or below it; the path where there is not one."""
    inside = [
        name
        for name, module in modules.items()
        if isinstance(module, nn.Linear) and (name == path or name.startswith(f"{path}."))
    ]
    return inside[0] if len(inside) == 1 else path


def _layer(found: nn.Module | None) -> wire.Layer:
    dtype = str(getattr(getattr(found, "weight", None), "dtype", "")).removeprefix("torch.")
    return wire.Layer(dtype=dtype, out_features=_claim(found, "out_features"))


def _held(
    model: nn.Module, parameters: dict[str, nn.Parameter], path: str, loss: torch.Tensor | None
) -> dict[str, Array]:
    """Return a layer's weight and bias, where a step takes them, and the gradient of the loss in the weight."""
    names = [f"{path}.{part}" for part in ("weight", "bias")]
    weight, bias = map(parameters.get, names)
    found = {"weight": _numbers(weight), "bias": _numbers(bias)}
    gradient, _ = _try(lambda: _gradient(loss, weight))
    found |= {} if loss is None else {"gradient": _numbers(gradient)}
    _try(lambda: found.update(moved=shake(model, names)))
    return found


def _gradient(loss: torch.Tensor | None, weight: nn.Parameter | None) -> torch.Tensor | None:
    if loss is None or weight is None or not (loss.requires_grad and weight.requires_grad):
        return None
    return torch.autograd.grad(loss, [weight], retain_graph=True, allow_unused=True)[0]


def _claim(owner: Any, path: str) -> wire.Claim:
    for name in path.split("."):
        owner = getattr(owner, name, None)
    return plain(owner) if isinstance(owner, int) else None


def _numbers(tensor: torch.Tensor | None) -> Array:
    """Return a tensor's numbers, float64 where they are neither that nor float32, and none of nothing."""
    if tensor is None:
        return np.zeros(0, dtype=np.float32)
    tensor = tensor.detach() if tensor.dtype in (torch.float32, torch.float64) else tensor.detach().double()
    numbers: Array = tensor.numpy().copy()
    return numbers


def _try(action: Callable[[], Any]) -> tuple[Any, Raised | None]:
    """Return what an action returns, or what it raises."""
    try:
        return action(), None
    except Exception as error:  # noqa: BLE001  what a model raises is what was to be found out
        return None, describe(error, "")


def _loss(stage: Stage, name: str, model: nn.Module) -> torch.Tensor | None:
    """Compute the model's own loss, if it has one."""
    if not isinstance(stage.inputs[name], dict):
        return None
    with torch.enable_grad():
        loss = stage.forward(name, model.eval(), labels=stage.labels[name]).loss
    return loss if isinstance(loss, torch.Tensor) and loss.ndim == 0 else None


def _finite(loss: torch.Tensor | None) -> float | None:
    value = math.nan if loss is None else float(loss.detach())
    return value if math.isfinite(value) else None
