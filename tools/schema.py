"""Write docs/grade.schema.json from the records."""

import json
from pathlib import Path

import msgspec

from grader.records import Grade

PATH = Path(__file__).parent.parent / "docs" / "grade.schema.json"


def schema() -> str:
    """Return the JSON Schema of a Grade."""
    return json.dumps(msgspec.json.schema(Grade), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema(), "utf-8")
