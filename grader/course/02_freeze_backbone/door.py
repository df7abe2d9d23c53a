"""What the probe of exercise 02 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.authoring import pretrained
from grader.authoring.anatomy import Entry, anatomy
from grader.records import Asked, at_most, exactly

Row = Mapping[str, Any]
COUNTER = ".num_batches_tracked"
SCORES_CAP = 1 << 16
"""Numbers in scores, of which a learner's code may change the classes; right ones are two or three hundred."""


def snapshot(model: str) -> str:
    """Return the name of what was seen of a copy."""
    return f"snapshot/{model}"


def changed(row: Row) -> str:
    """Return the name of a comparison's answer."""
    return f"changed/{row['id']}"


def freeze(row: Row) -> str:
    """Return the name of a trial of freezing."""
    return f"freeze/{row['model']}/{row['state']}"


def mode(row: Row, number: int) -> str:
    """Return the name of a round in training mode."""
    return f"mode/{row['model']}/{number}"


def run(row: Row) -> str:
    """Return the name of a real run."""
    return f"run/{row['model']}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact with its arrays."""
    specs = {row["id"]: row["spec"] for row in plan["models"]}
    scores = at_most(SCORES_CAP, "float32", "float64")
    for model in plan["copied"]:
        yield Asked(snapshot(model), {"digests": exactly("uint64", len(_entries(specs[model])))})
    yield from (Asked(changed(row)) for row in plan["comparisons"])
    for row in plan["trials"]:
        yield Asked(freeze(row), {"moved": exactly("uint64", len(_entries(specs[row["model"]])))})
    for row in plan["modes"]:
        entries = _entries(_spec(row, specs))
        counters = sum(entry.name.endswith(COUNTER) for entry in entries)
        arrays = {"digests": exactly("uint64", len(entries)), "batches": exactly("int64", counters), "scores": scores}
        yield from (Asked(mode(row, number), arrays) for number in range(len(row["rounds"])))
    for row in plan["runs"]:
        classes = row["classes"]
        head = {
            "weight": exactly("float32", classes, pretrained.width(row["model"])),
            "bias": exactly("float32", classes),
        }
        steps = exactly("uint64", sum(row["epochs"]), len(_entries(_spec(row, specs))))
        yield Asked(run(row), {"steps": steps, "scores": scores, **head})


def _spec(row: Row, specs: Mapping[str, Any]) -> Any:
    return specs[row["model"]] if row["model"] in specs else pretrained.spec(row["model"], row["classes"])


def _entries(spec: Any) -> tuple[Entry, ...]:
    return anatomy(spec).entries
