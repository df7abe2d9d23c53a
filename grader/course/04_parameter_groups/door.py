"""What the probe of exercise 04 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.authoring.anatomy import anatomy
from grader.records import Asked, exactly

from . import plan as planned

Row = Mapping[str, Any]


def groups(trial: Row) -> str:
    """Return the name of what came of one call of ``build_param_groups``."""
    return f"groups/{trial['model']}/{trial['state']}"


def scaled(schedule: Row) -> str:
    """Return the name of what came of an optimizer whose rates were scaled."""
    return f"scaled/{schedule['optimizer']}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact with its array."""
    sizes = {row["id"]: sum(entry.size for entry in anatomy(row["spec"]).parameters) for row in plan["models"]}
    for trial in plan["trials"]:
        yield Asked(groups(trial), {"stepped": exactly("float32", sizes[trial["model"]])})
    for row in plan["schedules"]:
        scalars = planned.GROUP_SIZE * (len(row["groups"]) + 1)
        yield Asked(scaled(row), {"stepped": exactly("float32", len(row["factors"]), scalars)})
