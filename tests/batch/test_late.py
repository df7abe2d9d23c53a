"""What being late costs, for every kind of policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.late import LatePolicy, LateRule, read_policy, settle
from grader.errors import UsageError
from grader.records import Ending, Grade, Provenance, Run, Standing, Wall
from grader.records.cohort import Clock, Row, Ungraded

DEADLINE = datetime(2026, 11, 20, 23, tzinfo=UTC)


def grade(earned: int) -> Grade:
    wall = Wall(level="A", summary="")
    run = Run(
        ending=Ending.FINISHED, seconds=0, peak_mb=0, wall=wall, crash=None, interruptions=(), console=""
    )  # fmt: skip
    return Grade(
        exercise="", title="", learner="", path="", earned=earned, possible=max(earned, 1), standing=Standing.RECORD,
        outcomes=(), diagnoses=(), next_step="", figures=(), set_aside=(), evidence=run,
        provenance=Provenance(source_sha256="", seed=0, versions={}, fixtures={}),
    )  # fmt: skip


def row(hours: float, earned: int = 10, exercise: str = "03_partial_unfreeze") -> Row:
    return Row(
        learner="learner-01", exercise=exercise, path="", number="", arrived=DEADLINE + timedelta(hours=hours),
        clock=Clock.FILE, key="", result=grade(earned), late=None,
    )  # fmt: skip


def policy(kind: LateRule, **fields: object) -> LatePolicy:
    return msgspec.convert({"kind": kind.value, "deadline": DEADLINE, **fields}, LatePolicy)


def late(policy: LatePolicy, *rows: Row) -> list[tuple[int, int, int | None]]:
    """Return for each row the days late, the points taken off, and those that count."""
    return [(each.late.days, each.late.deducted, each.points) for each in settle(policy, rows) if each.late]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (policy(LateRule.NONE), [(0, 0, 10), (1, 0, 10), (2, 0, 10), (15, 0, 10)]),
        (policy(LateRule.ZERO), [(0, 0, 10), (1, 10, 0), (2, 10, 0), (15, 10, 0)]),
        (policy(LateRule.CONSTANT, penalty=3), [(0, 0, 10), (1, 3, 7), (2, 6, 4), (15, 10, 0)]),
        (policy(LateRule.PERCENTAGE, penalty=15), [(0, 0, 10), (1, 1, 9), (2, 3, 7), (15, 10, 0)]),
        (policy(LateRule.LATE_DAYS, late_days=1, penalty=50), [(0, 0, 10), (1, 0, 10), (2, 10, 0), (15, 10, 0)]),
        (policy(LateRule.ZERO, grace_minutes=120), [(0, 0, 10), (0, 0, 10), (2, 10, 0), (15, 10, 0)]),
    ],
    ids=lambda value: value.kind.value if isinstance(value, LatePolicy) else "",
)
def test_days_late_and_what_they_cost(rule: LatePolicy, expected: list[tuple[int, int, int]]) -> None:
    rows = [row(hours, exercise=f"0{n}_x") for n, hours in enumerate((-1, 1, 25, 24 * 14 + 1))]
    assert late(rule, *rows) == expected


def test_exactly_at_the_deadline_is_on_time_and_grace_is_not_added_to_it() -> None:
    rule = policy(LateRule.CONSTANT, penalty=1, grace_minutes=10)
    assert late(rule, row(0)) == [(0, 0, 10)]
    assert late(rule, row(10 / 60)) == [(0, 0, 10)]
    assert late(rule, row(11 / 60)) == [(1, 1, 9)]
    assert late(rule, row(24 + 1 / 60)) == [(2, 2, 8)]


def test_free_days_go_to_the_earliest_deadlines_whatever_the_order_of_the_rows() -> None:
    first, second = DEADLINE - timedelta(days=7), DEADLINE - timedelta(days=3)
    deadlines = {"08_choose_depth": first, "04_parameter_groups": second}
    rule = policy(LateRule.LATE_DAYS, late_days=2, penalty=10, deadlines=deadlines)
    rows = [row(1), row(-71, exercise="04_parameter_groups"), row(-24 * 7 + 25, exercise="08_choose_depth")]
    settled = list(settle(rule, rows))
    assert [each.exercise for each in settled] == [each.exercise for each in rows]
    assert [each.late and (each.late.days, each.late.free_days, each.late.deducted) for each in settled] == [
        (1, 0, 1),
        (1, 0, 1),
        (2, 2, 0),
    ]


def test_an_exercise_without_a_deadline_and_an_answer_without_a_mark_are_not_late() -> None:
    rule = LatePolicy(kind=LateRule.ZERO, deadlines={"04_parameter_groups": DEADLINE})
    ungraded = msgspec.structs.replace(row(5, exercise="04_parameter_groups"), result=Ungraded(fault="…"))
    (first, second) = settle(rule, [row(5), ungraded])
    assert (first.late, first.points, second.late, second.points) == (None, 10, None, None)


@given(
    st.sampled_from(list(LateRule)), st.integers(0, 200), st.integers(0, 5), st.integers(0, 40), st.integers(0, 900),
    st.integers(0, 60),
)  # fmt: skip
def test_whole_points_between_nothing_and_what_was_earned(
    kind: LateRule, penalty: int, free: int, earned: int, hours: int, more: int
) -> None:
    rule = policy(kind, penalty=penalty, late_days=free)
    ((days, deducted, points),) = late(rule, row(hours, earned))
    assert isinstance(points, int)
    assert points == earned - deducted
    assert 0 <= points <= earned
    assert days == -(-hours // 24)
    assert late(rule, row(hours + more, earned))[0][2] <= points, "later is never better"


def test_a_policy_file_is_read_with_its_times_and_exercises_by_any_name(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        'kind = "percentage"\npenalty = 10\ngrace_minutes = 15\n[deadlines]\n03 = 2026-11-20T23:00:00+00:00\n'
        '"choose depth" = 2026-11-27 12:00:00\n'
    )
    read = read_policy(tmp_path / "policy.toml")
    assert read.deadline_of("03_partial_unfreeze") == DEADLINE
    assert read.deadline_of("08_choose_depth") == datetime(2026, 11, 27, 12).astimezone(UTC)
    assert read.deadline_of("04_parameter_groups") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('kind = "harsh"\ndeadline = 2026-11-20T23:00:00Z', "Invalid enum value 'harsh'"),
        ('kind = "zero"\ndeadline = 2026-11-20T23:00:00Z\npenality = 3', "unknown field `penality`"),
        ('kind = "zero"\ndeadline = "soon"', "Invalid RFC3339"),
        ('kind = "zero"', "names no deadline"),
        ('kind = "constant"\ndeadline = 2026-11-20T23:00:00Z', "needs a penalty above 0"),
        ('kind = "late-days"\ndeadline = 2026-11-20T23:00:00Z', "needs late_days above 0"),
        ('kind = "constant"\npenalty = -1\ndeadline = 2026-11-20T23:00:00Z', "a negative number"),
        ('kind = "zero"\n[deadlines]\n77 = 2026-11-20T23:00:00Z', "'77', which is no exercise"),
        ("kind = ", "is not usable"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(UsageError, match=sentence):
        read_policy(tmp_path / "policy.toml")
