"""Write the JSON Schemas in docs/ from the records."""

import json
from pathlib import Path

import msgspec

from grader.audit import Report
from grader.records import Grade

DOCS = Path(__file__).parent.parent / "docs"
PATHS = {Grade: DOCS / "grade.schema.json", Report: DOCS / "freeze-audit.schema.json"}


def schema(record: type) -> str:
    """Return the JSON Schema of a record."""
    return json.dumps(msgspec.json.schema(record), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    for kind, path in PATHS.items():
        path.write_text(schema(kind), "utf-8")
