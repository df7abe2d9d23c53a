"""What exercise 04 asks: groups for four models in several states, and two optimizers whose rates are scaled.

Every rate and decay is a power of two and every weight a multiple of 1/64, so that one step of SGD is exact in
float32 and the settings of each tensor can be read off its move.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.authoring.anatomy import GRID, Arrays, Entry, anatomy
from grader.records import Asked, exactly

from . import wire

ASKED = (
    ("resnet", "whole", "SGD"),
    ("gated", "whole", "SGD"),
    ("bert", "whole", "AdamW"),
    ("distilbert", "whole", "SGD"),
    ("resnet", "partial", "AdamW"),
    ("gated", "partial", "SGD"),
    ("bert", "partial", "SGD"),
    ("distilbert", "odd", "SGD"),
    ("resnet", "head", "SGD"),
    ("bert", "head", "SGD"),
)
"""Model, state of the flags, optimizer. whole: all learn; partial: the first blocks are frozen; head: all are."""
HEADS = {
    "resnet": ["fc.0", "fc.1"],
    "gated": ["fc", "prototypes"],
    "bert": ["classifier"],
    "distilbert": ["pre_classifier", "classifier"],
}
TITLES = {
    "resnet": "a ResNet whose head has a BatchNorm",
    "gated": "a ResNet whose blocks have gates",
    "bert": "a BERT with {layers} layers",
    "distilbert": "a DistilBERT with {layers} layers",
}
"""How to call a model in a sentence, given its spec."""
GROUP_SIZE = 4
"""Scalars in the one tensor of each group whose rate is scaled."""


def draw(seed: int) -> tuple[dict[str, Any], Arrays]:
    """Draw the plan and the arrays for a run; the same seed draws the same."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    models = {row["id"]: row for row in _models(rng)}
    plan = {
        "models": list(models.values()),
        "trials": [_trial(models[name], state, optimizer, rng) for name, state, optimizer in ASKED],
        "schedules": [_schedule(optimizer, rng) for optimizer in ("SGD", "AdamW")],
        "resumed": _resumed(rng),
    }
    return plan, arrays(plan)


def arrays(plan: dict[str, Any]) -> Arrays:
    """Return all weights: one flat float32 array per model and one per schedule."""
    drawn = {row["id"]: weights(row) for row in plan["models"]}
    return drawn | {row["id"]: schedule_weights(row) for row in schedules(plan)}


def weights(model: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return a model's parameters behind one another, float32 ``[scalars]``, in the order of ``named_parameters()``."""
    return _away_from_zero(model["weights_seed"], _scalars(model))


def schedule_weights(schedule: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return the tensors of a schedule's groups behind one another, float32 ``[scalars]``, the late one last."""
    return _away_from_zero(schedule["weights_seed"], _tensors(schedule))


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its array."""
    sizes = {row["id"]: _scalars(row) for row in plan["models"]}
    for row in plan["trials"]:
        yield Asked(wire.groups(row), {wire.STEPPED: exactly("float32", sizes[row["model"]])})
    for row in schedules(plan):
        yield Asked(wire.scaled(row), {wire.STEPPED: exactly("float32", len(row["factors"]), _tensors(row))})


def _scalars(model: wire.Row) -> int:
    return sum(entry.size for entry in anatomy(model["spec"]).parameters)


def _tensors(schedule: wire.Row) -> int:
    """Return how many scalars all groups of a schedule hold, the late one too."""
    return GROUP_SIZE * (len(schedule["groups"]) + 1)


def _away_from_zero(seed: int, size: int) -> np.ndarray[Any, Any]:
    """Draw multiples of 1/64 between 1/2 and 2 in size: a zero would not show that it decays."""
    rng = np.random.default_rng(seed)
    drawn: np.ndarray[Any, Any] = rng.integers(GRID // 2, 2 * GRID, size) * rng.choice([-1, 1], size) / GRID
    return drawn.astype(np.float32)


def _models(rng: random.Random) -> list[dict[str, Any]]:
    widths = [4, 4, 8, 8]
    text = {"hidden": 8, "heads": 2, "intermediate": 12, "vocab": 20, "positions": 6}
    return [
        _model("resnet", {"family": "normed_resnet", "layers": _ones_and_twos(rng), "widths": widths}, rng),
        _model("gated", {"family": "gated_resnet", "layers": _ones_and_twos(rng), "widths": widths}, rng),
        _model("bert", {"family": "bert", "layers": rng.randint(2, 4), "pooler": True, **text}, rng),
        _model("distilbert", {"family": "distilbert", "layers": rng.randint(2, 3), **text}, rng),
    ]


def _ones_and_twos(rng: random.Random) -> list[int]:
    return [rng.choice([1, 2]) for _ in range(4)]


def _model(name: str, spec: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    return {"id": name, "spec": {**spec, "num_classes": rng.randint(3, 9)}, "weights_seed": rng.randrange(2**31)}


def _trial(model: dict[str, Any], state: str, optimizer: str, rng: random.Random) -> dict[str, Any]:
    head_rate = rng.randint(1, 3)
    return {
        "model": model["id"],
        "state": state,
        "optimizer": optimizer,
        "flags": _flags(model, state, rng),
        "head_names": rng.sample(HEADS[model["id"]], len(HEADS[model["id"]])),
        "head_lr": 2.0**-head_rate,
        "backbone_lr": 2.0 ** -(head_rate + rng.randint(1, 4)),
        "weight_decay": 2.0 ** -rng.randint(1, 4),
    }


def _flags(model: dict[str, Any], state: str, rng: random.Random) -> list[bool]:
    body = anatomy(model["spec"])
    if state == "odd":
        return _odd_flags(body.parameters, rng)
    depths = {"whole": len(body.blocks), "partial": rng.randrange(1, len(body.blocks)), "head": 0}
    live = body.live_at(depths[state])
    return [entry.name in live for entry in body.parameters]


def _odd_flags(entries: Sequence[Entry], rng: random.Random) -> list[bool]:
    """Draw flags so that in backbone and head a matrix and a flat tensor learn, and one of each does not."""
    flags = [rng.choice([True, False]) for _ in entries]
    for part in itertools.product([True, False], repeat=2):
        places = enumerate((entry.block is None, len(entry.shape) > 1) for entry in entries)
        first, second = rng.sample([place for place, kind in places if kind == part], 2)
        flags[first], flags[second] = True, False
    return flags


def _resumed(rng: random.Random) -> dict[str, Any]:
    """Draw a schedule in which a scheduler has left its first rate in every group, and another one is in force."""
    row = _schedule("SGD", rng)
    groups = [{**group, "initial_lr": group["lr"] * rng.choice([4, 8])} for group in row["groups"]]
    return {**row, "id": "resumed", "groups": groups}


def schedules(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every schedule of a plan."""
    return [*plan["schedules"], plan["resumed"]]


def _schedule(optimizer: str, rng: random.Random) -> dict[str, Any]:
    """Draw groups with rates of their own, the factors of the calls, and a group that comes later."""
    rates = [2.0**-exponent for exponent in rng.sample(range(1, 6), 4)]
    twice, last = rng.choice([0.5, 0.25]), rng.choice([0.1, 0.2, 0.3])
    return {
        "id": f"schedule-{optimizer}",
        "optimizer": optimizer,
        "weights_seed": rng.randrange(2**31),
        "groups": [
            {"lr": lr, "weight_decay": 2.0 ** -rng.randint(1, 4), "title": f"group {index}"}
            for index, lr in enumerate(rates[:3])
        ],
        "late": {"lr": rates[3], "weight_decay": 2.0 ** -rng.randint(1, 4), "title": "late"},
        "factors": [twice, twice, 1.0, 0.0, last],
        "late_before": rng.choice([2, 3]),
    }
