"""What exercise 01 asks: a new head for nine models, one of them elsewhere, with one class and with none at all."""

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
ELSEWHERE = "meta"
"""A device that every machine has; its tensors have shapes and no numbers."""
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
        "placed": {"spec": _resnet("basic", 3, 8), "classes": rng.randint(4, 9), "device": ELSEWHERE},
        "inputs_seed": rng.randrange(2**31),
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


def kind(model: Mapping[str, Any]) -> str:
    """Return which of the models in ``TITLES`` one is."""
    spec = model["spec"]
    if not model["bias"] or model["dtype"] == "float64":
        return "double" if model["bias"] else "no-bias"
    if spec["family"] == "stacked":
        return "stacked-tail" if spec["tail"] else "stacked"
    return f"resnet-{spec['block']}" if spec["family"] == "resnet" else str(spec["family"])


def linears(model: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the linear layers that a matrix of features reaches, in order; the head is the last."""
    spec = model["spec"]
    between = ("classifier.2",) if spec.get("tail") else ()
    return {
        "resnet": ("fc",),
        "bert": ("bert.pooler.dense", "classifier"),
        "distilbert": ("pre_classifier", "classifier"),
        "stacked": ("classifier.0", *between, "classifier.3"),
    }[spec["family"]]


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its arrays."""
    anything = at_most(NUMBERS_CAP, "float32", "float64")
    for row in plan["models"]:
        shapes = {entry.name: entry.shape for entry in entries(row)}
        arrays = {"digests": exactly("uint64", len(shapes)), "logits": anything}
        for number, name in enumerate(linears(row)):
            features = exactly(row["dtype"], BATCH, shapes[f"{name}.weight"][1])
            known = {"before": features, "now": features, "moved": exactly("uint64", 2)}
            learners = ("weight", "bias", *(["gradient"] if row["spec"]["family"] in wire.TEXT else []))
            arrays |= {f"{part}-{number}": one for part, one in (known | dict.fromkeys(learners, anything)).items()}
        yield Asked(wire.head(row), arrays)
    yield from map(Asked, (wire.BOUNDS, wire.PLACED))


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
    rows = [
        _model(_resnet("basic", _old(rng), widths[0]), rng),
        _model(_resnet("bottleneck", _old(rng), widths[1]), rng),
        _model({"family": "bert", "layers": 2, "pooler": True, **text, "num_classes": _old(rng)}, rng),
        _model({"family": "distilbert", "layers": 1, **text, "num_classes": _old(rng)}, rng),
        _model({**stack, "tail": False, "num_classes": _old(rng)}, rng),
        _model({**stack, "tail": True, "num_classes": _old(rng)}, rng),
        _model(_resnet("basic", _old(rng), widths[2]), rng, bias=False),
        _model(_resnet("basic", _old(rng), widths[3]), rng, dtype="float64"),
    ]
    rng.shuffle(rows)
    return [{"id": str(number), **row} for number, row in enumerate(rows)]


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


def _model(spec: dict[str, Any], rng: random.Random, *, bias: bool = True, dtype: str = "float32") -> dict[str, Any]:
    others = [classes for classes in range(3, 38) if classes != spec["num_classes"]]
    row = {
        "spec": spec,
        "classes": rng.choice(others),
        "bias": bias,
        "dtype": dtype,
        "weights_seed": rng.randrange(2**31),
    }
    return {**row, "frozen": kind(row) in FROZEN}
