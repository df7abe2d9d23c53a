"""What goes wrong around a run is tried again, is never the learner's, and stops nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from grader.batch import judge as judges
from grader.batch import observing
from grader.batch.executor import Local
from grader.batch.intake import read_here, survey, take_in
from grader.batch.journal import BatchJob, Ledger
from grader.batch.observing import TRIES, Observer, Task
from grader.batch.packing import unpack
from grader.course import exercises, version
from grader.errors import CourseFault, SandboxFault, UsageError
from grader.isolate.wall import Demand
from grader.notebook import Source
from grader.records import Ending, Evidence, Grade, Interruption, Wall
from grader.records.cohort import Ungraded

LIGHT = "08_choose_depth"
TASK = Task(exercise=LIGHT, key="k", code=Source(source=b"x = 1\n"), seed=5, course="1")
EVIDENCE = Evidence(
    submission_sha256="", exercise=LIGHT, seed=5, plan={}, facts={}, arrays={}, crash=None, interruptions=(),
    console="", seconds=0.0, peak_mb=0.0, wall=Wall(level="A", summary=""), versions={},
)  # fmt: skip
KILLED = msgspec.structs.replace(
    EVIDENCE, interruptions=(Interruption(part="p", ending=Ending.KILLED, seconds=0.0, detail="SIGKILL"),)
)


class Fake:
    """A sandbox that only remembers who has it."""

    made: list[Fake]
    """All that were opened, not counting twins."""

    def __init__(self) -> None:
        self.twins: list[Fake] = []
        self.closed = self.lost = False

    def twin(self) -> Fake:
        if self.lost:
            raise SandboxFault("it ended")
        self.twins.append(Fake())
        return self.twins[-1]

    def close(self) -> None:
        self.closed = True


Script = Callable[..., tuple[Observer, list[Fake]]]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Let runs end as they are told, one after the other; return the observer and the sandboxes that were used."""

    def write(*ends: Evidence | Exception | Callable[[Fake], Exception]) -> tuple[Observer, list[Fake]]:
        told: Iterator[Any] = iter(ends)
        used: list[Fake] = []
        opened: list[Fake] = []

        def open_sandbox(*_: object, **__: object) -> Fake:
            opened.append(Fake())
            return opened[-1]

        def observe(_submission: object, _exercise: object, sandbox: Fake, _seed: int) -> Evidence:
            assert not sandbox.closed
            used.append(sandbox)
            end = next(told)
            end = end(opened[-1]) if callable(end) else end
            if isinstance(end, Exception):
                raise end
            return end

        monkeypatch.setattr(observing, "open_sandbox", open_sandbox)
        monkeypatch.setattr(observing.pipeline, "observe", observe)
        Fake.made = opened
        return Observer([LIGHT]), used

    return write


def test_a_lost_sandbox_is_replaced_and_the_task_begun_again(script: Script) -> None:
    observer, used = script(SandboxFault("it ended"), EVIDENCE, EVIDENCE)
    assert unpack(observer.observe(TASK).packed) == EVIDENCE
    assert used[0].closed
    observer.observe(TASK)
    assert used[2] is used[1], "a sandbox that works is lent again"
    assert len(Fake.made) == 1


def test_when_all_sandboxes_are_lost_the_first_is_started_anew(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    returned_meanwhile = Fake()

    def lose_all(mother: Fake) -> Exception:
        mother.lost = True
        monkeypatch.setattr(mother, "close", lambda: observer._idle.put(returned_meanwhile))
        return SandboxFault("it ended")

    observer, used = script(lose_all, EVIDENCE)
    assert observer.observe(TASK).fault == ""
    assert len(Fake.made) == 2
    assert used[1] in Fake.made[1].twins
    assert returned_meanwhile.closed


def test_a_task_that_always_loses_its_sandbox_is_a_fault(script: Script) -> None:
    observer, used = script(*[SandboxFault("it ended\n::error::")] * TRIES)
    seen = observer.observe(TASK)
    assert seen.packed == b""
    assert seen.fault == "it ended\\n\N{PROPORTION}error::"
    assert len(used) == TRIES
    assert all(sandbox.closed for sandbox in used)


def test_a_worker_killed_by_somebody_is_tried_again_and_one_that_kills_itself_is_believed(script: Script) -> None:
    observer, used = script(KILLED, EVIDENCE, *[KILLED] * TRIES)
    assert unpack(observer.observe(TASK).packed) == EVIDENCE
    assert unpack(observer.observe(TASK).packed) == KILLED
    assert len(used) == 2 + TRIES


@pytest.mark.parametrize(
    ("error", "told"),
    [(CourseFault("The plan is broken."), "The plan is broken."), (ZeroDivisionError("oh"), "ZeroDivisionError: oh")],
)
def test_a_fault_of_ours_comes_back_as_such_at_once(script: Script, error: Exception, told: str) -> None:
    observer, used = script(error)
    assert observer.observe(TASK).fault == told
    assert len(used) == 1


def test_a_closed_observer_starts_nothing_more(script: Script) -> None:
    def lose_all(mother: Fake) -> Exception:
        mother.lost = True
        observer.close()
        return SandboxFault("it ended")

    observer, _ = script(lose_all)
    assert observer.observe(TASK).fault == "it ended"
    assert len(Fake.made) == 1


@pytest.mark.parametrize(
    ("level", "weaker_wall", "refused"),
    [("A", False, ""), ("B", False, "--weaker-wall grades all the same"), ("C", False, "--weaker-wall"),
     ("D", False, "until they do"), ("B", True, ""), ("C", True, ""), ("D", True, "until they do")],
)  # fmt: skip
def test_a_batch_needs_level_a_or_a_word_and_never_runs_behind_false_walls(
    level: str, *, weaker_wall: bool, refused: str
) -> None:
    demand = Demand.for_cohort(weaker=weaker_wall)
    wall = Wall(level=level, summary="", missing=("the network is open",) if level != "A" else ())
    if not refused:
        demand.expect(wall)
        return
    with pytest.raises(UsageError, match=rf"of level {level} here \(the network is open\).*{refused}"):
        demand.expect(wall)


@pytest.mark.parametrize(("level", "weaker"), [(level, weaker) for level in "ABCD" for weaker in (False, True)])
def test_a_learner_needs_walls_that_do_what_they_say_or_a_word(level: str, *, weaker: bool) -> None:
    demand = Demand.for_own(weaker=weaker)
    wall = Wall(level=level, summary="", missing=("the network is open",))
    if level == "D" and not weaker:
        with pytest.raises(
            UsageError, match=r"do not hold on this machine \(the network is open\), so nothing was run"
        ):
            demand.expect(wall)
    else:
        demand.expect(wall)


def test_an_evidence_that_breaks_a_check_leaves_the_rest_of_its_block_graded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, grade: Any, folders: Any, right: str
) -> None:
    whole = judges.judge_all

    def judge_all(exercise: Any, seen: Any) -> list[Grade]:
        if any(b"fragile" in submission.source for submission, _ in seen):
            raise ZeroDivisionError
        return whole(exercise, seen)

    root = folders({f"learner-{n}/{LIGHT}.py": f"# {n} {'fragile' * (n == 1)}\n{right}" for n in range(3)})
    with Ledger.open(tmp_path / "results", 5) as ledger:
        ledger.use_course(version())
        ledger.receive(root, take_in(survey(root), [exercises()[LIGHT]], read_here))
        monkeypatch.setattr(judges, "judge_all", judge_all)
        results = dict(grade(ledger))
        assert sorted(type(result).__name__ for result in results.values()) == ["Grade", "Grade", "Ungraded"]
        monkeypatch.undo()
        ledger.forget_faults()
        assert ledger.count() == (0, 1), "the evidence is kept"
        grade(ledger)
        assert [row.points for row in ledger.rows()] == [8, 8, 8]


def test_damaged_evidence_is_told_and_run_again_when_asked(
    tmp_path: Path, grade: Any, folders: Any, right: str
) -> None:
    root = folders({f"learner-1/{LIGHT}.py": right})
    with Ledger.open(tmp_path / "results", 5) as ledger:
        ledger.use_course(version())
        ledger.receive(root, take_in(survey(root), [exercises()[LIGHT]], read_here))
        (job,) = ledger.jobs()
        ledger.add_evidence(job, b"\0" * 100)
        ((_, result),) = grade(ledger)
        assert isinstance(result, Ungraded)
        assert "is damaged" in result.fault
        ledger.forget_faults()
        assert ledger.count() == (1, 0)


def test_local_sandboxes_work_side_by_side_and_leave_nothing_behind() -> None:
    tasks = [msgspec.structs.replace(TASK, key=str(n), code=Source(source=f"n = {n}\n".encode())) for n in range(6)]
    before = set(psutil.Process().children(recursive=True))
    executor = Local([LIGHT], 2)
    Demand.for_cohort(weaker=False).expect(executor.wall())
    seen = [each for come in executor.run(iter(tasks)) for each in come]
    started = set(psutil.Process().children(recursive=True)) - before
    assert len(started) >= 3, "one sandbox and a twin for each thread"
    assert sorted(each.key for each in seen) == list("012345")
    assert all(unpack(each.packed).ending is Ending.FINISHED for each in seen)
    assert executor.running() == []
    executor.close()
    assert not psutil.wait_procs(list(started), timeout=10)[1]


def test_a_job_is_named_after_those_who_handed_it_in(tmp_path: Path, folders: Any) -> None:
    root = folders({f"learner-{n}/{LIGHT}.py": "x = 1\n" if n < 3 else "y = 2\n" for n in range(4)})
    with Ledger.open(tmp_path / "results", 5) as ledger:
        ledger.use_course("1")
        ledger.receive(root, take_in(survey(root), [exercises()[LIGHT]], read_here))
        names = {ledger.who(BatchJob(row.exercise, row.key)) for row in ledger.rows()}
    assert names == {"learner-0 and 2 more", "learner-3"}
