"""What exercise 03 asks: five models, many depths, three states of the flags, two real runs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring import pretrained
from grader.authoring.anatomy import Arrays, anatomy, draw_weights
from grader.records import Asked, at_most, exactly

from . import wire

STATES = ("fresh", "frozen", "odd")
"""All parameters learn; none does; some do, drawn at random."""
RUN_BLOCKS = {"vision": 5, "text": 4}
"""Blocks of the two pretrained backbones."""
STEPS = 2
"""Training steps of a real run; the second one shows momentum as well."""
ANSWERS_CAP = 256 << 10
"""Bytes of the answers for several depths; where each lists all that is frozen they have 50 kB."""
LOGITS_CAP = 1 << 16
"""Numbers in the held-out inputs' scores; right ones are a few hundred."""


def draw(seed: int) -> tuple[dict[str, Any], Arrays]:
    """Draw the plan and the arrays for a run; the same seed draws the same."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    models = _models(rng)
    plan = {
        "worker_seed": rng.randrange(2**31),
        "models": models,
        "trials": [_trial(model, state, rng) for state in STATES for model in _asked(models, state, rng)],
        "counts": {model["id"]: _odd_flags(model, rng) for model in models},
        "runs": [_run(modality, rng) for modality in RUN_BLOCKS],
    }
    return plan, arrays(plan)


def arrays(plan: dict[str, Any]) -> Arrays:
    """Return the weights of every model and the new heads of the runs, float32, named ``owner/tensor``."""
    drawn = {f"{model['id']}/{name}": array for model in plan["models"] for name, array in weights(model).items()}
    for run in plan["runs"]:
        drawn |= {f"{run['modality']}/{name}": array for name, array in head(run).items()}
    return drawn


def weights(model: dict[str, Any]) -> Arrays:
    """Return the whole state of one random model."""
    return draw_weights(model["spec"], np.random.default_rng(model["weights_seed"]))


def head(run: dict[str, Any]) -> Arrays:
    """Return the new head of a real run, float32."""
    return pretrained.head(run["modality"], run["classes"], run["head_seed"])


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its arrays."""
    sizes = {row["id"]: len(anatomy(row["spec"]).entries) for row in plan["models"]}
    yield from (Asked(wire.blocks(model)) for model in sizes)
    for trial in plan["trials"]:
        moved = exactly("uint64", len(trial["depths"]), sizes[trial["model"]])
        yield Asked(wire.unfreeze(trial), {"moved": moved}, ANSWERS_CAP)
    yield from (Asked(wire.counts(model), {"moved": exactly("uint64", size)}) for model, size in sizes.items())
    for row in plan["runs"]:
        modality, classes = row["modality"], row["classes"]
        arrays = {
            "after": exactly("uint64", len(anatomy(pretrained.spec(modality, classes)).entries)),
            "weight": exactly("float32", classes, pretrained.width(modality)),
            "bias": exactly("float32", classes),
        }
        for depth in row["depths"]:
            more = {} if depth else {"logits": at_most(LOGITS_CAP, "float32")}
            yield Asked(wire.run(modality, depth), arrays | more)


def _models(rng: random.Random) -> list[dict[str, Any]]:
    resnet = {"family": "resnet", "layers": [1, 1, 1, 1], "widths": [4, 4, 8, 8]}
    bert = {"family": "bert", "hidden": 16, "heads": 2, "intermediate": 32, "vocab": 60, "positions": 16}
    layers = [rng.choice([1, 2]) for _ in range(4)]
    return [
        _model("resnet-basic", {**resnet, "block": "basic", "layers": layers}, rng),
        _model("resnet-bottleneck", {**resnet, "block": "bottleneck"}, rng),
        _model("bert-short", {**bert, "layers": rng.choice([2, 3]), "pooler": True}, rng),
        _model("bert-no-pooler", {**bert, "layers": rng.choice([4, 5, 6]), "pooler": False}, rng),
        _model("bert-long", {**bert, "layers": rng.choice([11, 12]), "pooler": True}, rng),
    ]


def _asked(models: list[dict[str, Any]], state: str, rng: random.Random) -> list[dict[str, Any]]:
    """Ask every model when it is fresh; for the other states one of each family, drawn anew, is enough."""
    if state == "fresh":
        return models
    return [rng.choice([model for model in models if model["spec"]["family"] == name]) for name in ("resnet", "bert")]


def _model(name: str, spec: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    spec = {**spec, "num_classes": rng.randint(3, 9)}
    return {"id": name, "spec": spec, "weights_seed": rng.randrange(2**31)}


def _trial(model: dict[str, Any], state: str, rng: random.Random) -> dict[str, Any]:
    """Draw which depths are asked, in which order, from which flags; impossible depths among them."""
    deepest = len(anatomy(model["spec"]).blocks)
    between = [1, 2, rng.randrange(1, deepest)] if state == "fresh" else [rng.randrange(1, deepest)]
    depths = sorted({0, *between, deepest})
    depths += [-1, deepest + 1] if state == "odd" else [rng.choice([-2, deepest + 3])]
    rng.shuffle(depths)
    return {"model": model["id"], "state": state, "depths": depths, "flags": _flags(model, state, rng)}


def _flags(model: dict[str, Any], state: str, rng: random.Random) -> list[bool]:
    if state == "odd":
        return _odd_flags(model, rng)
    return [state == "fresh"] * len(anatomy(model["spec"]).parameters)


def _odd_flags(model: dict[str, Any], rng: random.Random) -> list[bool]:
    flags = [rng.choice([True, False]) for _ in anatomy(model["spec"]).parameters]
    flags[:2] = [True, False]
    return flags


def _run(modality: str, rng: random.Random) -> dict[str, Any]:
    blocks = RUN_BLOCKS[modality]
    return {
        "modality": modality,
        "depths": [0, rng.randint(1, blocks - 1)],
        "classes": pretrained.CLASSES[modality],
        "steps": STEPS,
        "head_seed": rng.randrange(2**31),
        "batch_seed": rng.randrange(2**31),
    }
