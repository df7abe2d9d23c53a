"""The journal: what is written is there after any end, one writes at a time, and other files are left alone."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader import course
from grader.batch.intake import Handin
from grader.batch.journal import BatchJob, Journal, Ledger, Scope
from grader.batch.judge import judge_here
from grader.batch.judging import task_of
from grader.batch.late import LatePolicy, LateRule
from grader.batch.packing import DamagedEvidence, pack, unpack
from grader.batch.rejudge import rejudge, write
from grader.errors import GraderFault, UsageError
from grader.notebook import Source
from grader.records import Grade, Standing
from grader.records.cohort import Clock, Learner, Note, Refused, Topic, Ungraded

LIGHT = "08_choose_depth"
WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
Run = Callable[[Ledger], list[Any]]


def answer(learner: str, source: str = "x = 1\n", exercise: str = LIGHT, refusal: str = "") -> Handin:
    code = None if refusal else Source(source=source.encode())
    return Handin(learner, "", exercise, f"{learner}/{exercise}.py", WHEN, Clock.FILE, code, refusal)


@contextmanager
def ledger(folder: Path, *handed_in: Handin | Note, seed: int | None = 5, origin: str = "week-1") -> Iterator[Ledger]:
    with Ledger.open(folder, seed) as opened:
        opened.use_course(course.version())
        if handed_in:
            opened.receive(Path(origin), handed_in, forgets=True)
        yield opened


def learners(folder: Path) -> list[str]:
    with Journal.read(folder) as journal:
        return [row.learner for row in journal.rows()]


def test_rows_come_learner_by_learner_with_what_became_of_them(
    tmp_path: Path, grade: Run, here: Any, right: str
) -> None:
    answers = [answer("learner-02", right), answer("learner-01", right), answer("learner-03", refusal="It is a link.")]
    with ledger(tmp_path, *answers, answer("learner-04", "raise Exception")) as opened:
        opened.limit(Scope(learners=["learner-01", "learner-02"]))
        grade(opened)
    assert len(here.ran) == 1, "what two handed in alike is run once"
    with Journal.read(tmp_path) as journal:
        first, second, third, fourth = journal.rows()
        assert isinstance(first.result, Grade)
        assert first.points == 8
        assert (first.result.learner, first.result.path) == ("learner-01", "learner-01/08_choose_depth.py")
        assert isinstance(second.result, Grade)
        assert (second.result.learner, second.key) == ("learner-02", first.key)
        assert third.result == Refused(reason="It is a link.")
        assert fourth.result is None
        evidence = journal.evidence(first)
        assert evidence is not None
        assert journal.seed == 5
        assert evidence.seed == journal.seed_of(BatchJob(LIGHT, first.key)) != 5
        assert journal.evidence(fourth) is None
        assert journal.code(first.key).source == right.encode()
        assert [row.learner for row in journal.rows(learners=["learner-02"], exercises=[LIGHT])] == ["learner-02"]
        assert list(journal.rows(exercises=["03_partial_unfreeze"])) == []


def test_a_second_run_grades_only_what_changed(tmp_path: Path, grade: Run, here: Any, right: str, stub: str) -> None:
    with ledger(tmp_path, answer("learner-01", right), answer("learner-02", stub)) as opened:
        grade(opened)
    with ledger(tmp_path, answer("learner-01", right), answer("learner-02", stub + "\n")) as opened:
        assert opened.count() == (1, 0)
        grade(opened)
        assert opened.count() == (0, 0)
    assert len(here.ran) == 3


def test_a_new_version_of_the_course_asks_for_everything_anew(tmp_path: Path, grade: Run, right: str) -> None:
    with ledger(tmp_path, answer("learner-01", right)) as opened:
        grade(opened)
        opened.use_course("2099.1")
        assert opened.count() == (1, 0)
        assert [row.result for row in opened.rows()] == [None]


def test_an_older_course_never_takes_a_newer_ones_marks_back(tmp_path: Path, grade: Run, right: str) -> None:
    with ledger(tmp_path, answer("learner-01", right)) as opened:
        opened.use_course("2100.2")
        grade(opened)
        kept = [row.result for row in opened.rows()]
        for older in ("2100.1", "2099.10", course.version()):
            with pytest.raises(UsageError, match=f"version 2100.2 of the course, which is newer than .* {older}"):
                opened.use_course(older)
        with pytest.raises(UsageError, match="which is newer"):
            list(rejudge(opened, opened.course, judge_here))
        with pytest.raises(UsageError, match="which is newer"):
            list(write(opened, judge_here))
        assert [row.result for row in opened.rows()] == kept != [None]
        opened.use_course("2100.10")


def test_what_an_earlier_course_observed_is_never_judged_by_checks_that_read_other_facts(
    tmp_path: Path, grade: Run, right: str
) -> None:
    with ledger(tmp_path, answer("learner-01", right)) as opened:
        opened._tell("course", "1.9")
        grade(opened)
        kept = [row.result for row in opened.rows()]
        with pytest.raises(UsageError, match=r"version 1\.9 of the course observed\. Since version \d+\.\d+"):
            list(rejudge(opened, opened.course, judge_here))
        with pytest.raises(UsageError, match="cannot be judged again"):
            list(write(opened, judge_here))
        assert opened.course == "1.9"
        assert [row.result for row in opened.rows()] == kept != [None]
        opened.expect_judgeable("1.9")
        opened.use_course("2.0")
        with pytest.raises(UsageError, match=r"version 1\.9 of the course observed\. Since version 2\.0"):
            opened.expect_judgeable("2.0")


def test_what_was_observed_and_not_judged_is_only_judged(tmp_path: Path, grade: Run, here: Any, right: str) -> None:
    with ledger(tmp_path, answer("learner-01", right)) as opened:
        (job,) = opened.jobs()
        ((seen,),) = here.run(iter([task_of(opened, job)]))
        opened.add_evidence(job, seen.packed)
    with ledger(tmp_path) as opened:
        assert opened.count() == (0, 1)
        grade(opened)
        assert [row.points for row in opened.rows()] == [8]
    assert len(here.ran) == 1


def test_a_fault_is_ungraded_and_tried_again_only_when_asked(tmp_path: Path, grade: Run, here: Any, right: str) -> None:
    here.fault = "The sandbox is gone."
    with ledger(tmp_path, answer("learner-01", right)) as opened:
        grade(opened)
    here.fault = ""
    with ledger(tmp_path) as opened:
        assert grade(opened) == []
        (row,) = opened.rows()
        assert (row.result, row.points) == (Ungraded(fault="The sandbox is gone."), None)
        opened.limit(Scope(learners=["learner-02"]))
        opened.forget_faults()
        assert opened.count() == (0, 0)
        opened.limit(Scope())
        opened.forget_faults()
        grade(opened)
        assert [row.points for row in opened.rows()] == [8]


def test_the_seed_is_drawn_once_and_another_one_is_refused(tmp_path: Path) -> None:
    with ledger(tmp_path, seed=None) as opened:
        drawn, fresh = opened.seed, opened.fresh
    assert fresh
    with ledger(tmp_path, seed=None) as opened:
        assert opened.seed == drawn
    with ledger(tmp_path, seed=drawn):
        pass
    with pytest.raises(UsageError, match=f"holds grades of seed {drawn}"), ledger(tmp_path, seed=drawn + 1):
        pass


def test_each_submission_has_a_seed_that_nobody_can_tell_from_anothers(tmp_path: Path) -> None:
    jobs = [BatchJob(exercise, key) for exercise in (LIGHT, "03_partial_unfreeze") for key in ("k", "k2", "l")]
    with ledger(tmp_path / "first", seed=None) as opened, ledger(tmp_path / "second", seed=opened.seed) as again:
        seeds = [opened.seed_of(job) for job in jobs]
        assert seeds == [again.seed_of(job) for job in jobs], "staff can repeat a batch"
        assert len({*seeds, opened.seed}) == len(jobs) + 1
        assert all(0 <= seed < 2**31 < opened.seed for seed in seeds)
    with ledger(tmp_path / "third", seed=None) as other:
        assert not {other.seed_of(job) for job in jobs} & {*seeds}


def test_where_an_earlier_grader_had_one_seed_for_everybody_new_answers_have_their_own(
    tmp_path: Path, grade: Run, right: str
) -> None:
    with ledger(tmp_path, answer("learner-01", right), seed=None) as opened:
        opened._connection.execute("UPDATE batch SET name = 'seed', value = '77' WHERE name = 'secret'")
    with Journal.read(tmp_path) as journal:
        assert journal.seed == 77
    with ledger(tmp_path, seed=None) as opened:
        (job,) = opened.jobs()
        assert opened.seed > 2**31
        grade(opened)
        assert opened.fresh
        assert task_of(opened, job).seed == opened.seed_of(job) != 77


@pytest.mark.parametrize(("seed", "standing"), [(None, Standing.RECORD), (5, Standing.PRACTICE)])
def test_a_mark_of_record_needs_a_seed_that_nobody_knew(
    tmp_path: Path, grade: Run, right: str, seed: int | None, standing: Standing
) -> None:
    with ledger(tmp_path, answer("learner-01", right), seed=seed) as opened:
        grade(opened)
        (row,) = opened.rows()
        assert isinstance(row.result, Grade)
        assert row.result.evidence.wall.level == "A", "this machine's walls"
        assert row.result.standing is standing


def test_two_downloads_share_a_journal_and_each_replaces_its_own(tmp_path: Path) -> None:
    with ledger(tmp_path, answer("learner-01"), answer("learner-02")):
        pass
    with ledger(tmp_path, answer("learner-01", exercise="03_partial_unfreeze"), origin="week-2"):
        pass
    assert learners(tmp_path) == ["learner-01", "learner-01", "learner-02"]
    with ledger(tmp_path, answer("learner-02")):
        pass
    assert learners(tmp_path) == ["learner-01", "learner-02"]
    with ledger(tmp_path, answer("learner-02", "y = 2\n"), origin="week-1-again"):
        pass
    with Journal.read(tmp_path) as journal:
        assert [journal.code(row.key).source for row in journal.rows(exercises=[LIGHT])] == [b"y = 2\n"]


def test_two_folders_of_one_learner_are_noted(tmp_path: Path) -> None:
    with ledger(tmp_path, answer("learner-01"), answer("learner-01", "y = 2\n")):
        pass
    with Journal.read(tmp_path) as journal:
        assert [note.topic for note in journal.notes()] == [Topic.LEFT_ASIDE]


def test_missing_and_unknown_learners_are_told_from_the_roster(tmp_path: Path) -> None:
    empty = Note(topic=Topic.EMPTY, learner="learner-04", text="…")
    roster = [Learner(learner=f"learner-0{n}", cells={"id": str(n)}) for n in (3, 1)]
    with ledger(tmp_path, answer("learner-01"), answer("learner-02"), empty) as opened:
        assert list(opened.notes()) == [empty]
        opened.keep_roster(roster)
    with Journal.read(tmp_path) as journal:
        assert [(note.topic, note.learner) for note in journal.notes()] == [
            (Topic.MISSING, "learner-03"),
            (Topic.UNKNOWN, "learner-02"),
            (Topic.EMPTY, "learner-04"),
        ]
        assert [(each.learner, each.cells) for each in journal.learners()] == [
            ("learner-01", {"id": "1"}),
            ("learner-03", {"id": "3"}),
        ]


def test_the_late_policy_is_kept_and_raw_points_stay_in_the_grade(tmp_path: Path, grade: Run, right: str) -> None:
    with ledger(tmp_path, answer("learner-01", right)) as opened:
        grade(opened)
        opened.keep_policy(
            LatePolicy(kind=LateRule.PERCENTAGE, penalty=25, deadline=datetime(2026, 11, 18, 12, tzinfo=UTC))
        )
    with ledger(tmp_path) as opened:
        (row,) = opened.rows()
        assert isinstance(row.result, Grade)
        assert row.late is not None
        assert (row.result.earned, row.late.days, row.late.deducted, row.points) == (8, 2, 4, 4)
        opened.keep_policy(LatePolicy(kind=LateRule.NONE, deadline=WHEN))
        assert [row.points for row in opened.rows()] == [8]


def test_a_second_writer_is_refused_a_reader_is_not_and_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom grader.batch.journal import Ledger\n"
        "with Ledger.open(Path(sys.argv[1]), 5) as ledger:\n"
        "    ledger.use_course('1')\n    print('open', flush=True)\n    time.sleep(60)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    with other.stdout:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(UsageError, match=r"Another batch is writing in .* name another folder"), ledger(tmp_path):
            pass
        with Journal.read(tmp_path) as journal:
            assert journal.seed == 5
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    with ledger(tmp_path) as opened:
        assert opened.seed == 5


def spoil(folder: Path, how: str) -> None:
    """Make the journal in a folder into something that it should not be."""
    path = folder / "journal.sqlite"
    with ledger(folder, *(answer(f"learner-{n}", f"x = {n}\n") for n in range(500))):
        pass
    if how == "text":
        path.write_text("learner,points\n" * 1000)
    elif how == "torn":
        path.write_bytes(path.read_bytes()[:9000])
    elif how == "scribbled":
        content = bytearray(path.read_bytes())
        content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
        path.write_bytes(bytes(content))
    else:
        with sqlite3.connect(path, isolation_level=None) as connection:
            connection.execute({"newer": "PRAGMA user_version = 99", "foreign": "PRAGMA application_id = 7"}[how])
        connection.close()


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("text", "is damaged or not a journal"),
        ("torn", "is damaged or not a journal"),
        ("scribbled", "is damaged or not a journal"),
        ("newer", "was written by a newer grader"),
        ("foreign", "is another program's database"),
    ],
)
def test_a_file_that_is_no_sound_journal_is_refused_and_left_as_it_is(tmp_path: Path, how: str, sentence: str) -> None:
    spoil(tmp_path, how)
    before = (tmp_path / "journal.sqlite").read_bytes()
    with pytest.raises(UsageError, match=sentence), ledger(tmp_path):
        pass
    with pytest.raises(UsageError, match=sentence), Journal.read(tmp_path) as journal:
        list(journal.rows())
    assert (tmp_path / "journal.sqlite").read_bytes() == before


def test_damage_that_shows_only_later_is_a_sentence_too(tmp_path: Path) -> None:
    with ledger(tmp_path, answer("learner-01")):
        pass
    with pytest.raises(UsageError, match="is damaged or not a journal"), Journal.read(tmp_path):
        raise sqlite3.DatabaseError("database disk image is malformed")


def test_a_full_disk_is_our_fault_and_keeps_what_was_written(tmp_path: Path) -> None:
    def fill() -> None:
        with ledger(tmp_path, answer("learner-01")) as opened:
            opened._connection.execute("PRAGMA max_page_count = 20")
            opened.receive(Path("week-2"), (answer(f"learner-{n}", f"{n}" * 5000) for n in range(100)))

    with pytest.raises(GraderFault, match=r"disk is full. What was graded before is kept"):
        fill()
    assert learners(tmp_path) == ["learner-01"]


def test_no_journal_and_a_folder_that_cannot_be_made_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no journal in"), Journal.read(tmp_path):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be made"), ledger(tmp_path / "file" / "results"):
        pass


def test_an_intake_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    def torn() -> Iterator[Handin]:
        yield answer("learner-02")
        raise UsageError("…")

    with ledger(tmp_path, answer("learner-01")):
        pass
    with pytest.raises(UsageError), ledger(tmp_path) as opened:
        opened.receive(Path("week-1"), torn())
    assert learners(tmp_path) == ["learner-01"]


def test_evidence_comes_back_as_it_was_and_damage_to_it_is_told(tmp_path: Path, grade: Run, right: str) -> None:
    with ledger(tmp_path, answer("learner-01", right)) as opened:
        grade(opened)
        (job,) = opened.observed()
        packed = opened.packed(job)
    again = unpack(packed)
    assert pack(again) == packed
    assert msgspec.structs.replace(again, arrays={}) == msgspec.structs.replace(unpack(pack(again)), arrays={})
    for damaged in (b"", b"short", packed[:200], packed.replace(b'"wall', b'"well'), b"\xff" * 500):
        with pytest.raises(DamagedEvidence, match="is damaged"):
            unpack(damaged)
