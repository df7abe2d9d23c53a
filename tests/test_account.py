"""What is told where there are no hidden checks: what was seen, and nothing about right or wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course, pipeline
from grader.account import ANSWERED, ANSWERS_CAP, READ
from grader.discover import discover
from grader.errors import UsageError
from grader.isolate import Sandbox
from grader.places import SOLUTIONS
from grader.records import Account, Exercise

Told = Callable[..., Account]


@pytest.fixture
def told(sandbox: Sandbox, tmp_path: Path, exercise: Exercise) -> Told:
    def run(source: str) -> Account:
        path = tmp_path / f"{exercise.slug}.py"
        path.write_text(source)
        submission = discover(path, learner="learner-01")
        return pipeline.tell(submission, exercise, pipeline.observe(submission, exercise, sandbox, 20_260))

    return run


def test_a_right_and_a_wrong_answer_are_told_alike(told: Told, solution: str) -> None:
    right = told(solution)
    wrong = told(solution.replace("parameter.numel()", "1"))
    for account in (right, wrong):
        assert account.next_step == ANSWERED
        assert account.is_complete
    assert [each.asked for each in right.observations][:1] == [each.asked for each in wrong.observations][:1]


def test_what_is_still_to_be_written_is_told_with_its_line(told: Told, solution: str) -> None:
    account = told(solution.replace("    sizes = {", "    raise NotImplementedError\n    sizes = {"))
    line = solution[: solution.index("    sizes = {")].count("\n") + 1
    assert [(each.line, each.said) for each in account.unfinished] == [
        (line, f"`trainable_by_depth` is still to be written (line {line}).")
    ]
    assert account.next_step == f"Start here: {account.unfinished[0].said}"
    assert not account.is_complete


def test_an_exception_may_be_the_right_answer(told: Told, solution: str) -> None:
    account = told(solution)
    said = [answer for each in account.observations for answer in each.answers]
    assert any(answer.startswith("raised ValueError") for answer in said)
    assert any(answer.startswith("returned `[") for answer in said)


def test_many_answers_are_counted(told: Told, solution: str) -> None:
    account = told(solution)
    assert max(len(each.answers) for each in account.observations) == ANSWERS_CAP + 1
    assert any(each.answers[-1].endswith("other answers") for each in account.observations)


def test_an_import_that_fails_is_all_there_is_to_tell(told: Told) -> None:
    account = told("x = 1\nimport torhc\n")
    assert [(each.line, each.cell) for each in account.unfinished] == [(2, None)]
    assert account.observations == ()


def test_what_a_function_returned_is_not_searched_for_answers(told: Told) -> None:
    account = told("def backbone_blocks(model):\n    return {'missing': 'my_function'}\n")
    assert "my_function" not in " ".join(each.said for each in account.unfinished)


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
            patched.setattr(course, "COURSE", tmp_path)
            again, told = course.draw(exercise, 7)
            assert course.seed(exercise, None) == 7
            with pytest.raises(UsageError, match="there are the seeds 7"):
                course.seed(exercise, 8)
        assert again == json.loads(json.dumps(plan)), "a plan is JSON once it has travelled"
        assert told.keys() == arrays.keys()
        for name, array in arrays.items():
            assert told[name].dtype == array.dtype
            assert told[name].tobytes() == array.tobytes()
