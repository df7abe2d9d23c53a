"""What exercise 05 asks: three models for a twin, twice with one seed and once with another; and five label sets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring.anatomy import Arrays, anatomy, draw_weights
from grader.records import Asked, exactly

from . import wire

STATES = ("whole", "head", "frozen")
"""Everything learns in the model that is given; only its head does; nothing does."""
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
        values = {"numbers": exactly("float32", wire.NUMBERS), "values": exactly("float32", sum(sizes))}
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
    states = rng.sample(STATES, len(STATES))
    return [_model(name, spec, state, rng) for (name, spec), state in zip(specs.items(), states, strict=True)]


def _model(name: str, spec: dict[str, Any], state: str, rng: random.Random) -> dict[str, Any]:
    spec = {**spec, "num_classes": rng.randint(3, 9)}
    body = anatomy(spec)
    live = {"whole": body.names, "head": body.head, "frozen": frozenset[str]()}[state]
    one, other = rng.sample(range(1, 2**31), 2)
    seeds = [one, one, other]
    return {
        "id": name,
        "spec": spec,
        "state": state,
        "flags": [entry.name in live for entry in body.parameters],
        "weights_seed": rng.randrange(2**31),
        "seeds": seeds,
        "global_seeds": rng.sample(range(2**31), len(seeds)),
    }


def _floors(rng: random.Random) -> list[dict[str, Any]]:
    """Draw labels with gaps between them; the first of three classes is the answer's, the second the trap's.

    In a tie the smallest label is the answer, the middle one comes first in the list, and the largest is neither.
    """
    counts = {
        "plain": ((9, 4, 3), (6, 3, 2)),
        "shifted": ((9, 5, 2), (3, 8, 2)),
        "rare": ((8, 6, 4), (1, 5, 7)),
        "tie": ((7, 7, 7), (2, 6, 3)),
        "unseen": ((8, 4, 3), (0, 5, 4)),
    }
    return [_floor(name, *counts[name], rng) for name in counts]


def _floor(name: str, train: tuple[int, ...], val: tuple[int, ...], rng: random.Random) -> dict[str, Any]:
    classes = rng.sample(range(_LABELS), 3)
    if name == "tie":
        classes.sort()
    more = rng.randint(0, 3)
    drawn = {"train": _labels(classes, train, more, rng), "val": _labels(classes, val, more, rng)}
    if name == "tie":
        drawn["train"].sort(key=lambda label: label != classes[1])
    return {"id": name, **drawn}


def _labels(classes: list[int], counts: tuple[int, ...], more: int, rng: random.Random) -> list[int]:
    """Return shuffled labels: each class as often as it counts, and all that occur a few times more."""
    labels = [one for one, count in zip(classes, counts, strict=True) for _ in range(count + more * bool(count))]
    rng.shuffle(labels)
    return labels
