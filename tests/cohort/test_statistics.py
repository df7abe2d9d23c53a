"""The figures, against hand-worked examples and against numpy."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import Crash, Ending
from grader.records.cohort import Note, Refused, Row, Topic, Ungraded
from grader.statistics import CheckFigures, ExerciseFigures, Flag, Statistics, summarise
from grader.statistics.blocking import IMPORT
from grader.statistics.misconceptions import anonymous
from grader.statistics.summary import LISTED
from tests.cohort.pretend import grade, named, outcome, row


def only(*rows: Row) -> ExerciseFigures:
    (figures,) = summarise(rows, []).exercises
    return figures


def checks(*verdicts: str) -> dict[str, CheckFigures]:
    """Return the figures of a cohort in which everybody has one text of verdicts."""
    return {each.check: each for each in only(*(row(grade(text)) for text in verdicts)).checks}


def test_a_check_is_as_hard_as_few_pass_it_and_blocked_is_not_passed() -> None:
    a = checks("+", "+", "-", "0")["a"]
    assert (a.passed, a.failed, a.blocked, a.asked) == (2, 1, 1, 4)
    assert a.share == 0.5


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=2, max_size=40))
def test_discrimination_is_the_correlation_with_the_other_points(table: list[list[bool]]) -> None:
    found = checks(*("".join("+" if passed else "-" for passed in line) for line in table))
    passed = np.array(table, float)
    for place, name in enumerate("abcd"):
        rest = passed.sum(1) - passed[:, place]
        if rest.std() == 0 or passed[:, place].std() == 0:
            assert found[name].discrimination is None
        else:
            assert found[name].discrimination == pytest.approx(np.corrcoef(passed[:, place], rest)[0, 1])


def test_points_weigh_in_the_rest_of_the_score_and_a_checks_own_do_not() -> None:
    def answer(one: str, two: str, three: str) -> Row:
        return row(grade((outcome("a", one, points=5), outcome("b", two, points=2), outcome("c", three))))

    a, b, _ = only(answer("+", "+", "-"), answer("+", "-", "+"), answer("-", "-", "-"), answer("-", "+", "-")).checks
    assert a.discrimination == pytest.approx(np.corrcoef([1, 1, 0, 0], [2, 1, 0, 2])[0, 1])
    assert b.discrimination == pytest.approx(np.corrcoef([1, 0, 0, 1], [5, 6, 0, 0])[0, 1])


def test_the_upper_and_the_lower_group_are_27_percent_each_and_ties_count_in_proportion() -> None:
    # Of 10 submissions, a group is 2.7; the rest of the score is 2 for two of them, 1 for four, 0 for four.
    found = checks("+++", "+++", "++-", "++-", "-+-", "-+-", "+--", "---", "---", "---")["a"]
    assert found.upper == pytest.approx((2 + 0.7 * 2 / 4) / 2.7)
    assert found.lower == pytest.approx((2.7 * 1 / 4) / 2.7)


def test_a_check_that_the_strong_fail_and_the_weak_pass_is_marked() -> None:
    found = checks(*["-+++"] * 6, *["+---"] * 6)
    assert found["a"].flag is Flag.NEGATIVE
    assert found["a"].discrimination == pytest.approx(-1)
    assert found["b"].flag is None


def test_a_check_that_everybody_or_nobody_passes_is_marked() -> None:
    found = checks("+-+", "+--")
    assert (found["a"].flag, found["b"].flag, found["c"].flag) == (Flag.EVERYBODY, Flag.NOBODY, None)


def test_a_slightly_negative_or_a_tiny_cohort_is_not_marked() -> None:
    few = checks("-++", "+--")["a"]
    assert few.discrimination == pytest.approx(-1)
    assert few.flag is None
    faint = checks(*["++", "+-", "-+", "--"] * 10, "+-", "-+")["a"]
    assert -0.15 < (faint.discrimination or 0) < 0
    assert faint.flag is None


def test_marks_count_after_the_late_policy_and_full_marks_before() -> None:
    marks = only(row(grade("+++"), deducted=2, days=1), row(grade("++-")), row(grade("+++"))).marks
    assert marks.counts == (0, 1, 1, 1)
    assert (marks.full, marks.late, marks.deducted) == (2, 1, 2)
    assert (marks.mean, marks.median, marks.possible) == (2.0, 2.0, 3)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_mean_and_median_are_those_of_the_marks(points: list[int]) -> None:
    marks = only(*(row(grade("+" * earned + "-" * (4 - earned))) for earned in points)).marks
    assert marks.mean == pytest.approx(np.mean(points))
    assert marks.median == np.median(points)


def test_what_has_no_mark_is_never_a_zero() -> None:
    rows = [row(grade("++")), row(None), row(Ungraded(fault="It broke.")), row(Refused(reason="It is damaged."))]
    figures = only(*rows)
    assert figures.marks.graded == 1
    assert figures.marks.counts == (0, 0, 1)
    assert sum(figures.without_mark.values()) == 3
    assert all(check.asked == 1 for check in figures.checks)
    statistics = summarise(rows, [])
    assert (statistics.graded, statistics.ungraded) == (1, 3)
    assert [each.why for each in statistics.without_mark] == [
        "not graded yet",
        "a fault of the grader",
        "nothing that can be run",
    ]


def test_without_any_mark_there_is_no_figure_to_show() -> None:
    figures = only(row(None))
    assert figures.marks.graded == 0
    assert np.isnan(figures.marks.mean)
    assert np.isnan(figures.marks.median)
    assert figures.cost is None


def test_the_failed_check_of_the_function_that_a_message_names_stood_in_front() -> None:
    outcomes = (
        outcome("a", "-", function="first"),
        outcome("b", "-", function="second"),
        outcome("c", "0", function="third", message="This follows from your `second`."),
        outcome("d", "0", function="second", message="This was never observed."),
    )
    barriers = only(row(grade(outcomes)), row(grade(outcomes))).barriers
    assert {barrier.behind: dict(barrier.blocked) for barrier in barriers} == {
        "Check b": {"Check c": 2},
        "Check a": {"Check d": 2},
    }


def test_what_stopped_the_whole_run_stood_in_front_of_everything() -> None:
    crash = Crash(type="NameError", message="name 'x' is not defined")
    imported, stopped = only(row(grade("00", crash=crash))), only(row(grade("-0", ending=Ending.TIMED_OUT)))
    assert [(each.behind, each.accident, each.count) for each in imported.barriers] == [(IMPORT, True, 2)]
    assert [(each.behind, each.accident) for each in stopped.barriers] == [("the run took too long", True)]
    assert imported.cost is not None
    assert dict(imported.cost.endings) == {"import failed": 1}


def test_misconceptions_are_ranked_with_two_different_examples() -> None:
    seen = [("rare", "r"), ("often", "One."), ("often", "One."), ("often", "Two."), ("often", "Three.")]
    figures = only(*(row(grade("-", diagnoses=(named(name, text),))) for name, text in seen))
    assert [(each.misconception, each.count) for each in figures.misconceptions] == [("often", 4), ("rare", 1)]
    assert figures.misconceptions[0].examples == ("One.", "Two.")
    assert only(row(grade("+-")), row(grade("++"))).nameless == 1


@pytest.mark.parametrize(
    ("learner", "text"),
    [
        ("Ada Lovelace", "Your function returned 'by ada Lovelace, 4711'."),
        ("Ada Lovelace", "LOVELACE'S block has no name."),
        ("lovelace_ada", "On `home/lovelace_ada/x.py`, line 3: `# Lovelace`"),
    ],
)
def test_examples_name_nobody(learner: str, text: str) -> None:
    told = anonymous(text, row(grade(), learner, number="4711")).lower()
    assert "lovelace" not in told
    assert "ada" not in told
    assert "4711" not in told


def test_words_that_only_contain_a_name_stay() -> None:
    assert anonymous("The last layer is frozen.", row(grade(), "Las Roz")) == "The last layer is frozen."


def test_time_and_memory_are_figures_that_were_measured() -> None:
    cost = only(*(row(grade(seconds=float(s), peak_mb=10.0 * s)) for s in range(1, 21))).cost
    assert cost is not None
    assert (cost.seconds.lowest, cost.seconds.median, cost.seconds.high, cost.seconds.highest) == (1, 10, 19, 20)
    assert cost.peak_mb.highest == 200


def figures_of(statistics: Statistics) -> list[object]:
    """Return everything but examples and lists, which show the first ones that came."""
    return [
        (each.slug, each.marks, dict(each.without_mark), each.nameless, each.checks, each.cost and each.cost.seconds)
        for each in statistics.exercises
    ] + [statistics.learners, statistics.graded, statistics.ungraded]


@given(st.randoms())
def test_the_order_of_the_rows_does_not_matter(rng: random.Random) -> None:
    rows = [
        row(grade(text, exercise=slug), f"learner-{text}") for text in ("+++", "+-0", "---") for slug in ("01", "02")
    ]
    rows += [row(None, "learner-x", exercise="01")]
    shuffled = rng.sample(rows, len(rows))
    assert figures_of(summarise(rows, [])) == figures_of(summarise(shuffled, []))


def test_rows_are_looked_at_once_and_lists_stay_short() -> None:
    def many() -> Iterator[Row]:
        for place in range(3 * LISTED):
            yield row(Ungraded(fault="x"), f"learner-{place}")

    notes = (Note(topic=Topic.MISSING, learner=f"learner-{place}", text="x") for place in range(3 * LISTED))
    statistics = summarise(many(), notes)
    assert statistics.learners == statistics.ungraded == statistics.topics[Topic.MISSING] == 3 * LISTED
    assert len(statistics.without_mark) == len(statistics.notes) == LISTED
