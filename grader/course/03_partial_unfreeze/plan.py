"""What exercise 03 asks: five models, every depth, several states of the flags, two real runs.

The same traps are laid for everybody: which models there are, and in which state each is asked, is fixed. Drawn are
sizes, numbers of layers that nobody knows by heart, flags, depths, the order of everything, and what is called what.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring import pretrained
from grader.authoring.anatomy import Arrays, anatomy, draw_weights
from grader.records import Asked, at_most, exactly

from . import wire

STATES = ("fresh", "frozen", "odd", wire.WALK)
"""All parameters learn; none does; some do, drawn at random; and every depth in turn, from such flags."""
SHORT, BETWEEN, LONG = (3, 5), (7, 9), 12
"""Layers of the three BERTs: no BERT with a name has as many as the first two, and the third has a layer 10."""
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
    flags = {model["id"]: _odd_flags(model, rng) for model in models}
    plan = {
        "worker_seed": rng.randrange(2**31),
        "models": models,
        "trials": [
            _trial(model, state, flags[model["id"]], rng) for state in STATES for model in _asked(models, state)
        ],
        "counts": flags,
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
    yield from (Asked(wire.blocks(model)) for model in (*sizes, *RUN_BLOCKS))
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
    """Draw the five models; every stage of a ResNet is asked about with one layer and with two."""
    width = rng.choice([4, 6, 8])
    resnet = {"family": "resnet", "widths": [width, width, width + 2, width + 4]}
    few = rng.choice([[1, 2, 1, 2], [2, 1, 2, 1], [1, 2, 2, 1], [2, 1, 1, 2]])
    bert = {"family": "bert", "hidden": rng.choice([8, 12, 16]), "heads": 2, "intermediate": rng.choice([20, 24, 32])}
    bert |= {"vocab": rng.randint(40, 60), "positions": rng.randint(12, 20)}
    specs: list[dict[str, Any]] = [
        {**resnet, "block": "basic", "layers": few},
        {**resnet, "block": "bottleneck", "layers": [3 - count for count in few]},
        {**bert, "layers": rng.choice(SHORT), "pooler": True},
        {**bert, "layers": rng.choice(BETWEEN), "pooler": False},
        {**bert, "layers": LONG, "pooler": True},
    ]
    rng.shuffle(specs)
    return [_model(f"model-{place}", spec, rng) for place, spec in enumerate(specs, 1)]


def _asked(models: list[dict[str, Any]], state: str) -> list[dict[str, Any]]:
    """Ask every model when it is fresh, and at every depth in turn; else two of them, which are always the same."""
    chosen: Callable[[dict[str, Any]], bool] = {
        "frozen": lambda spec: spec.get("block") == "bottleneck" or spec["layers"] == LONG,
        "odd": lambda spec: spec.get("block") == "basic" or spec["layers"] in SHORT,
    }.get(state, lambda _: True)
    return [model for model in models if chosen(model["spec"])]


def _model(name: str, spec: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    spec = {**spec, "num_classes": rng.randint(4, 9)}
    return {"id": name, "spec": spec, "weights_seed": rng.randrange(2**31)}


def _trial(model: dict[str, Any], state: str, flags: list[bool], rng: random.Random) -> dict[str, Any]:
    """Draw which depths are asked, in which order, from which flags; impossible depths among them."""
    deepest = len(anatomy(model["spec"]).blocks)
    depths = list(range(deepest + 1))
    if state == "frozen":
        depths = sorted({0, 1, rng.randrange(2, deepest), deepest})
    if state != wire.WALK:
        depths += [-1, deepest + 1] if state == "odd" else [-rng.randint(2, 4), deepest + rng.randint(2, 4)]
        rng.shuffle(depths)
    return {"model": model["id"], "state": state, "depths": depths, "flags": _flags(model, state, flags)}


def _flags(model: dict[str, Any], state: str, odd: list[bool]) -> list[bool]:
    return odd if state in ("odd", wire.WALK) else [state == "fresh"] * len(anatomy(model["spec"]).parameters)


def _odd_flags(model: dict[str, Any], rng: random.Random) -> list[bool]:
    flags = [rng.choice([True, False]) for _ in anatomy(model["spec"]).parameters]
    flags[:2] = [True, False]
    return flags


def _run(modality: str, rng: random.Random) -> dict[str, Any]:
    blocks = RUN_BLOCKS[modality]
    return {
        "modality": modality,
        "depths": [0, rng.randint(2, blocks - 1)],
        "classes": pretrained.CLASSES[modality],
        "steps": STEPS,
        "head_seed": rng.randrange(2**31),
        "batch_seed": rng.randrange(2**31),
    }
