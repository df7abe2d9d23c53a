"""Nothing of what judges reaches a learner: no file, no line, no label."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from safetensors.numpy import load

from grader import course, fixtures
from grader.handout.contents import FOR_EVERYONE, FOR_STAFF, rooms
from grader.places import COURSE, EXERCISES, FIXTURES, PACKAGE, SOLUTIONS, SPECIMENS

OPEN = {"__init__.py", "anatomy.py", "example-evidence.json", "exercise.toml", "probe.py"}
SECRET = [
    *(path for path in COURSE.rglob("*") if path.is_file() and path.name not in OPEN),
    *SOLUTIONS.glob("*"),
    *SPECIMENS.rglob("*.*"),
    *(FIXTURES / "grader").iterdir(),
    FIXTURES / "README.md",
]
TEXTS = [path for path in SECRET if path.suffix in (".py", ".toml", ".md") and "__pycache__" not in path.parts]
LIBRARY = {
    "for name, parameter in model.named_parameters():",
    # grader.inside.observe.training_modes: without it the probes could train nothing.
    "for module in model.modules():",
    "parameters = list(module.parameters())",
    "if parameters and not any(parameter.requires_grad for parameter in parameters):",
    # grader.adaptation.rule: without it `grade compare` could not say what is the cheapest acceptable.
    "return [row for row in rows if row.worst_recall >= min_recall]",
    "return max(rows, key=lambda row: row.mean)",
}
"""Lines of solutions that the open library code has too."""


def lines(text: str) -> list[str]:
    """Return the lines that say something of their own."""
    kept = (line.strip() for line in text.splitlines())
    return [line for line in kept if line and line not in LIBRARY and not re.match(r"(from|import) \w", line)]


def runs(text: str, length: int = 3) -> set[tuple[str, ...]]:
    """Return every run of so many lines, short ones apart."""
    found = lines(text)
    each = zip(*(found[start:] for start in range(length)), strict=False)
    return {run for run in each if len("".join(run)) >= 80}


@pytest.fixture(scope="module")
def readable(handed_out: dict[str, bytes]) -> dict[str, str]:
    suffixes = (".py", ".toml", ".md", ".txt", ".json", ".yml", ".html", ".css", ".js", ".svg", "METADATA")
    return {name: content.decode() for name, content in handed_out.items() if name.endswith(suffixes)}


def test_every_file_of_the_package_is_decided_for_everyone_or_for_staff() -> None:
    files = [path for path in PACKAGE.rglob("*.py") if COURSE not in path.parents and "house" not in path.parts]
    undecided = {str(path.relative_to(PACKAGE)) for path in files if rooms(path).isdisjoint(FOR_EVERYONE | FOR_STAFF)}
    assert undecided == set()
    assert FOR_EVERYONE.isdisjoint(FOR_STAFF)
    there = set().union(*map(rooms, files))
    assert (FOR_EVERYONE | FOR_STAFF) - there == set(), "decided, and gone"


def test_no_secret_file_is_handed_out_under_any_name(handed_out: dict[str, bytes]) -> None:
    secret = {path.read_bytes(): path for path in SECRET if path.is_file() and path.stat().st_size > 100}
    assert [name for name, content in handed_out.items() if content in secret] == []
    assert len(secret) > 300


def test_no_file_has_a_secrets_name(handed_out: dict[str, bytes]) -> None:
    names = {"checks.py", "facts.py", "truth.py", "plan.py", "figures.py", "stories.py"}
    folders = ("fixtures/grader/", "/specimens/", "/solutions/", "/misconceptions/")
    for name in handed_out:
        assert not ("/course/" in name and Path(name).name in names), name
        assert not any(folder in f"/{name}" for folder in folders), name


def test_no_three_lines_of_a_secret_file_are_handed_out(readable: dict[str, str]) -> None:
    public = set().union(*map(runs, readable.values()))
    stubs = set().union(*(runs(path.read_text("utf-8")) for path in EXERCISES.iterdir()))
    secret = {run: path.name for path in TEXTS for run in runs(path.read_text("utf-8"))}
    assert len(secret) > 5_000
    assert {name: run for run, name in secret.items() if run in public - stubs} == {}


def test_no_line_of_a_solution_is_handed_out(readable: dict[str, str]) -> None:
    public = {line: name for name, text in readable.items() for line in lines(text)}
    stubs = {line for path in EXERCISES.iterdir() for line in lines(path.read_text("utf-8"))}
    told = {line for path in SOLUTIONS.iterdir() for line in lines(path.read_text("utf-8")) if len(line) >= 40}
    assert len(told) > 100
    assert {line: public[line] for line in told - stubs if line in public} == {}


def test_no_hidden_check_or_misconceptions_code_is_named(readable: dict[str, str]) -> None:
    everything = "\n".join(readable.values())
    for exercise in course.exercises().values():
        names = [name for name in vars(course.part(exercise, "checks")) if name.startswith("test_")]
        assert names
        assert [name for name in names if name in everything] == []


def test_no_hidden_feature_or_label_is_handed_out(handed_out: dict[str, bytes]) -> None:
    hidden = [each for each in fixtures.manifest().values() if each.audience == "grader"]
    tensors = [each for each in hidden if each.path.endswith(".safetensors")]
    arrays = {(each.name, name): array for each in tensors for name, array in load(each.file.read_bytes()).items()}
    assert len(arrays) >= 20
    for key, array in arrays.items():
        assert [place for place, content in handed_out.items() if array.tobytes() in content] == [], key


def test_the_manifest_that_learners_get_names_only_their_files(handed_out: dict[str, bytes]) -> None:
    manifest = handed_out["wheel/grader/house/fixtures/manifest.toml"].decode()
    for fixture in fixtures.manifest().values():
        assert (f'"{fixture.name}"' in manifest) == (fixture.audience == "learner")
        assert (fixture.sha256 in manifest) == (fixture.audience == "learner")


def test_practice_plans_are_drawn_anew_for_every_handout(handed_out: dict[str, bytes], notebooks: Path) -> None:
    (other,) = (notebooks / "wheels").iterdir()
    with zipfile.ZipFile(other) as archive:
        theirs = {name for name in archive.namelist() if "/practice/" in name and not name.endswith("/0.safetensors")}
    ours = {name.removeprefix("wheel/") for name in handed_out if "/practice/" in name}
    ours -= {name for name in ours if name.endswith("/0.safetensors")}
    assert ours.isdisjoint(theirs)
    assert len(ours) == len(theirs) == 3 * len(list(COURSE.glob("*/probe.py")))


@pytest.mark.parametrize("path", ["solutions/03_partial_unfreeze.py", "fixtures/grader/text-features.safetensors"])
def test_these_tests_find_a_leak(path: str, handed_out: dict[str, bytes]) -> None:
    leaky = handed_out | {"notes.md": (SOLUTIONS.parent / path).read_bytes()}
    with pytest.raises(AssertionError):
        test_no_secret_file_is_handed_out_under_any_name(leaky)
