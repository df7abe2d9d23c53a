"""What exercise 01 asks: a new head for eight models, and heads with one class and with none at all."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring.anatomy import Arrays, Entry, anatomy, draw_weights
from grader.records import Asked, at_most, exactly

from . import wire

BATCH = 6
FROZEN = ("resnet-basic", "distilbert")
"""Models in which nothing can learn when they come."""
TITLES = {
    "resnet-basic": "a frozen ResNet with basic blocks",
    "resnet-bottleneck": "a ResNet with bottleneck blocks",
    "bert": "a BERT",
    "distilbert": "a frozen DistilBERT",
    "stacked": "a network whose classifier is a Sequential",
    "stacked-tail": "a network whose classifier is a Sequential that does not end in its last Linear",
    "no-bias": "a ResNet whose head has no bias",
    "double": "a ResNet in float64",
}
"""How to call a model in a sentence."""
NUMBERS_CAP = 1 << 17
"""In what the new head decides: 37 classes times 2048 features, hard-coded, are two thirds of it."""
_WIDTHS = (8, 12, 16, 20)


def draw(seed: int) -> tuple[dict[str, Any], Arrays]:
    """Draw the plan and the arrays for a run; the same seed draws the same."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    plan = {
        "models": _models(rng),
        "bounds": [{"spec": _resnet("basic", 3, 8), "classes": classes} for classes in (1, 0, -rng.randint(1, 9))],
        "inputs_seed": rng.randrange(2**31),
        "elsewhere": {"spec": _resnet("basic", 4, 8), "classes": rng.randint(5, 9)},
    }
    return plan, arrays(plan)


def arrays(plan: dict[str, Any]) -> Arrays:
    """Return every model's weights as ``model/tensor``, the pictures, the token ids, and labels for each model."""
    rng = np.random.default_rng(plan["inputs_seed"])
    drawn = {f"{row['id']}/{name}": array for row in plan["models"] for name, array in weights(row).items()}
    drawn["images"] = rng.normal(size=(BATCH, 3, 12, 12)).astype(np.float32)
    drawn["ids"] = rng.integers(1, 20, (BATCH, 5))
    return drawn | {f"labels/{row['id']}": labels(row) for row in plan["models"]}


def weights(model: dict[str, Any]) -> Arrays:
    """Return the whole state of one model."""
    return _weights(json.dumps(model))


def labels(model: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return labels of the new classes, the highest among them, int64 ``[batch]``."""
    drawn = np.random.default_rng(model["weights_seed"]).integers(0, model["classes"], BATCH)
    drawn[0] = model["classes"] - 1
    return drawn


def entries(model: dict[str, Any]) -> tuple[Entry, ...]:
    """Return the model's entries in order; a model may have a head without bias."""
    every = anatomy(model["spec"]).entries
    return tuple(entry for entry in every if model["bias"] or entry.block is not None or entry.name != "fc.bias")


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its arrays."""
    anything = at_most(NUMBERS_CAP, "float32", "float64")
    for row in plan["models"]:
        shapes = {entry.name: entry.shape for entry in entries(row)}
        digests, features = exactly("uint64", len(shapes)), shapes[f"{wire.layer(row)}.weight"][1]
        arrays = {"digests": digests, "shaken": digests, "features": exactly(row["dtype"], BATCH, features)}
        learners = (
            "weight",
            "bias",
            "logits",
            "arrived",
            *(["gradient"] if row["spec"]["family"] in wire.TEXT else []),
        )
        yield Asked(wire.head(row), arrays | dict.fromkeys(learners, anything))
    yield Asked(wire.BOUNDS)
    yield Asked(wire.ELSEWHERE)


@functools.lru_cache(maxsize=32)
def _weights(row: str) -> Arrays:
    model = json.loads(row)
    kept = {entry.name for entry in entries(model)}
    drawn = draw_weights(model["spec"], np.random.default_rng(model["weights_seed"]))
    double = model["dtype"] == "float64"
    return {
        name: array.astype(np.float64) if double and array.dtype == np.float32 else array
        for name, array in drawn.items()
        if name in kept
    }


def _models(rng: random.Random) -> list[dict[str, Any]]:
    widths = rng.sample(_WIDTHS, 4)
    text = {"hidden": rng.choice([16, 32, 48]), "heads": 2, "intermediate": 24, "vocab": 20, "positions": 8}
    stack = {"family": "stacked", "width": rng.randint(5, 9), "hidden": rng.randint(10, 15)}
    return [
        _model("resnet-basic", _resnet("basic", _old(rng), widths[0]), rng),
        _model("resnet-bottleneck", _resnet("bottleneck", _old(rng), widths[1]), rng),
        _model("bert", {"family": "bert", "layers": 2, "pooler": True, **text, "num_classes": _old(rng)}, rng),
        _model("distilbert", {"family": "distilbert", "layers": 1, **text, "num_classes": _old(rng)}, rng),
        _model("stacked", {**stack, "tail": False, "num_classes": _old(rng)}, rng),
        _model("stacked-tail", {**stack, "tail": True, "num_classes": _old(rng)}, rng),
        _model("no-bias", _resnet("basic", _old(rng), widths[2]), rng, bias=False),
        _model("double", _resnet("basic", _old(rng), widths[3]), rng, dtype="float64"),
    ]


def _old(rng: random.Random) -> int:
    return rng.randint(3, 37)


def _resnet(block: str, classes: int, width: int) -> dict[str, Any]:
    return {
        "family": "resnet",
        "block": block,
        "layers": [1, 1, 1, 1],
        "widths": [4, 4, 4, width],
        "num_classes": classes,
    }


def _model(
    name: str, spec: dict[str, Any], rng: random.Random, *, bias: bool = True, dtype: str = "float32"
) -> dict[str, Any]:
    others = [classes for classes in range(3, 38) if classes != spec["num_classes"]]
    return {
        "id": name,
        "spec": spec,
        "classes": rng.choice(others),
        "bias": bias,
        "dtype": dtype,
        "frozen": name in FROZEN,
        "weights_seed": rng.randrange(2**31),
    }
