"""Who handed in what, told by nothing but paths: every layout that systems for collecting exercises use."""

from __future__ import annotations

import io
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader import course
from grader.batch.intake import Handin, fingerprint, read_here, survey, take_in
from grader.errors import UsageError
from grader.records.cohort import Clock, Note, Topic

Folders = Callable[[Mapping[str, str | bytes]], Path]
CODE = "x = 1\n"
ALL = list(course.exercises().values())


def taken(root: Path, *asked: str) -> tuple[list[Handin], list[Note]]:
    found = list(take_in(survey(root), [course.exercises()[slug] for slug in asked] or ALL, read_here))
    return [each for each in found if isinstance(each, Handin)], [each for each in found if isinstance(each, Note)]


def told(answers: list[Handin]) -> list[tuple[str, str]]:
    return [(answer.learner, answer.exercise[:2]) for answer in answers]


def notebook(*cells: str) -> bytes:
    told = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": told}).encode()


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"learner-01/03_partial_unfreeze.py": CODE, "learner-02/exercises/04_parameter_groups.py": CODE},
            [("learner-01", "03"), ("learner-02", "04")],
            id="a folder for each learner",
        ),
        pytest.param(
            {"learner-01/03.py": CODE, "learner-01/08 choose depth.py": CODE, "scores.csv": "a,b\n", "03_x.py": CODE},
            [("learner-01", "03"), ("learner-01", "08")],
            id="several exercises, and loose files that are nobody's",
        ),
        pytest.param(
            {
                "submitted/learner-01/03_partial_unfreeze/work.ipynb": notebook(CODE),
                "submitted/learner-02/ps/07.ipynb": b"{}",
            },
            [("learner-01", "03"), ("learner-02", "07")],
            id="nbgrader",
        ),
        pytest.param(
            {
                "Learner One_4711_assignsubmission_file_/03_partial_unfreeze.py": CODE,
                "Learner Two_4712_assignsubmission_file_/work/03.py": CODE,
                "Learner Three_4713_assignsubmission_onlinetext_/onlinetext.html": "<p>03</p>",
            },
            [("Learner One", "03"), ("Learner Two", "03")],
            id="Moodle with folders",
        ),
        pytest.param(
            {
                "Learner One_4711_assignsubmission_file_03_partial_unfreeze.py": CODE,
                "Learner Two_4712_assignsubmission_file_03.py": CODE,
            },
            [("Learner One", "03"), ("Learner Two", "03")],
            id="Moodle without folders",
        ),
        pytest.param(
            {
                "onelearner_101_900_03_partial_unfreeze-1.py": CODE,
                "twolearner_LATE_102_901_03_partial_unfreeze.ipynb": notebook(CODE),
            },
            [("onelearner", "03"), ("twolearner", "03")],
            id="Canvas",
        ),
    ],
)  # fmt: skip
def test_a_layout_is_recognised_in_a_folder_and_in_a_zip(
    folders: Folders, files: dict[str, str | bytes], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    answers, _ = taken(folders(files))
    assert told(answers) == expected
    archive = tmp_path / "download.zip"
    archive.write_bytes(zipped(files))
    answers, _ = taken(archive)
    assert told(answers) == expected
    assert {answer.clock for answer in answers} == {Clock.ARCHIVE}


def test_a_zip_of_a_folder_of_learners_is_that_folder(tmp_path: Path) -> None:
    archive = tmp_path / "week3.zip"
    archive.write_bytes(zipped({"week3/learner-01/03.py": CODE, "week3/learner-02/03.py": CODE, "week3/list.csv": ""}))
    answers, _ = taken(archive)
    assert told(answers) == [("learner-01", "03"), ("learner-02", "03")]


def test_one_learner_alone_is_not_taken_for_a_folder_of_learners(folders: Folders) -> None:
    answers, _ = taken(folders({"learner-01/exercises/03_partial_unfreeze.py": CODE, "learner-01/04.py": CODE}))
    assert told(answers) == [("learner-01", "03"), ("learner-01", "04")]


@pytest.mark.parametrize("name", ["hw3-submissions", "class-hw3_submissions_2026_11_20_T_10_00_00"])
def test_the_assignment_is_cut_from_the_names_of_clones(name: str, tmp_path: Path) -> None:
    prefix = name.partition("_")[0].removesuffix("-submissions")
    for login in ("learner-01", "learner-02"):
        folder = tmp_path / name / f"{prefix}-{login}"
        folder.mkdir(parents=True)
        (folder / "03_partial_unfreeze.py").write_text(CODE)
    (tmp_path / name / "scores.csv").write_text("username,score\n")
    answers, _ = taken(tmp_path / name)
    assert told(answers) == [("learner-01", "03"), ("learner-02", "03")]


def git(folder: Path, *arguments: str, when: str = "2026-11-01T10:00:00+00:00") -> None:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_COMMITTER_DATE": when, **who}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def test_a_clone_tells_when_each_file_was_last_committed(folders: Folders) -> None:
    first, last = "2026-11-01T10:00:00+00:00", "2026-11-05T10:00:00+00:00"
    root = folders({"hw-learner01/03_partial_unfreeze.py": CODE, "hw-learner02/03_partial_unfreeze.py": CODE})
    for name in ("hw-learner01", "hw-learner02"):
        git(root / name, "init", "-q", "-b", "main")
        git(root / name, "add", ".")
        git(root / name, "commit", "-qm", "one", when=first)
    folders({"hw-learner01/03_partial_unfreeze.py": "y = 2\n", "hw-learner01/a b/04_parameter_groups.py": CODE})
    git(root / "hw-learner01", "add", ".")
    git(root / "hw-learner01", "commit", "-qm", "two", when=last)
    git(root / "hw-learner02", "gc", "-q")
    git(root / "hw-learner02", "pack-refs", "--all")
    answers, _ = taken(root)
    assert {answer.clock for answer in answers} == {Clock.COMMIT}
    assert [(answer.learner, answer.exercise[:2], answer.arrived.isoformat()) for answer in answers] == [
        ("learner01", "03", last),
        ("learner01", "04", last),
        ("learner02", "03", first),
    ]


def test_a_clones_own_settings_are_not_read(folders: Folders) -> None:
    root = folders({"learner-01/03_partial_unfreeze.py": CODE})
    git(root / "learner-01", "init", "-q")
    git(root / "learner-01", "add", ".")
    git(root / "learner-01", "commit", "-qm", "one")
    (root / "learner-01" / ".git" / "config").write_text("[nothing that git could read")
    (answer,), _ = taken(root)
    assert answer.clock is Clock.COMMIT


def test_what_is_not_committed_and_a_broken_clone_have_the_time_of_the_file(folders: Folders) -> None:
    root = folders(
        {"hw-learner01/03.py": CODE, "hw-learner01/.git/HEAD": "ref: refs/heads/main\n", "hw-learner02/03.py": CODE}
    )
    answers, _ = taken(root)
    assert [answer.clock for answer in answers] == [Clock.FILE, Clock.FILE]


def test_nbgrader_wrote_down_when_it_collected(folders: Folders) -> None:
    root = folders({
        "submitted/learner-01/03_partial_unfreeze/work.ipynb": notebook(CODE),
        "submitted/learner-01/03_partial_unfreeze/timestamp.txt": "2026-01-30 10:30:47.524219 UTC\n",
    })  # fmt: skip
    (answer,), _ = taken(root)
    assert (answer.arrived, answer.clock) == (datetime(2026, 1, 30, 10, 30, 47, 524219, tzinfo=UTC), Clock.COLLECTED)


def test_a_zip_tells_the_time_of_its_entries(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("learner-01/03.py", (2026, 3, 4, 5, 6, 8)), CODE)
        strange = zipfile.ZipInfo("learner-02/03.py", (1980, 0, 0, 0, 0, 0))
        archive.writestr(strange, CODE)
    answers, _ = taken(tmp_path / "a.zip")
    assert answers[0].arrived == datetime(2026, 3, 4, 5, 6, 8).astimezone(UTC)
    assert answers[1].arrived.year == 1980


def test_the_file_that_is_named_and_placed_as_handed_out_is_graded_and_the_other_noted(folders: Folders) -> None:
    root = folders({
        "learner-01/03.py": "newer = 1\n", "learner-01/exercises/03_partial_unfreeze.py": CODE,
        "learner-01/backup/03_partial_unfreeze.py": "older = 1\n",
    })  # fmt: skip
    (answer,), (first, second) = taken(root)
    assert answer.path == "learner-01/exercises/03_partial_unfreeze.py"
    assert {first.topic, second.topic} == {Topic.LEFT_ASIDE}
    assert "learner-01/exercises/03_partial_unfreeze.py was graded" in first.text


def test_the_newer_of_two_equally_good_files_is_graded(folders: Folders) -> None:
    root = folders({"learner-01/03 a.py": CODE, "learner-01/03 b.py": CODE})
    os.utime(root / "learner-01" / "03 a.py", (2_000_000_000, 2_000_000_000))
    (answer,), _ = taken(root)
    assert answer.path == "learner-01/03 a.py"


def test_an_only_file_answers_the_only_exercise_that_is_asked_for(folders: Folders) -> None:
    root = folders({"learner-01/final version.py": CODE, "learner-02/a.py": CODE, "learner-02/b.py": CODE})
    answers, notes = taken(root, "03_partial_unfreeze")
    assert told(answers) == [("learner-01", "03")]
    assert [(note.topic, note.learner) for note in notes] == [(Topic.EMPTY, "learner-02")]
    answers, notes = taken(root)
    assert answers == []
    assert {note.topic for note in notes} == {Topic.EMPTY}


def test_a_learner_without_anything_to_grade_is_noted(folders: Folders) -> None:
    _, notes = taken(folders({"learner-01/03.py": CODE, "learner-02/essay.txt": "I tried"}))
    assert [(note.topic, note.learner) for note in notes] == [(Topic.EMPTY, "learner-02")]


def test_a_learners_own_zip_is_looked_into_once(folders: Folders) -> None:
    inner = zipped({"work/03_partial_unfreeze.py": CODE})
    root = folders({
        "learner-01/all.zip": inner,
        "learner-02/all.zip": zipped({"deeper.zip": inner, "04.py": CODE}),
    })  # fmt: skip
    answers, _ = taken(root)
    assert told(answers) == [("learner-01", "03"), ("learner-02", "04")]
    assert answers[0].path == "learner-01/all.zip/work/03_partial_unfreeze.py"
    assert answers[0].code is not None
    assert answers[0].code.source == CODE.encode()


@pytest.mark.parametrize("name", ["Learner One_7_assignsubmission_file_all.zip", "onelearner_LATE_102_901_all.zip"])
def test_a_zip_among_a_platforms_files_is_looked_into(folders: Folders, name: str) -> None:
    answers, _ = taken(folders({name: zipped({"work/03_partial_unfreeze.py": CODE})}))
    assert [(answer.number, answer.exercise[:2]) for answer in answers] in ([("7", "03")], [("102", "03")])


def test_a_zip_of_zips_is_read_without_unpacking_anything(tmp_path: Path) -> None:
    inner = zipped({"03_partial_unfreeze.py": CODE})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "moodle.zip").write_bytes(
        zipped({f"Learner {n}_{n}_assignsubmission_file_/work.zip": inner for n in range(3)})
    )
    answers, _ = taken(tmp_path / "in" / "moodle.zip")
    assert told(answers) == [(f"Learner {n}", "03") for n in range(3)]
    assert [answer.number for answer in answers] == ["0", "1", "2"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "moodle.zip"]


def test_two_people_of_one_name_are_told_apart(folders: Folders) -> None:
    names = [f"Learner One_{number}_assignsubmission_file_/03.py" for number in (1, 2)]
    answers, _ = taken(folders(dict.fromkeys(names, CODE)))
    assert [answer.learner for answer in answers] == ["Learner One (1)", "Learner One (2)"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../03_partial_unfreeze.py", "leads out of the archive"),
        ("/etc/03_partial_unfreeze.py", "leads out of the archive"),
        ("C:/03_partial_unfreeze.py", "leads out of the archive"),
        ("..\\03_partial_unfreeze.py", "leads out of the archive"),
    ],
)
def test_a_name_that_leads_out_of_an_archive_is_refused(folders: Folders, name: str, reason: str) -> None:
    (answer,), _ = taken(folders({"learner-01/all.zip": zipped({name: CODE})}))
    assert answer.code is None
    assert reason in answer.refusal


@pytest.mark.parametrize(("mode", "reason"), [(0o120777, "it is a link"), (0o020666, "not a regular file")])
def test_links_and_devices_in_an_archive_are_refused(folders: Folders, mode: int, reason: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        entry = zipfile.ZipInfo("03_partial_unfreeze.py")
        entry.external_attr = mode << 16
        archive.writestr(entry, "/etc/passwd")
    (answer,), _ = taken(folders({"learner-01/all.zip": held.getvalue()}))
    assert (answer.code, reason in answer.refusal) == (None, True)


def test_links_and_pipes_in_a_folder_are_refused_and_never_followed(folders: Folders, tmp_path: Path) -> None:
    root = folders({"learner-01/04.py": CODE})
    (root / "learner-01" / "03_partial_unfreeze.py").symlink_to("/etc/passwd")
    os.mkfifo(root / "learner-01" / "07_confusion_analysis.py")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "08.py").write_text(CODE)
    (root / "learner-01" / "more").symlink_to(outside)
    answers, _ = taken(root)
    assert [(a.exercise[:2], a.refusal) for a in answers] == [
        ("03", "The file was not opened: it is a link."),
        ("04", ""),
        ("07", "The file was not opened: it is not a regular file."),
    ]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(folders: Folders) -> None:
    bomb = zipped({"03_partial_unfreeze.py": b"#" * (300 << 20)})
    answers, notes = taken(folders({"learner-01/all.zip": bomb, "learner-02/03.py": CODE}))
    assert told(answers) == [("learner-02", "03")]
    assert notes[0].topic is Topic.REFUSED
    assert "as a zip bomb does" in notes[0].text


def test_an_entry_that_lies_about_its_size_is_cut_off(folders: Folders) -> None:
    honest = zipped({"03_partial_unfreeze.py": os.urandom(4 << 20)})
    size = (4 << 20).to_bytes(4, "little")
    (answer,), _ = taken(folders({"learner-01/all.zip": honest.replace(size, (9).to_bytes(4, "little"))}))
    assert answer.code is None
    assert "damaged" in answer.refusal or "unpacks to more" in answer.refusal


def test_too_many_files_too_large_a_file_a_damaged_and_an_encrypted_one(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.batch.intake.archive.ENTRIES_CAP", 10)
    encrypted = bytearray(zipped({"03_partial_unfreeze.py": CODE}))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(sign) + place] |= 1
    answers, notes = taken(folders({
        "learner-01/all.zip": zipped({f"{n}.txt": "" for n in range(11)}),
        "learner-02/all.zip": b"PK nonsense",
        "learner-03/all.zip": bytes(encrypted),
        "learner-04/03.py": os.urandom((1 << 20) + 1),
    }))  # fmt: skip
    assert [note.text.partition(": ")[2] for note in notes if note.topic is Topic.REFUSED] == [
        "it holds 11 files, and 10 are allowed.",
        "it is not a zip file that can be read (File is not a zip file).",
    ]
    assert [(answer.learner, answer.refusal) for answer in answers] == [
        ("learner-03", "The file was not opened: it is encrypted."),
        ("learner-04", "The file was not opened: it has 1,048,577 bytes, and 1,048,576 are allowed."),
    ]


def test_a_damaged_notebook_is_refused_with_a_reason_and_an_empty_file_is_graded(folders: Folders) -> None:
    answers, _ = taken(folders({"learner-01/03.ipynb": b"{nonsense", "learner-02/03.py": b""}))
    assert answers[0].code is None
    assert "is not a Jupyter notebook" in answers[0].refusal
    assert answers[1].code is not None
    assert answers[1].code.source == b""


def test_what_is_of_another_kind_than_its_exercise_is_no_answer(folders: Folders) -> None:
    _, notes = taken(folders({"learner-04/09_adaptation_note.py": CODE, "learner-04/03_notes.md": "# thoughts"}))
    assert [(note.topic, note.learner) for note in notes] == [(Topic.EMPTY, "learner-04")]


def test_equal_code_has_one_fingerprint_whatever_surrounds_it(folders: Folders) -> None:
    other = json.loads(notebook("a = 1", "b = 2"))
    other["cells"].insert(1, {"cell_type": "markdown", "metadata": {}, "source": "words"})
    answers, _ = taken(folders({
        "learner-01/03.ipynb": notebook("a = 1", "b = 2"),
        "learner-02/03.ipynb": json.dumps(other).encode(),
        "learner-03/03.ipynb": notebook("a = 1\n\nb = 2"),
        "learner-04/03.py": "a = 1\n\nb = 2\n",
        "learner-05/03.py": "a = 1\n\nb = 2\n",
    }))  # fmt: skip
    keys = [fingerprint(answer.code) for answer in answers if answer.code]
    assert keys[0] == keys[1]
    assert keys[3] == keys[4]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("files", "sentence"),
    [({}, "There is no folder or archive"), ({"03.py": CODE}, "No learner's files were found")],
)
def test_what_holds_no_learners_is_a_usage_error(folders: Folders, files: dict[str, str], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        taken(folders(files))


def test_names_from_outside_are_harmless_to_look_at(folders: Folders) -> None:
    (answer,), _ = taken(folders({"le\x1b[31marner/03_partial\nunfreeze.py": CODE}))
    assert answer.learner.startswith("le\\x1b[31marner ~")
    assert answer.path == "le\\x1b[31marner/03_partial\\nunfreeze.py"
