"""The judge: a broken check is our fault, and nothing of the user's environment changes what pytest does."""

from __future__ import annotations

import pytest

from grader import course
from grader.errors import CourseFault
from grader.judging.check import check
from grader.records import Evidence, Exercise, Verdict, Wall


def empty(**changes: object) -> Evidence:
    fields: dict[str, object] = {
        "submission_sha256": "0" * 64,
        "exercise": "03_partial_unfreeze",
        "seed": 5,
        "plan": course.draw(course.exercises()["03_partial_unfreeze"], 5)[0],
        "facts": {},
        "arrays": {},
        "crash": None,
        "interruptions": (),
        "console": "",
        "seconds": 0.0,
        "peak_mb": 0.0,
        "wall": Wall(level="A", summary=""),
        "versions": {},
    }
    return Evidence(**(fields | changes))  # type: ignore[arg-type]


def test_without_facts_every_check_is_blocked(exercise: Exercise) -> None:
    (outcomes,) = check(exercise, [empty()])
    assert {outcome.verdict for outcome in outcomes} == {Verdict.BLOCKED}
    assert sum(outcome.points for outcome in outcomes) == 15


def test_many_evidences_are_judged_in_one_session(exercise: Exercise) -> None:
    judged = check(exercise, [empty(), empty(), empty()])
    assert len(judged) == 3
    assert judged[0] == judged[1] == judged[2]


@pytest.mark.parametrize("facts", [{"blocks/model-1": 7}, {"unfreeze/model-1/fresh": [None]}, {"counts/model-5": {}}])
def test_facts_of_a_wrong_shape_are_no_reason_to_stumble(exercise: Exercise, facts: dict[str, object]) -> None:
    (outcomes,) = check(exercise, [empty(facts=facts)])
    assert Verdict.PASSED not in {outcome.verdict for outcome in outcomes}


def test_a_check_that_breaks_is_our_fault(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: Evidence) -> object:
        return object()

    monkeypatch.setattr(course.part(exercise, "seen"), "read", read)
    with pytest.raises(CourseFault, match="AttributeError"):
        check(exercise, [empty()])


def test_the_users_pytest_settings_do_not_reach_the_judge(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("CI", "true")
    (outcomes,) = check(exercise, [empty()])
    assert len(outcomes) == 15
