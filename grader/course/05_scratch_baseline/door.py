"""What the probe of exercise 05 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.authoring.anatomy import anatomy
from grader.records import Asked, exactly

from . import plan as planned

Row = Mapping[str, Any]


def twin(row: Row, number: int) -> str:
    """Return the name of what came of one call of ``make_scratch_twin``."""
    return f"twin/{row['id']}/{number}"


def floor(row: Row) -> str:
    """Return the name of the answer for one set of labels."""
    return f"floor/{row['id']}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact with its arrays."""
    for row in plan["models"]:
        sizes = [entry.size for entry in anatomy(row["spec"]).entries]
        digests = dict.fromkeys(("original", "afterwards", "shaken"), exactly("uint64", len(sizes)))
        values = {"numbers": exactly("float32", planned.NUMBERS), "values": exactly("float32", sum(sizes))}
        yield from (Asked(twin(row, number), digests | values) for number in range(len(planned.CALLS)))
    yield from (Asked(floor(row)) for row in plan["floors"])
