"""What is told where there are no hidden checks: what was seen, and nothing about right or wrong."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader import course, courses, pipeline
from grader.discover import discover
from grader.errors import CourseFault, UsageError
from grader.isolate import Sandbox
from grader.judging.account import ANSWERED, RAISED_CAP, READ, _read
from grader.places import SOLUTIONS
from grader.records import Account, Exercise
from grader.wire.job import inside

Told = Callable[..., Account]


@pytest.fixture
def told(sandbox: Sandbox, tmp_path: Path, exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Tell what a source does whose questions are those of a handout without a judge."""
    draw = course.draw

    def practice(exercise: Exercise, seed: int) -> course.Drawn:
        plan, arrays = draw(exercise, seed)
        return {**plan, "tells_calls": True}, arrays

    monkeypatch.setattr(course, "draw", practice)
    pipeline._question._ask.cache_clear()

    def run(source: str, about: Exercise = exercise) -> Account:
        path = tmp_path / f"{about.slug}.py"
        path.write_text(source, "utf-8")
        submission = discover(path, learner="learner-01")
        return pipeline.tell(submission, about, pipeline.observe(submission, about, sandbox, 20_261))

    return run


def test_a_right_and_a_wrong_answer_are_told_alike(told: Told, solution: str) -> None:
    right = told(solution)
    wrong = told(solution.replace("parameter.numel()", "1"))
    for account in (right, wrong):
        assert account.next_step == ANSWERED
        assert account.is_complete
    assert [each.function for each in right.observations] == [each.function for each in wrong.observations]
    assert [each.said[0] for each in right.observations] == [each.said[0] for each in wrong.observations]


@pytest.mark.parametrize("slug", [slug for slug, each in course.exercises().items() if not each.is_note])
def test_every_function_of_every_exercise_is_told_of_and_no_key_of_ours(told: Told, slug: str) -> None:
    exercise = course.exercises()[slug]
    account = told((SOLUTIONS / f"{slug}.py").read_text("utf-8"), exercise)
    assert account.is_complete
    assert tuple(each.function for each in account.observations) == exercise.functions
    for each in account.observations:
        assert re.match(r"was asked \d+ questions?: \d+ answers?, \d+ exceptions?$", each.said[0]), each
        assert not re.search(r"returned|\b\w+/\w+|[✓✗]", " ".join(each.said)), each


def test_what_is_still_to_be_written_is_told_with_its_line(told: Told, solution: str) -> None:
    account = told(solution.replace("    sizes = {", "    raise NotImplementedError\n    sizes = {"))
    line = solution[: solution.index("    sizes = {")].count("\n") + 1
    assert [(each.line, each.said) for each in account.unfinished] == [
        (line, f"`trainable_by_depth` is still to be written (line {line}).")
    ]
    assert account.next_step == f"Start here: {account.unfinished[0].said}"
    assert not account.is_complete


def test_an_exception_may_be_the_right_answer_and_is_told_with_its_question(told: Told, solution: str) -> None:
    _, unfreeze, _ = told(solution).observations
    assert unfreeze.function == "partial_unfreeze"
    counted, *raised = unfreeze.said
    asked, returned, exceptions = map(int, re.findall(r"\d+", counted))
    assert asked == returned + exceptions
    assert exceptions > RAISED_CAP
    assert len(raised) == RAISED_CAP + 1
    assert re.match(r"`partial_unfreeze\((NarrowResNet|Bert\w+), -?\d+\)` raised ValueError: depth -?\d+", raised[0])
    assert re.fullmatch(r"and \d+ more raised something", raised[-1])


def test_a_function_that_is_not_there_is_told(told: Told, solution: str) -> None:
    account = told(solution.replace("def trainable_by_depth", "def trainable"))
    assert [each.said for each in account.unfinished] == ["Your file has no function named `trainable_by_depth`."]
    assert not account.is_complete


@pytest.mark.parametrize("claim", [None, [{"function": 3}], [{"function": "f", "question": "f()"}], {"a": "b"}])
def test_a_worker_may_claim_what_it_likes(claim: object) -> None:
    assert _read(claim) == ()


def test_an_import_that_fails_is_all_there_is_to_tell(told: Told) -> None:
    account = told("x = 1\nimport torhc\n")
    assert [(each.line, each.cell) for each in account.unfinished] == [(2, None)]
    assert {each.said for each in account.observations} == {("was not asked anything",)}


def test_what_a_function_returned_is_not_searched_for_answers(told: Told) -> None:
    account = told("def backbone_blocks(model):\n    return {'missing': 'my_function'}\n")
    assert "my_function" not in " ".join(each.said for each in account.unfinished)


def test_what_was_never_asked_is_not_answered(told: Told, solution: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.judging.account.CALLS", "no fact begins so")
    account = told(solution)
    assert not account.is_complete
    assert account.unfinished[0].said == "`backbone_blocks` was not asked anything."


def test_a_note_is_read() -> None:
    note = course.exercises()["09_adaptation_note"]
    submission = discover(SOLUTIONS / "09_adaptation_note.md", learner="learner-01", evidence=Path("example"))
    assert pipeline.tell(submission, note, pipeline.observe(submission, note, None, 0)).next_step == READ


def test_practice_plans_come_back_as_they_were_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for exercise in course.exercises().values():
        plan, arrays = course.draw(exercise, 7)
        folder = tmp_path / exercise.slug / "practice"
        folder.mkdir(parents=True)
        (folder / "7.safetensors").write_bytes(course.practice(exercise, 7))
        with monkeypatch.context() as patched:
            patched.setattr(courses._Choice, "used", replace(courses.current(), hidden=tmp_path))
            again, told = course.draw(exercise, 7)
            assert course.seed(exercise, None) == 7
            with pytest.raises(UsageError, match="there are the seeds 7"):
                course.seed(exercise, 8)
        travelled = json.loads(json.dumps(inside(plan)))
        assert again == travelled | {"tells_calls": True}, "a plan is JSON once it has travelled"
        assert '"_' not in json.dumps(again), "what a question is for stays outside"
        assert told.keys() == arrays.keys()
        for name, array in arrays.items():
            assert told[name].dtype == array.dtype
            assert told[name].tobytes() == array.tobytes()


def test_what_is_left_of_other_wheels_is_harmless_or_a_fault_of_ours_in_a_sentence(
    tmp_path: Path, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan draws whatever lies beside it; without one, what cannot be read and nothing at all are told."""
    expected = course.draw(exercise, 7)
    folder = tmp_path / exercise.slug / "practice"
    folder.mkdir(parents=True)
    whole, plans = course.practice(exercise, 7), course.folder(exercise).glob("*.py")
    with monkeypatch.context() as patched:
        patched.setattr(courses._Choice, "used", replace(courses.current(), hidden=tmp_path))
        with pytest.raises(CourseFault, match=r"no plan, no questions\. Install the wheel"):
            course.seed(exercise, None)
        (folder / "7 (1).safetensors").write_bytes(b"x")
        (folder / "7.safetensors").write_bytes(whole[:-1])
        assert course.seed(exercise, None) == 7
        for damage in (folder.joinpath("7.safetensors").read_bytes(), b"", b"x" * 64, b"\2" + bytes(7) + b"{}"):
            (folder / "7.safetensors").write_bytes(damage)
            with pytest.raises(CourseFault, match=r"7\.safetensors, cannot be read: .* Install the wheel"):
                course.draw(exercise, 7)
        for path in plans:
            shutil.copy(path, folder.parent)
        plan, _ = course.draw(exercise, 7)
        assert plan == expected[0]
        assert course.seed(exercise, 8) == 8
