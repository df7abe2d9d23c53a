"""The commands over a journal: what they write, what they print, and what they refuse."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import course
from grader.batch.intake import Handin, fingerprint
from grader.batch.journal import BatchJob, Ledger
from grader.batch.late import LatePolicy, LateRule
from grader.cli import app
from grader.errors import UsageError
from grader.notebook import Source
from grader.records.cohort import Clock, Learner
from tests.cohort.pretend import MOMENT, SLUG, grade
from tests.similarity.writers import independent

OTHER = "07_confusion_analysis"


def answer(learner: str, number: int, exercise: str = SLUG) -> Handin:
    source = Source(source=f"{learner}_{exercise} = 1\n".encode())
    return Handin(learner, str(number), exercise, f"{learner}/{exercise}.py", MOMENT, Clock.FILE, source, "")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A journal of three learners: full marks a day late, some points, and a fault of ours."""
    folder = tmp_path / "results"
    answers = [answer(name, place) for place, name in enumerate(("adele", "boris", "celia"), 501)]
    answers.append(answer("adele", 501, OTHER))
    with Ledger.open(folder) as ledger:
        ledger.use_course(course.version())
        ledger.keep_roster(
            [Learner(learner=name, cells={"login": f"{name}1"}) for name in ("adele", "boris", "celia", "zelda")]
        )
        ledger.keep_policy(LatePolicy(kind=LateRule.CONSTANT, penalty=2, deadline=MOMENT.replace(hour=1)))
        ledger.receive(tmp_path, answers)
        jobs = [BatchJob(each.exercise, fingerprint(each.code)) for each in answers if each.code]
        ledger.add_grades(
            [(jobs[0], grade("+" * 15)), (jobs[1], grade("+" * 4 + "-" * 11)), (jobs[3], grade("+-", exercise=OTHER))]
        )
        ledger.add_fault(jobs[2], "The sandbox stopped answering.")
    return folder


def test_cohort_writes_the_page_and_everybodys_feedback(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(["cohort", str(results)]) == 0
    assert "is about 3 learners" in capsys.readouterr().out
    page = (results / "cohort.html").read_text("utf-8")
    assert "The sandbox stopped answering." in page
    assert "On the roster, nothing handed in" in page
    assert sorted(path.name for path in (results / "feedback").iterdir()) == [
        f"{name}.{suffix}" for name in ("adele", "boris", "celia") for suffix in ("html", "md")
    ]
    assert "**13 of 15 points**" in (results / "feedback" / "adele.md").read_text("utf-8")


def test_an_anonymous_page_comes_without_feedback(results: Path) -> None:
    assert app(["cohort", str(results), "--anonymous"]) == 0
    page = (results / "cohort.html").read_text("utf-8")
    assert not any(name in page for name in ("adele", "boris", "celia", "zelda"))
    assert not (results / "feedback").exists()


def test_csv_goes_to_standard_output_or_a_file(
    results: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert app(["export", "csv", str(results)]) == 0
    printed = capfdbinary.readouterr().out
    assert app(["export", "csv", str(results), "--to", str(tmp_path / "all.csv")]) == 0
    assert (tmp_path / "all.csv").read_bytes() == printed
    lines = list(csv.DictReader(printed.decode().splitlines()))
    assert [(each["learner"], each["points"]) for each in lines] == [
        ("adele", "13"),
        ("adele", "0"),
        ("boris", "2"),
        ("celia", ""),
    ]
    app(["export", "csv", str(results), "--by-learner"])
    assert capfdbinary.readouterr().out.decode().splitlines() == [
        f"learner,{SLUG},{OTHER},points",
        "adele,13,0,13",
        "boris,2,,2",
        "celia,,,",
        "zelda,,,",
    ]


def test_json_ndjson_and_junit_can_be_limited_to_an_exercise(
    results: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    app(["export", "json", str(results), "--exercises", "07"])
    (row,) = json.loads(capfdbinary.readouterr().out)["rows"]
    assert row["exercise"] == OTHER
    app(["export", "ndjson", str(results), "--exercises", "07"])
    (line,) = capfdbinary.readouterr().out.splitlines()
    assert json.loads(line) == row
    app(["export", "junit", str(results), "--to", str(tmp_path / "junit.xml"), "--exercises", "03"])
    assert (tmp_path / "junit.xml").read_text("utf-8").count("<testsuite ") == 3


def gradebook(folder: Path, *lines: str) -> Path:
    path = folder / "gradebook.csv"
    header = f"Student,ID,SIS Login ID,Section,{SLUG} (7),Homework (8)\r\n"
    path.write_text(header + "".join(f"{line}\r\n" for line in lines), "utf-8", newline="")
    return path


FILLED = ('"A, Adele",1,adele1,X,,', '"B, Boris",2,boris1,X,1,', '"C, Celia",3,celia1,X,,', '"Z, Zelda",4,zelda1,X,,')


def test_canvas_is_filled_by_the_roster_and_says_who_got_nothing(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template, to = gradebook(tmp_path, *FILLED), tmp_path / "filled.csv"
    arguments = ["export", "canvas", str(results), "--template", str(template), "--to", str(to)]
    assert app([*arguments, "--exercises", "03"]) == 0
    assert to.read_bytes() == template.read_bytes().replace(b"adele1,X,", b"adele1,X,13").replace(
        b"boris1,X,1", b"boris1,X,2"
    )
    out = capsys.readouterr().out
    assert "has 2 marks; 1 of them replace another number." in out
    assert "celia, 03_partial_unfreeze: a fault of the grader" in out
    assert "handed in nothing (1):\n  Z, Zelda" in out
    assert app([*arguments, "--column", "07=8"]) == 0
    assert b"adele1,X,13,0" in to.read_bytes()


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ([], "no column for 07_confusion_analysis"),
        (["--exercises", "03", "--without", "nobody"], "--without names nobody"),
        (["--exercises", "03", "--column", "03"], "should say which column is whose"),
        (["--exercises", "77"], "There is no exercise"),
    ],
)
def test_what_cannot_be_filled_is_refused_and_nothing_is_written(
    results: Path, tmp_path: Path, extra: list[str], sentence: str
) -> None:
    template, to = gradebook(tmp_path, *FILLED), tmp_path / "filled.csv"
    with pytest.raises(UsageError, match=sentence):
        app(
            ["export", "canvas", str(results), "--template", str(template), "--to", str(to), *extra],
            exit_on_error=False,
        )
    assert not to.exists()


def test_the_template_is_never_written_over(results: Path, tmp_path: Path) -> None:
    template = gradebook(tmp_path, *FILLED)
    arguments = ["export", "canvas", str(results), "--template", str(template), "--to", str(template)]
    with pytest.raises(UsageError, match="the template itself"):
        app([*arguments, "--exercises", "03"], exit_on_error=False)


def test_whoever_left_the_course_can_be_left_out_by_name(results: Path, tmp_path: Path) -> None:
    template, to = gradebook(tmp_path, *FILLED[1:]), tmp_path / "filled.csv"
    arguments = ["export", "canvas", str(results), "--template", str(template), "--to", str(to), "--exercises", "03"]
    with pytest.raises(UsageError, match="not in the template: adele"):
        app(arguments, exit_on_error=False)
    assert app([*arguments, "--without", "adele"]) == 0


def test_moodle_is_filled_by_the_number_of_the_participant(results: Path, tmp_path: Path) -> None:
    template, to = tmp_path / "worksheet.csv", tmp_path / "filled.csv"
    header = "Identifier,Full name,Grade,Maximum Grade,Feedback comments\n"
    names = enumerate(("Adele", "Boris", "Celia", "Dora"), 501)
    template.write_text(header + "".join(f"Participant {n},{name},,15.00,\n" for n, name in names), "utf-8")
    arguments = ["export", "moodle", str(results), "--template", str(template), "--to", str(to), "--exercises", "03"]
    assert app([*arguments, "--comments", "Feedback comments"]) == 0
    lines = list(csv.reader(to.read_text("utf-8").splitlines()))
    assert [line[2] for line in lines] == ["Grade", "13", "2", "", ""]
    assert lines[1][4] == "Start with `backbone_blocks`."


def test_a_reader_that_has_enough_is_no_error(results: Path) -> None:
    script = "from grader.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", script, "export", "json", str(results)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert told == b""
    assert process.returncode == 0


def test_a_folder_without_a_journal_is_said_in_a_sentence(tmp_path: Path) -> None:
    for words in (["cohort"], ["export", "csv"], ["export", "json"]):
        with pytest.raises(UsageError, match="There is no journal"):
            app([*words, str(tmp_path)], exit_on_error=False)


def handed_in(folder: Path) -> Iterator[Path]:
    rng = random.Random(1)
    for place in range(12):
        path = folder / f"learner-{place:02}" / f"{SLUG}.py"
        path.parent.mkdir(parents=True)
        path.write_text(independent(rng), "utf-8")
        yield path


def test_similar_reads_submissions_and_results(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    *_, last = handed_in(tmp_path / "submissions")
    twin = tmp_path / "submissions" / "learner-12"
    twin.mkdir()
    (twin / last.name).write_bytes(last.read_bytes())
    assert app(["similar", "submissions", "--exercises", "03"]) == 0
    out = capsys.readouterr().out
    assert "03_partial_unfreeze: 13 submissions," in out
    assert "not a verdict on anybody" in out
    assert "learner-12" in Path("similar.html").read_text("utf-8")
    assert app(["similar", str(results)]) == 0
    assert "too few to know what is usual" in (capsys.readouterr().out)
    assert (results / "similar.html").is_file()
