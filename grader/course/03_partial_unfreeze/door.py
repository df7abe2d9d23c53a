"""What the probe of exercise 03 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.authoring import pretrained
from grader.authoring.anatomy import anatomy
from grader.records import Asked, at_most, exactly

Row = Mapping[str, Any]
ANSWERS_CAP = 256 << 10
"""Bytes of the answers for several depths; where each lists all that is frozen they have 50 kB."""
LOGITS_CAP = 1 << 16
"""Numbers in the held-out inputs' scores; right ones are a few hundred."""


def blocks(model: str) -> str:
    """Return the name of the answer of ``backbone_blocks``."""
    return f"blocks/{model}"


def unfreeze(trial: Row) -> str:
    """Return the name of a trial's answers."""
    return f"unfreeze/{trial['model']}/{trial['state']}"


def counts(model: str) -> str:
    """Return the name of the answer of ``trainable_by_depth``."""
    return f"counts/{model}"


def run(row: Row, depth: int) -> str:
    """Return the name of a real run."""
    return f"run/{row['modality']}/{depth}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact with its arrays."""
    sizes = {row["id"]: len(anatomy(row["spec"]).entries) for row in plan["models"]}
    yield from (Asked(blocks(model)) for model in sizes)
    for trial in plan["trials"]:
        moved = exactly("uint64", len(trial["depths"]), sizes[trial["model"]])
        yield Asked(unfreeze(trial), {"moved": moved}, ANSWERS_CAP)
    for model, size in sizes.items():
        yield Asked(counts(model), {"moved": exactly("uint64", size)})
    for row in plan["runs"]:
        modality, classes = row["modality"], row["classes"]
        arrays = {
            "after": exactly("uint64", len(anatomy(pretrained.spec(modality, classes)).entries)),
            "weight": exactly("float32", classes, pretrained.width(modality)),
            "bias": exactly("float32", classes),
        }
        for depth in row["depths"]:
            more = {} if depth else {"logits": at_most(LOGITS_CAP, "float32")}
            yield Asked(run(row, depth), arrays | more)
