"""Build the two distributions: the staff's with everything, the learners' with or without what judges."""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader import VERSION, course, files
from grader.errors import UsageError
from grader.places import ROOT
from grader.records import Exercise

from .contents import AUDIENCES, Contents, Judge, everything, fixture_rows, learners

FULL, LEARNERS = "transfer-grader", "transfer-grader-learner"
"""Names of the two distributions; both bring the package ``grader`` and the command ``grade``."""
STAFF_ONLY = ("dulwich",)
"""Dependencies that nothing of the learners' needs."""
PRACTICE_PLANS = 3
"""Drawn plans that learners get for each exercise where what draws them is not handed out."""


def build_full(folder: Path) -> Path:
    """Build the staff's wheel in a folder and return its path."""
    return _build(folder, FULL, everything())


def build_learners(folder: Path, judge: Judge) -> Path:
    """Build the learners' wheel in a folder and return its path; without a judge its plans are drawn anew each time."""
    with tempfile.TemporaryDirectory() as made:
        contents = learners(judge) | dict(_made_for_learners(Path(made), judge))
        return _build(folder, LEARNERS, contents, f"{VERSION}+{_digest(contents)}")


def _digest(contents: Contents) -> str:
    """Return a short digest of what a wheel holds: pip takes a wheel of the same version for the one it has."""
    told = hashlib.sha256()
    for place, path in sorted(contents.items()):
        told.update(f"{place}\0{path.stat().st_size}\0".encode())
        told.update(path.read_bytes())
    return told.hexdigest()[:8]


def _made_for_learners(folder: Path, judge: Judge) -> Iterator[tuple[str, Path]]:
    """Write what learners get in place of what they must not have."""
    manifest = folder / "manifest.toml"
    files.write_text(manifest, _learners_manifest(judge))
    yield "grader/data/fixtures/manifest.toml", manifest
    if judge == "none":
        yield from _drawn(folder)


def _drawn(folder: Path) -> Iterator[tuple[str, Path]]:
    for exercise in course.exercises().values():
        for seed in _seeds(exercise):
            plan = folder / f"{exercise.slug}-{seed}.safetensors"
            files.write(plan, course.practice(exercise, seed))
            yield f"grader/course/{exercise.slug}/practice/{seed}.safetensors", plan


def _seeds(exercise: Exercise) -> list[int]:
    """Return fresh seeds; for what is only read there is nothing to draw, and one plan is all there are."""
    if exercise.is_note:
        return [0]
    return [secrets.randbits(31) for _ in range(PRACTICE_PLANS)]


def _learners_manifest(judge: Judge) -> str:
    """Return the manifest without a word on what learners do not have; JSON's texts and numbers are TOML's."""
    rows = [row for row in fixture_rows() if row["audience"] in AUDIENCES[judge]]
    tables = [
        "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()) for row in rows
    ]
    return "schema = 1\n" + "".join(f"\n[[file]]\n{table}\n" for table in tables)


def _build(folder: Path, name: str, contents: Contents, version: str = VERSION) -> Path:
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError as error:
        raise UsageError("Wheels are built with hatchling: pip install 'transfer-grader[staff]'") from error
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    kept = ("description", "license", "requires-python", "dependencies", "scripts")
    if name == LEARNERS:
        project["dependencies"] = [each for each in project["dependencies"] if not each.startswith(STAFF_ONLY)]
    config: dict[str, Any] = {
        "project": {"name": name, "version": version, **{field: project[field] for field in kept}},
        "tool": {"hatch": {"build": {"targets": {"wheel": {"bypass-selection": True, "force-include": {}}}}}},
    }
    wheel = config["tool"]["hatch"]["build"]["targets"]["wheel"]
    wheel["force-include"] = {str(path): place for place, path in contents.items()}
    files.make_folder(folder, within=folder.parent)
    return Path(next(WheelBuilder(str(ROOT), config=config).build(directory=str(folder), versions=["standard"])))
