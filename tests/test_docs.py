"""What the docs say is what the program does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

HOUSE = Path(__file__).parent.parent


def test_the_schema_in_the_docs_is_the_records() -> None:
    spec = importlib.util.spec_from_file_location("schema", HOUSE / "tools" / "schema.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PATH.read_text("utf-8") == module.schema(), "run: python tools/schema.py"


def test_the_readme_has_exactly_two_commands_on_its_first_screen() -> None:
    lines = (HOUSE / "README.md").read_text("utf-8").splitlines()
    commands = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert len(commands) == 2
    assert max(commands) < 25
