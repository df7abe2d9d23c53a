"""What the docs say is what the program does."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from grader import VERSION, course
from grader.cli import export
from grader.cli.app import COMMANDS
from grader.lab import headings
from grader.note import the_note
from grader.places import EXERCISES

ROOT = Path(__file__).parent.parent


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_schemas_in_the_docs_are_the_records() -> None:
    schema = _tool("schema")
    for record, path in schema.PATHS.items():
        assert path.read_text("utf-8") == schema.schema(record), "run: python tools/schema.py"


def test_the_readme_has_exactly_two_commands_on_its_first_screen() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    commands = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert len(commands) == 2
    assert max(commands) < 25


def test_the_readmes_syllabus_is_the_courses() -> None:
    generated = _tool("generated")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme == generated.with_syllabus(readme), "run: python tools/generated.py"


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr


def test_the_citation_names_this_version() -> None:
    assert f"\nversion: {VERSION}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_page_about_the_course_names_what_there_is() -> None:
    text = (ROOT / "docs" / "course.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text))
    known = {name for exercise in course.exercises().values() for name in exercise.misconceptions}
    assert len(named) > 10
    assert named - known == set()
    assert set(headings.SIX) == set(re.findall(r'"([^"]+)"', text))
    note = (EXERCISES / the_note().filename).read_text("utf-8")
    keys = set(re.findall(r"^- ([a-z ]+): ", note, re.MULTILINE))
    said = set(re.findall(r"\*([a-z ]+)\*", text))
    assert said - keys == set()
    assert {"strategy", "headline hid", "next experiment"} <= said


def test_every_command_and_every_export_is_named_in_the_documentation() -> None:
    pages = "\n".join(path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    exports = {f"export {name}" for name in export.export if not name.startswith("-")}
    unnamed = sorted(name for name in {*COMMANDS, *exports} if f"grade {name}" not in pages)
    assert unnamed == [], "name them in a page in docs/, with an example"
