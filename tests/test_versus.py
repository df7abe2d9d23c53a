"""The benchmark beside the peers: everybody is asked the same, and its tables come from what was kept."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader.places import ROOT
from grader.records import Grade

sys.path.insert(0, str(ROOT))  # benchmarks are no part of the package

from benchmarks.versus import assignment, formats, ours, place, rows, table

KINDS = ("right", "wrong", "raises")


def test_our_copy_of_the_course_grades_the_assignment_as_it_deserves(tmp_path: Path) -> None:
    rooms = place.Kit(Path(sys.executable).parent, tmp_path / "copy")
    ours.lay_out(rooms.work)
    sources = {kind: assignment.source(kind) for kind in KINDS}
    sources["stub"] = (rooms.work / "exercises" / f"{assignment.NAME}.py").read_text("utf-8")
    files = []
    for name, source in sources.items():
        files.append(tmp_path / name / f"{assignment.NAME}.py")
        files[-1].parent.mkdir()
        files[-1].write_text(source, "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", *map(str, files), "--format", "json"],
        cwd=tmp_path,
        env=ours.environment(rooms),
        capture_output=True,
        text=True,
        check=False,
    )
    grades = dict(zip(sources, msgspec.json.decode(done.stdout, type=list[Grade]), strict=True))

    assert {name: grade.possible for name, grade in grades.items()} == dict.fromkeys(sources, assignment.POSSIBLE)
    deserved = {kind: assignment.WORTH[kind] for kind in KINDS}
    assert {name: grade.earned for name, grade in grades.items()} == deserved | {"stub": 0}
    assert [found.misconception for found in grades["wrong"].diagnoses] == ["flag-on-module"]


def test_the_peers_checks_deserve_the_same(tmp_path: Path) -> None:
    files = [tmp_path / f"{kind}.py" for kind in (*KINDS, "patch")]
    for file in files:
        file.write_text(assignment.source(file.stem), "utf-8")
    command = [sys.executable, assignment.HERE / "warm.py", assignment.HERE / "checks.py", *files]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    passed = [passed for passed, _ in json.loads(done.stdout)]
    assert passed[:-1] == [assignment.WORTH[kind] for kind in KINDS]
    assert passed[-1] > assignment.WORTH["patch"], "beside the checks, a patched torch.equal pays"


def test_every_shape_of_the_checks_holds_all_of_them() -> None:
    assert len(list(formats.checks())) == assignment.POSSIBLE
    for text in (formats.for_gradescope(), formats.for_check50(), formats.for_otter()):
        functions = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        assert sum(name.startswith("test_") for name in functions) == assignment.POSSIBLE
    cells = formats.for_nbgrader()["cells"]
    assert sum(cell["metadata"]["nbgrader"].get("points", 0) for cell in cells) == assignment.POSSIBLE


def test_the_tables_come_from_the_rows_that_were_kept(tmp_path: Path) -> None:
    kept = rows.Kept(date="2026-11-23", machine="a machine", versions={"torch": "2.13"})
    for number, slower in enumerate((1, 3), start=1):  # the second round on a machine that other work kept busy
        kept.rows += [
            rows.Row("cold", rows.IMPORTS, number, 1, 1, 5.0 * slower, 5.0),
            rows.Row("cold", rows.OURS, number, 1, 1, 6.0 * slower, 6.0),
            rows.Row("cold", "pytest", number, 1, 1, 9.0 * slower, 9.0),
            rows.Row("one", rows.COMPUTE, number, 1, 1, 0.1 * slower, 0.1),
            rows.Row("mix", rows.COMPUTE, number, 30, 1, 3.0 * slower, 3.0),
            rows.Row("batch", rows.OURS, number, 30, 2, 6.0 * slower, 9.0),
            rows.Row("batch", "pytest", number, 30, 2, 75.0 * slower, 150.0, wrong=("wrong-001: None",)),
            rows.Row("cohort", rows.OURS, number, 300, 2, 25.0 * slower, 50.0),
        ]
    for grader, each in ((rows.OURS, 20), ("pytest", 250)):
        kept.rows += [rows.Row("memory", grader, n, 30, n, 9.0, 9.0, 300, 300 + each * n) for n in (1, 4)]
    kept.save(tmp_path / "kept.json")

    told = "\n".join(table.timed(rows.load(tmp_path / "kept.json")))
    kept.rows = [row for row in kept.rows if row.what in ("cold", "one")]
    assert "\n".join(table.timed(kept)).endswith(
        "at most 1.25\n\nEvery submission got the score it deserves, in every run."
    )

    for line in (
        "  1.20   cold, of the imports it needs",
        "  12.5   throughput with 30 submissions, of pytest 9.1.1's",
        "  30.0   throughput with 300 submissions, of pytest 9.1.1's",
        "  0.08   memory of one more at once, of pytest 9.1.1's",
        "pytest 9.1.1, batch: wrong-001: None",
    ):
        assert line in told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"score": 3.0}, "3/8"),
        ({"score": 6.0}, "6/8!"),
        ({"score": None, "killed": ("memory",)}, "none! killed"),
        ({"score": None, "killed": ("time",), "following": None}, "hangs"),
        ({"score": 3.0, "leaked": True}, "3/8! read"),
        ({"score": 3.0, "following": None}, "3/8 next lost"),
    ],
)
def test_trouble_is_told_in_a_word(cell: dict[str, object], told: str) -> None:
    fine = {"grader": "pytest", "kind": "loop", "deserved": 3.0, "following": 8.0, "leaked": False, "killed": ()}
    cost = {"left": 0, "seconds": 9.0, "tree_mb": 9.0, "written_mb": 0.0}
    kept = rows.Kept(date="2026-11-23", machine="a machine", versions={})
    kept.cells = [msgspec.convert({**fine, **cost, **cell}, rows.Cell)]
    (line,) = (line for line in table.robust(kept) if line.startswith("pytest 9.1.1"))
    assert told in [part.strip() for part in line.split("  ")]
