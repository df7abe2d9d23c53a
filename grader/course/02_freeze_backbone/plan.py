"""What exercise 02 asks: six models to freeze, three to train with chosen flags, copies, comparisons, two real runs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring import pretrained
from grader.authoring.anatomy import Anatomy, Arrays, Entry, anatomy, draw_weights
from grader.records import Asked, at_most, exactly
from grader.wire.names import MODALITIES

from . import wire
from .wire import NORMED

STATES = ("fresh", "frozen", "odd")
"""Before freezing, all parameters learn; none does; the head and some of the backbone, drawn at random, do."""
HEADS = {
    "resnet": ("fc",),
    NORMED: ("fc",),
    "gated": ("fc", "prototypes"),
    "vit": ("head",),
    "bert": ("classifier",),
    "distilbert": ("pre_classifier", "classifier"),
}
"""Names of the head, by model."""
TITLES = {
    "resnet": "a ResNet",
    "normed": "a ResNet whose head has a BatchNorm",
    "gated": "a ResNet whose blocks have gates",
    "vit": "a Vision Transformer",
    "bert": "a BERT with 12 layers",
    "distilbert": "a DistilBERT",
    **pretrained.TITLES,
}
"""How to call a model in a sentence."""
SCORES_CAP = 1 << 16
"""Numbers in scores, of which a learner's code may change the classes; right ones are two or three hundred."""
PASSES = 2
"""How often the held-out inputs go through a model in training mode, in another order each time."""
KINDS = ("nothing", "trained", "weight", "buffer", "counter", "renamed", "reshaped")
WEIGHT_DRIFT, BUFFER_DRIFT = 1e-6, 1e-7
"""The smallest changes that have to be found, in a number that was 1."""
_NORMED_ROWS = 12
_WIDTHS = (4, 4, 8, 8)


def draw(seed: int) -> tuple[dict[str, Any], Arrays]:
    """Draw the plan and the arrays for a run; the same seed draws the same."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    models = _models(rng)
    normed = _normed(models)
    plan = {
        "worker_seed": rng.randrange(2**31),
        "models": models,
        "trials": [_trial(model, state, rng) for model in models for state in STATES],
        "inner": {**_trial(normed, "fresh", rng), "state": "inner", "head_names": ["fc.0", "fc.1"]},
        "modes": [_vision_mode(rng), _text_mode(rng), _normed_mode(normed, rng)],
        "runs": [_run(modality, rng) for modality in MODALITIES],
        "copied": [NORMED, "distilbert"],
        "comparisons": [_comparison(kind, normed, rng) for kind in KINDS],
    }
    return plan, arrays(plan)


def arrays(plan: dict[str, Any]) -> Arrays:
    """Return weights as ``model/tensor``, heads as ``part/modality/tensor``, and the pictures for the normed model."""
    drawn = {f"{row['id']}/{name}": array for row in plan["models"] for name, array in weights(row).items()}
    for part in ("modes", "runs"):
        for row in plan[part]:
            if row["model"] in MODALITIES:
                drawn |= {f"{part}/{row['model']}/{name}": array for name, array in head(row).items()}
    for row in plan["comparisons"]:
        before, after = compared(row, plan["models"])
        drawn |= {
            f"compared/{row['id']}/before": flat(before),
            f"compared/{row['id']}/after": flat(after),
        }
    pictures = np.random.default_rng(plan["worker_seed"]).normal(size=(_NORMED_ROWS, 3, 12, 12))
    return drawn | {"pictures": pictures.astype(np.float32)}


def weights(model: dict[str, Any]) -> Arrays:
    """Return the whole state of one random model."""
    return draw_weights(model["spec"], np.random.default_rng(model["weights_seed"]))


def head(row: dict[str, Any]) -> Arrays:
    """Return the head that a pretrained model gets, float32."""
    return pretrained.head(row["model"], row["classes"], row["head_seed"])


def compared(row: dict[str, Any], models: list[dict[str, Any]]) -> tuple[Arrays, Arrays]:
    """Return a snapshot and the state that it is compared with."""
    return draw_change(row["id"], weights(_normed(models)), row["seed"])


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its arrays."""
    specs = {row["id"]: row["spec"] for row in plan["models"]}
    scores = at_most(SCORES_CAP, "float32", "float64")
    for model in plan["copied"]:
        yield Asked(wire.snapshot(model), {"digests": exactly("uint64", len(_entries(specs[model])))})
    yield from (Asked(wire.changed(row["id"])) for row in plan["comparisons"])
    for row in [*plan["trials"], plan["inner"]]:
        yield Asked(wire.freeze(row), {"moved": exactly("uint64", len(_entries(specs[row["model"]])))})
    for row in plan["modes"]:
        entries = _entries(_spec(row, specs))
        counters = sum(entry.name.endswith(wire.COUNTER) for entry in entries)
        arrays = {"digests": exactly("uint64", len(entries)), "batches": exactly("int64", counters), "scores": scores}
        yield from (Asked(wire.mode(row["model"], number), arrays) for number in range(len(row["rounds"])))
    for row in plan["runs"]:
        classes = row["classes"]
        head = {
            "weight": exactly("float32", classes, pretrained.width(row["model"])),
            "bias": exactly("float32", classes),
        }
        steps = exactly("uint64", sum(row["epochs"]), len(_entries(_spec(row, specs))))
        yield Asked(wire.run(row["model"]), {"steps": steps, "scores": scores, **head})


def _spec(row: wire.Row, specs: Mapping[str, Any]) -> Any:
    return specs[row["model"]] if row["model"] in specs else pretrained.spec(row["model"], row["classes"])


def _entries(spec: Any) -> tuple[Entry, ...]:
    return anatomy(spec).entries


def draw_change(kind: str, state: Arrays, seed: int) -> tuple[Arrays, Arrays]:
    """Draw a snapshot and the state it is compared with, both from the state of the normed ResNet.

    Only the finished numbers go in, so that what differs is found by comparing them, and by nothing else.
    """
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    kernel = f"layer{rng.randint(1, 4)}.0.conv{rng.randint(1, 2)}.weight"
    norm = f"layer{rng.randint(1, 4)}.0.bn{rng.randint(1, 2)}"
    statistic = f"{norm}.{rng.choice(['running_mean', 'running_var'])}"
    before, after = ({name: array.copy() for name, array in state.items()} for _ in range(2))
    moved: dict[str, dict[str, float]] = {
        "trained": dict.fromkeys([f"{norm}.running_mean", "fc.1.weight", "bn1.bias", "fc.1.bias"], 1.0),
        "weight": {kernel: WEIGHT_DRIFT},
        "buffer": {statistic: BUFFER_DRIFT},
        "counter": {f"{norm}.num_batches_tracked": 1.0},
    }
    for name, amount in moved.get(kind, {}).items():
        before[name].flat[0] = 1
        after[name].flat[0] = 1 + amount
    if kind == "renamed":
        lost, kept = rng.sample([kernel, statistic, "fc.1.bias"], 2)
        before[f"{kept}.old"] = before.pop(lost)
    if kind == "reshaped":
        before["fc.1.weight"] = np.concatenate([before["fc.1.weight"], before["fc.1.weight"][:1]])
        before["fc.1.bias"] = before["fc.1.bias"][None]
    return before, after


def differing(before: Arrays, after: Arrays) -> list[str]:
    """Return the sorted names of the entries that are not the same on both sides."""
    same = {name for name in before.keys() & after.keys() if np.array_equal(before[name], after[name])}
    return sorted((before.keys() | after.keys()) - same)


def shapes(state: Arrays) -> list[tuple[str, list[int]]]:
    """Return names and shapes, in order."""
    return [(name, list(array.shape)) for name, array in state.items()]


def flat(state: Arrays) -> np.ndarray[Any, Any]:
    """Return all numbers behind one another, float32 ``[scalars]``."""
    numbers: np.ndarray[Any, Any] = np.concatenate([array.reshape(-1) for array in state.values()]).astype(np.float32)
    return numbers


def _normed(models: list[dict[str, Any]]) -> dict[str, Any]:
    return next(model for model in models if model["id"] == NORMED)


def _models(rng: random.Random) -> list[dict[str, Any]]:
    def stages() -> dict[str, Any]:
        return {"layers": [rng.choice([1, 2]) for _ in _WIDTHS], "widths": list(_WIDTHS)}

    text = {"hidden": 16, "heads": 2, "intermediate": 24, "vocab": 30, "positions": 8}
    return [
        _model("resnet", {"family": "resnet", "block": "basic", **stages()}, rng),
        _model(NORMED, {"family": "normed_resnet", **stages()}, rng),
        _model("gated", {"family": "gated_resnet", **stages()}, rng),
        _model("vit", {"family": "vit", "width": 8, "layers": rng.choice([1, 2])}, rng),
        _model("bert", {"family": "bert", "layers": 12, "pooler": True, **text}, rng),
        _model("distilbert", {"family": "distilbert", "layers": rng.choice([2, 3]), **text}, rng),
    ]


def _model(name: str, spec: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    return {
        "id": name,
        "spec": {**spec, "num_classes": rng.randint(3, 9)},
        "head_names": rng.sample(HEADS[name], len(HEADS[name])),
        "weights_seed": rng.randrange(2**31),
    }


def _comparison(kind: str, model: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Draw a comparison; what goes in of it are all names and shapes, and nothing that says where the difference is."""
    seed = rng.randrange(2**31)
    before, _ = draw_change(kind, weights(model), seed)
    return {"id": kind, "seed": seed, "before": shapes(before)}


def _trial(model: dict[str, Any], state: str, rng: random.Random) -> dict[str, Any]:
    body = anatomy(model["spec"])
    odd = [entry.block is None or rng.choice([True, False]) for entry in body.parameters]
    flags = odd if state == "odd" else [state == "fresh"] * len(odd)
    return {"model": model["id"], "state": state, "flags": flags}


def _vision_mode(rng: random.Random) -> dict[str, Any]:
    """Draw rounds in training mode at depth 0 twice, at two depths between, and with everything free."""
    classes = rng.randint(3, 9)
    body = anatomy(pretrained.spec("vision", classes))
    deepest = len(body.blocks)
    depths = [0, 0, *sorted(rng.sample(range(1, deepest), 2)), deepest]
    rounds = [{**_depth(body, depth), **_order(32, (8, 16), rng)} for depth in depths]
    return {"model": "vision", "classes": classes, "head_seed": rng.randrange(2**31), "rounds": rounds}


def _text_mode(rng: random.Random) -> dict[str, Any]:
    """Draw a frozen round without and one with dropout before the head, and one in which everything is free."""
    classes = rng.randint(3, 9)
    body = anatomy(pretrained.spec("text", classes))
    settings = [(0, 0.0), (0, 0.5), (len(body.blocks), 0.0)]
    rounds = [{**_depth(body, depth), "dropout": p, **_order(32, (8, 16), rng)} for depth, p in settings]
    return {
        "model": "text",
        "classes": classes,
        "head_seed": rng.randrange(2**31),
        "dropout": rng.choice([0.1, 0.2, 0.3]),
        "rounds": rounds,
    }


def _normed_mode(model: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Draw two frozen rounds with a head that has a BatchNorm of its own."""
    body = anatomy(model["spec"])
    rounds = [{**_depth(body, 0), **_order(_NORMED_ROWS, (3, 4, 6), rng)} for _ in range(2)]
    return {"model": model["id"], "rounds": rounds}


def _depth(body: Anatomy, depth: int) -> dict[str, Any]:
    return {"depth": depth, "live": sorted(body.live_at(depth))}


def _order(rows: int, sizes: tuple[int, ...], rng: random.Random) -> dict[str, Any]:
    """Draw how many rows go together, and in which order each pass takes them."""
    return {"batch": rng.choice(sizes), "orders": [rng.sample(range(rows), rows) for _ in range(PASSES)]}


def _run(modality: str, rng: random.Random) -> dict[str, Any]:
    """Draw a run of two epochs."""
    return {
        "model": modality,
        "classes": pretrained.CLASSES[modality] + rng.randint(0, 4),
        "head_seed": rng.randrange(2**31),
        "batch_seed": rng.randrange(2**31),
        "batch": rng.randint(6, 10),
        "epochs": [rng.randint(2, 4), rng.randint(1, 3)],
    }
