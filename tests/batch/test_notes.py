"""Exercise 09 travels: a note has in a batch the points it had at the desk, or is not graded, whatever brought it."""

from __future__ import annotations

import os
import stat
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader import adaptation, course, pipeline
from grader.adaptation import Adaptation, records
from grader.batch.executor import Executor
from grader.batch.intake import Handin, Layout, read_here, survey, take_in
from grader.batch.journal import Journal
from grader.cli import app, cohort
from grader.discover import discover
from grader.note import example
from grader.places import EXERCISES, SOLUTIONS
from grader.records import Grade, Standing
from grader.records.cohort import Refused, Row
from grader.rendering import render

SLUG = "09_adaptation_note"
NOTE, RECORD = f"{SLUG}.md", "09_evidence.json"
EXERCISE = course.exercises()[SLUG]
RIGHT = (SOLUTIONS / NOTE).read_text("utf-8")
MEASURED = adaptation.read(example(EXERCISE) or Path())
MISSING = (
    "The note is not graded: no 09_evidence.json was handed in with it. `grade compare` writes 09_evidence.json beside "
    "the note, and the two are handed in together."
)
Handed = Mapping[str, bytes]
"""What one learner hands in, by name."""


def honest(wrong: int) -> dict[str, bytes]:
    """Return a note and its own evidence: the first run took so many more of the first class for the second.

    Compared with any other learner's, or with the example, it loses a point.
    """
    vision, text = MEASURED.comparisons
    scratch, frozen, partial, full = vision.strategies
    predicted = ("1" * wrong + partial.predicted[0][wrong:], *partial.predicted[1:])
    partial = msgspec.structs.replace(partial, **records.figures(vision.truth, predicted, len(vision.classes)))
    scores = {each.depth: each.scores for each in (frozen, partial, full)}
    depths = tuple(msgspec.structs.replace(row, scores=scores.get(row.depth, ())) for row in vision.depths)
    vision = msgspec.structs.replace(vision, strategies=(scratch, frozen, partial, full), depths=depths)
    mean, error = vision.gain(partial, full)
    note = RIGHT.replace("0.976 ± 0.002", f"{partial.mean:.4f} ± {partial.std:.4f}", 1)
    note = note.replace("-0.010 ± 0.004", f"{mean:+.4f} ± {error:.4f}", 1)
    return {NOTE: note.encode(), RECORD: msgspec.json.encode(Adaptation(comparisons=(vision, text)))}


FIRST, SECOND = honest(1), honest(2)
BARE = {NOTE: SECOND[NOTE]}


def zipped(path: Path, files: Handed) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def git(folder: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **who}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def put(folder: Path, files: Handed) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def folders(root: Path, *cohort: Handed) -> Path:
    for number, files in enumerate(cohort):
        put(root / f"learner-{number}" / "exercises", files)
    return root


def earlier_version(root: Path, *cohort: Handed) -> Path:
    for number, files in enumerate(cohort):
        put(root / f"learner-{number}" / "exercises", {NOTE: files[NOTE]})
        put(root / f"learner-{number}" / "reports", {"evidence.json": files[RECORD]} if RECORD in files else {})
    return root


def clones(root: Path, *cohort: Handed) -> Path:
    """Push what each learner has in a handout, ignored files and all, and clone it."""
    ignored = render("handout", "gitignore")
    root.mkdir()
    for number, files in enumerate(cohort):
        desk = put(root.parent / f"desk-{number}" / "exercises", files).parent
        put(desk, {".gitignore": ignored.encode(), "README.md": b"# Course", "reports/comparison.html": b"<p>"})
        hub = root.parent / f"hub-{number}.git"
        git(root, "init", "-q", "--bare", str(hub))
        git(desk, "init", "-q", "-b", "main")
        git(desk, "add", "-A")
        git(desk, "commit", "-qm", "work")
        git(desk, "push", "-q", str(hub), "main")
        git(root, "clone", "-q", "-b", "main", str(hub), f"hw-learner-{number}")
        assert not (root / f"hw-learner-{number}" / "reports").exists()
    return root


def canvas(root: Path, *cohort: Handed) -> Path:
    files = {}
    for number, handed in enumerate(cohort):
        for attachment, (name, content) in enumerate(handed.items()):
            late = "LATE_" if number else ""
            again = f"-{number}." if number else "."
            files[f"mülleränne{number}_{late}{100 + number}_{900 + attachment}_{name.replace('.', again)}"] = content
    return zipped(root / "submissions.zip", files)


def canvas_zips(root: Path, *cohort: Handed) -> Path:
    files = {}
    for number, handed in enumerate(cohort):
        inner = zipped(root / f"{number}.zip", {f"work/exercises/{name}": content for name, content in handed.items()})
        files[f"learner{number}_10{number}_900_work.zip"] = inner.read_bytes()
    return zipped(root / "submissions.zip", files)


def moodle(root: Path, *cohort: Handed) -> Path:
    """Two people of one name, in folders."""
    return zipped(root / "all.zip", {
        f"Änne Müller_471{number}_assignsubmission_file_/{name}": content
        for number, handed in enumerate(cohort) for name, content in handed.items()
    })  # fmt: skip


def moodle_flat(root: Path, *cohort: Handed) -> Path:
    return zipped(root / "all.zip", {
        f"Änne Müller_471{number}_assignsubmission_file_{name}": content
        for number, handed in enumerate(cohort) for name, content in handed.items()
    })  # fmt: skip


def nbgrader(root: Path, *cohort: Handed) -> Path:
    for number, files in enumerate(cohort):
        put(root / "submitted" / f"learner-{number}" / SLUG, {**files, "timestamp.txt": b"2026-01-30 10:30:47 UTC\n"})
    return root / "submitted"


LAYOUTS = (folders, earlier_version, clones, canvas, canvas_zips, moodle, moodle_flat, nbgrader)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reader: Executor) -> Callable[[Path], list[Row]]:
    """Run ``grade batch`` over what was handed in, and return a row for each learner."""
    monkeypatch.setattr(cohort, "_executor", lambda *_, **__: reader)

    def run(root: Path) -> list[Row]:
        results = tmp_path / "results"
        assert app(["batch", str(root), "--out", str(results)], exit_on_error=False, print_error=False) == 0
        with Journal.read(results) as journal:
            return list(journal.rows())

    return run


Rows = Callable[[Path], list[Row]]


def desk(folder: Path, files: Handed) -> int:
    return pipeline.grade(discover(put(folder, files) / NOTE, learner="learner-01"), None).earned


def reasons(rows: list[Row]) -> list[Any]:
    return [row.result.reason if isinstance(row.result, Refused) else row.points for row in rows]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_learners_note_has_in_a_batch_the_points_it_had_at_the_desk(
    rows: Rows, layout: Callable[..., Path], tmp_path: Path
) -> None:
    assert [desk(tmp_path / "a", FIRST), desk(tmp_path / "b", SECOND)] == [12, 12]
    assert desk(tmp_path / "c", {NOTE: FIRST[NOTE], RECORD: SECOND[RECORD]}) == 11, "somebody else's would be noticed"
    found = rows(layout(tmp_path / "in", FIRST, SECOND))
    assert reasons(found) == [12, 12]
    assert {row.result.standing for row in found if isinstance(row.result, Grade)} == {Standing.PRACTICE}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_note_without_evidence_is_not_graded_and_never_gets_another_learners(
    rows: Rows, layout: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reasons(rows(layout(tmp_path / "in", FIRST, BARE))) == [12, MISSING]
    assert "Nothing that could be graded: 1" in capsys.readouterr().out


def test_a_note_that_was_graded_loses_its_mark_when_its_evidence_is_gone(rows: Rows, tmp_path: Path) -> None:
    root = folders(tmp_path / "in", FIRST)
    assert reasons(rows(root)) == [12]
    (root / "learner-0" / "exercises" / RECORD).unlink()
    assert reasons(rows(root)) == [MISSING]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_an_untouched_stub_has_no_points_and_nobody_is_asked_for_its_evidence(
    rows: Rows, tmp_path: Path, ending: bytes
) -> None:
    stub = (EXERCISES / NOTE).read_bytes().replace(b"\n", ending)
    (row,) = rows(folders(tmp_path / "in", {NOTE: stub}))
    assert row.points == 0
    begun = stub.replace(b"- strategy: <one of the four>", b"- strategy: frozen", 1)
    assert reasons(rows(folders(tmp_path / "in", {NOTE: begun}))) == [MISSING]


HOSTILE = {
    "huge": (
        os.urandom(adaptation.BYTES_CAP + 1),
        "its evidence 09_evidence.json was not opened: it has 4,000,001 bytes",
    ),
    "no JSON": (b"\x00\xff", "09_evidence.json is not evidence as `grade compare` writes it"),
    "nested": (b'{"schema": "x", "a": ' + b"[" * 200_000, "is not evidence as `grade compare` writes it"),
    "another schema": (b'{"schema": "transfer-grader/adaptation/v9"}', "this version reads"),
    "control characters": (FIRST[RECORD].replace(b'"scenario"', b'"\\u001b[2J"', 1), "unknown field `\\x1b[2J`"),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("layout", [folders, canvas, moodle_flat])
def test_hostile_evidence_costs_only_its_own_row(
    rows: Rows, layout: Callable[..., Path], tmp_path: Path, kind: str
) -> None:
    content, reason = HOSTILE[kind]
    hostile, good = rows(layout(tmp_path / "in", {**FIRST, RECORD: content}, SECOND))
    assert isinstance(hostile.result, Refused)
    assert reason in hostile.result.reason
    assert good.points == 12


def test_a_link_to_evidence_is_not_followed_in_a_folder_or_an_archive(rows: Rows, tmp_path: Path) -> None:
    root = folders(tmp_path / "in", BARE, BARE, SECOND)
    own = tmp_path / "mine.json"
    own.write_bytes(SECOND[RECORD])
    (root / "learner-0" / "exercises" / RECORD).symlink_to(own)
    (root / "learner-1" / "exercises" / NOTE).unlink()
    with zipfile.ZipFile(root / "learner-1" / "work.zip", "w") as archive:
        archive.writestr(NOTE, BARE[NOTE])
        entry = zipfile.ZipInfo(RECORD)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, str(own))
    told = "The note is not graded: its evidence 09_evidence.json was not opened: it is a link."
    assert reasons(rows(root)) == [told, told, 12]


def compared(root: Path) -> str:
    """Return what the only note of a cohort says that it is compared with."""
    (answer,) = [
        each for each in take_in(survey(root, Layout.FOLDERS), [EXERCISE], read_here) if isinstance(each, Handin)
    ]
    assert answer.code, answer.refusal
    handed = msgspec.json.decode(answer.code.source)
    return f"{handed['evidence']['comparisons'][0]['scenario']} {handed['where']}"


def named(scenario: str) -> bytes:
    vision, text = MEASURED.comparisons
    told = msgspec.structs.replace(vision, scenario=scenario)
    return msgspec.json.encode(Adaptation(comparisons=(told, text)))


@pytest.mark.parametrize(
    ("note", "places", "expected"),
    [
        ("09_adaptation_note.md", ["evidence.json", "09_evidence.json", "reports/09_evidence.json"], 1),
        ("09_adaptation_note.md", ["09_evidence (1).json", "09_evidence.json"], 1),
        ("09_adaptation_note-2.md", ["09_evidence.json", "09_evidence-1.json", "09_evidence-2.json"], 2),
        ("exercises/09_adaptation_note.md", ["old/09_evidence.json", "reports/evidence.json"], 1),
        ("exercises/09_adaptation_note.md", ["reports/evidence.json", "exercises/reports/evidence.json"], 1),
        ("exercises/09_adaptation_note.md", ["reports/evidence.json", "exercises/09_EVIDENCE.JSON"], 1),
    ],
)
def test_of_several_records_the_one_that_belongs_to_the_note_counts(
    tmp_path: Path, note: str, places: list[str], expected: int
) -> None:
    files = {place: named(str(number)) for number, place in enumerate(places)}
    root = put(tmp_path / "in" / "learner-01", {note: BARE[NOTE], **files})
    os.utime(root / places[expected], (1_000_000_000, 1_000_000_000))
    assert compared(root.parent).split()[0] == str(expected), "the oldest, so that its age is not what counts"


def test_of_two_alike_the_newer_one_counts(tmp_path: Path) -> None:
    root = put(
        tmp_path / "in" / "learner-01",
        {NOTE: BARE[NOTE], "09_evidence-1.json": named("a"), "09_evidence-2.json": named("b")},
    )
    os.utime(root / "09_evidence-1.json", (2_000_000_000, 2_000_000_000))
    assert compared(root.parent).startswith("a ")


def test_a_note_of_any_name_keeps_its_evidence_where_only_the_note_is_asked_for(tmp_path: Path) -> None:
    root = put(tmp_path / "in" / "learner-01", {"final.md": FIRST[NOTE], RECORD: FIRST[RECORD]}).parent
    assert compared(root) == "vision-rare beside it"
