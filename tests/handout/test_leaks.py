"""Nothing of the staff's reaches a learner, and without a judge nothing that judges: no file, no line, no label."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from safetensors import safe_open
from safetensors.numpy import load

from grader import course, fixtures
from grader.handout.contents import AUDIENCES, FOR_EVERYONE, FOR_STAFF, Judge, rooms
from grader.places import COURSE, EXERCISES, FIXTURES, PACKAGE, SOLUTIONS, SPECIMENS

OPEN = {"__init__.py", "course.toml", "example-evidence.json", "exercise.toml", "pages.py", "probe.py", "wire.py"}
STAFFS = [
    *SOLUTIONS.glob("*"),
    *SPECIMENS.rglob("*.*"),
    *(FIXTURES / "grader").iterdir(),
    *(path for path in PACKAGE.rglob("*.py") if COURSE not in path.parents and not rooms(path).isdisjoint(FOR_STAFF)),
    FIXTURES / "README.md",
]
"""What no learner gets."""
JUDGES = [
    *(path for path in COURSE.rglob("*") if path.is_file() and path.name not in OPEN),
    *(FIXTURES / "judge").iterdir(),
]
"""What judges."""
LIBRARY = {
    "for name, parameter in model.named_parameters():",
    "for module in model.modules():",
}
"""Lines of solutions that the open library code has too."""
CACHES = {"__pycache__"}


class Handed(NamedTuple):
    """What was handed out, and what must not be in it."""

    judge: Judge
    files: dict[str, bytes]
    secret: list[Path]

    def readable(self) -> dict[str, str]:
        suffixes = (".py", ".toml", ".md", ".txt", ".json", ".yml", ".html", ".css", ".js", ".svg", "METADATA")
        return {name: content.decode() for name, content in self.files.items() if name.endswith(suffixes)}

    def secret_texts(self) -> Iterator[Path]:
        texts = (path for path in self.secret if path.suffix in (".py", ".toml", ".md"))
        yield from (path for path in texts if CACHES.isdisjoint(path.parts))


@pytest.fixture(scope="module", params=["included", "none"])
def handed(request: pytest.FixtureRequest, with_judge: dict[str, bytes], without_judge: dict[str, bytes]) -> Handed:
    if request.param == "included":
        return Handed("included", with_judge, STAFFS)
    return Handed("none", without_judge, [*STAFFS, *JUDGES])


def lines(text: str) -> list[str]:
    """Return the lines that say something of their own."""
    kept = (line.strip() for line in text.splitlines())
    return [line for line in kept if line and line not in LIBRARY and not re.match(r"(from|import) \w", line)]


def runs(text: str, length: int = 3) -> set[tuple[str, ...]]:
    """Return every run of so many lines, short ones apart."""
    found = lines(text)
    each = zip(*(found[start:] for start in range(length)), strict=False)
    return {run for run in each if len("".join(run)) >= 80}


def test_every_file_of_the_package_is_decided_for_everyone_or_for_staff() -> None:
    files = [path for path in PACKAGE.rglob("*.py") if COURSE not in path.parents and "data" not in path.parts]
    undecided = {str(path.relative_to(PACKAGE)) for path in files if rooms(path).isdisjoint(FOR_EVERYONE | FOR_STAFF)}
    assert undecided == set(), "name each in FOR_EVERYONE or FOR_STAFF of grader/handout/contents.py"
    assert FOR_EVERYONE.isdisjoint(FOR_STAFF)
    there = set().union(*(rooms(path) for path in PACKAGE.rglob("*") if path.is_file()))
    assert (FOR_EVERYONE | FOR_STAFF) - there == set(), "decided, and gone"


def test_no_secret_file_is_handed_out_under_any_name(handed: Handed) -> None:
    secret = {path.read_bytes(): path for path in handed.secret if path.is_file() and path.stat().st_size > 100}
    assert [name for name, content in handed.files.items() if content in secret] == []
    assert len(secret) > 180


def test_no_file_has_a_secrets_name(handed: Handed) -> None:
    folders = ["fixtures/grader/", "/specimens/", "/solutions/", "/batch/", "/similarity/", "/handout/"]
    judges = {"checks.py", "seen.py", "truth.py", "plan.py", "figures.py", "stories.py"}
    judges |= {"misconceptions.py", "misconceptions.md"}
    if handed.judge == "none":
        folders += ["fixtures/judge/"]
    for name in handed.files:
        assert not (handed.judge == "none" and "/course/" in name and Path(name).name in judges), name
        assert not any(folder in f"/{name}" for folder in folders), name


def test_no_three_lines_of_a_secret_file_are_handed_out(handed: Handed) -> None:
    public = set().union(*map(runs, handed.readable().values()))
    stubs = set().union(*(runs(path.read_text("utf-8")) for path in EXERCISES.iterdir()))
    secret = {run: path.name for path in handed.secret_texts() for run in runs(path.read_text("utf-8"))}
    assert len(secret) > 4_000
    assert {name: run for run, name in secret.items() if run in public - stubs} == {}


def test_no_line_of_a_solution_is_handed_out(handed: Handed) -> None:
    public = {line: name for name, text in handed.readable().items() for line in lines(text)}
    stubs = {line for path in EXERCISES.iterdir() for line in lines(path.read_text("utf-8"))}
    told = {line for path in SOLUTIONS.iterdir() for line in lines(path.read_text("utf-8")) if len(line) >= 40}
    assert len(told) > 100
    assert {line: public[line] for line in told - stubs if line in public} == {}


def test_without_a_judge_no_hidden_check_and_no_misconception_is_named(without_judge: dict[str, bytes]) -> None:
    everything = "\n".join(Handed("none", without_judge, []).readable().values())
    for exercise in course.exercises().values():
        names = [name for name in vars(course.part(exercise, "checks")) if name.startswith("test_")]
        names += set(exercise.misconceptions) - {"blocks-reversed"}  # the example of `grade explain`
        assert names
        assert [name for name in names if name in everything] == []


def test_no_hidden_feature_or_label_is_handed_out(handed: Handed) -> None:
    hidden = [each for each in fixtures.manifest().values() if each.audience not in AUDIENCES[handed.judge]]
    tensors = [each for each in hidden if each.path.endswith(".safetensors")]
    arrays = {(each.name, name): array for each in tensors for name, array in load(each.file.read_bytes()).items()}
    assert len(arrays) >= 20
    for key, array in arrays.items():
        assert [place for place, content in handed.files.items() if array.tobytes() in content] == [], key


def test_no_table_or_tensor_speaks_of_held_out_labels(handed: Handed, tmp_path: Path) -> None:
    tables = {name: tomllib.loads(content.decode()) for name, content in handed.files.items() if name.endswith(".toml")}
    assert tables
    assert [name for name, table in tables.items() if re.search(r"-held-out|test_labels", str(table))] == []
    tensors = [name for name in handed.files if name.endswith(".safetensors")]
    assert len(tensors) >= 14
    for name in tensors:
        (tmp_path / "file").write_bytes(handed.files[name])
        with safe_open(tmp_path / "file", framework="np") as file:
            assert [key for key in file.keys() if "test_labels" in key] == [], name  # noqa: SIM118  no mapping
            assert "test_labels" not in str(file.metadata())


def test_the_manifest_that_learners_get_names_only_their_files(handed: Handed) -> None:
    manifest = handed.files["wheel/grader/data/fixtures/manifest.toml"].decode()
    for fixture in fixtures.manifest().values():
        theirs = fixture.audience in AUDIENCES[handed.judge]
        assert (f'"{fixture.name}"' in manifest) == theirs
        assert (fixture.sha256 in manifest) == theirs
        assert (f"wheel/grader/data/fixtures/{fixture.path}" in handed.files) == theirs


def test_only_without_a_judge_are_there_practice_plans_and_each_handout_has_its_own(
    with_judge: dict[str, bytes], without_judge: dict[str, bytes], tmp_path: Path
) -> None:
    from grader.handout.wheels import build_learners

    with zipfile.ZipFile(build_learners(tmp_path, "none")) as archive:
        theirs = {name for name in archive.namelist() if "/practice/" in name and not name.endswith("/0.safetensors")}
    ours = {name.removeprefix("wheel/") for name in without_judge if "/practice/" in name}
    ours -= {name for name in ours if name.endswith("/0.safetensors")}
    assert ours.isdisjoint(theirs)
    assert len(ours) == len(theirs) == 3 * len(list(COURSE.glob("*/probe.py")))
    assert [name for name in with_judge if "/practice/" in name] == []


@pytest.mark.parametrize(
    "path", ["solutions/03_partial_unfreeze.py", "fixtures/grader/scenario-text-order.safetensors"]
)
def test_these_tests_find_a_leak(path: str, with_judge: dict[str, bytes]) -> None:
    leaky = Handed("included", with_judge | {"notes.md": (SOLUTIONS.parent / path).read_bytes()}, STAFFS)
    with pytest.raises(AssertionError):
        test_no_secret_file_is_handed_out_under_any_name(leaky)
