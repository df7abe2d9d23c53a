"""What exercise 05 asks: three models for a twin, twice with one seed and once with another; and five label sets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring.anatomy import Arrays, anatomy, draw_weights
from grader.records import Asked, at_most, exactly

from . import wire

STATES = {"resnet": "head", "bert": "frozen", "vit": "whole"}
"""What learns in the model that is given: only its head, nothing, everything."""
_AHEAD = 9
"""At most so many numbers are drawn between the seed and the call; from 16 on torch draws in another order."""
_LABELS = 12


def draw(seed: int) -> tuple[dict[str, Any], Arrays]:
    """Draw the plan and the arrays for a run; the same seed draws the same."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    plan = {"worker_seed": rng.randrange(2**31), "models": _models(rng), "floors": _floors(rng)}
    return plan, arrays(plan)


def arrays(plan: dict[str, Any]) -> Arrays:
    """Return the weights of every model, named ``model/tensor``."""
    return {f"{row['id']}/{name}": array for row in plan["models"] for name, array in weights(row).items()}


def weights(model: dict[str, Any]) -> Arrays:
    """Return the whole state of one model: what stands for pretrained, drawn here and by no seed of a twin."""
    return draw_weights(model["spec"], np.random.default_rng(model["weights_seed"]))


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its arrays."""
    for row in plan["models"]:
        sizes = [entry.size for entry in anatomy(row["spec"]).entries]
        digests = dict.fromkeys(("original", "afterwards", "shaken"), exactly("uint64", len(sizes)))
        values = {
            "numbers": exactly("float32", wire.NUMBERS),
            "values": at_most(sum(sizes), "float32", "float64"),
        }
        yield from (Asked(wire.twin(row, number), digests | values) for number, _ in enumerate(row["seeds"]))
    yield from (Asked(wire.floor(row)) for row in plan["floors"])


def _models(rng: random.Random) -> list[dict[str, Any]]:
    layers = [rng.choice([1, 2]) for _ in range(4)]
    text = {"hidden": 16, "layers": 2, "heads": 2, "intermediate": 24, "vocab": 20, "positions": 8, "pooler": True}
    specs: dict[str, dict[str, Any]] = {
        "resnet": {"family": "resnet", "block": "basic", "layers": layers, "widths": [4, 4, 8, 8]},
        "bert": {"family": "bert", **text},
        "vit": {"family": "vit", "width": 8, "layers": rng.choice([1, 2])},
    }
    rows = [_model(spec, rng) for spec in specs.values()]
    rng.shuffle(rows)
    return [{"id": str(number), **row} for number, row in enumerate(rows)]


def _model(spec: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    spec = {**spec, "num_classes": rng.randint(3, 9)}
    body, state = anatomy(spec), STATES[spec["family"]]
    live = {"whole": body.names, "head": body.head, "frozen": frozenset[str]()}[state]
    one, other = rng.sample(range(1, 2**31), 2)
    if state == "frozen":
        one = 0
    seeds = [one, one, other]
    return {
        "spec": spec,
        "flags": [entry.name in live for entry in body.parameters],
        "weights_seed": rng.randrange(2**31),
        "seeds": seeds,
        "global_seeds": rng.sample(range(2**31), len(seeds)),
        "ahead": [rng.randint(1, _AHEAD) for _ in seeds],
    }


def _floors(rng: random.Random) -> list[dict[str, Any]]:
    """Draw labels with gaps between them: how often each of three classes occurs, the smallest label first.

    The answer is the largest label once and the smallest once where validation has the same majority; then come
    another majority, a class that is rare or never seen in validation, and a tie.
    """
    counts = (
        ((3, 4, 9), (2, 3, 6)),
        ((9, 7, 3), (8, 3, 2)),
        ((2, 9, 5), (2, 3, 8)),
        ((6, 4, 8), (5, 7, 1)),
        ((4, 8, 3), (5, 0, 4)),
        ((7, 7, 7), (2, 6, 3)),
    )
    rows = [_floor(*each, rng) for each in counts]
    rng.shuffle(rows)
    return [{"id": str(number), **row} for number, row in enumerate(rows)]


def _floor(train: tuple[int, ...], val: tuple[int, ...], rng: random.Random) -> dict[str, Any]:
    """Draw both label sets; the first training label is the second most frequent one, or the middle one of a tie."""
    classes, more = sorted(rng.sample(range(_LABELS), 3)), rng.randint(0, 3)
    drawn, first = _labels(classes, train, more, rng), classes[train.index(sorted(train)[1])]
    if len(set(train)) == 1:
        first = classes[1]
    drawn.insert(0, drawn.pop(drawn.index(first)))
    return {"train": drawn, "val": _labels(classes, val, more, rng)}


def _labels(classes: list[int], counts: tuple[int, ...], more: int, rng: random.Random) -> list[int]:
    """Return shuffled labels: each class as often as it counts, and all that occur a few times more."""
    labels = [one for one, count in zip(classes, counts, strict=True) for _ in range(count + more * bool(count))]
    rng.shuffle(labels)
    return labels
