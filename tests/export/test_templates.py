"""Templates of Canvas and Moodle, filled: whole, in the platform's own manner, and never short of somebody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.export.canvas import canvas
from grader.export.marks import marks
from grader.export.moodle import moodle
from grader.export.sheet import Sheet
from grader.export.template import Filled
from grader.records.cohort import Learner, Row, Ungraded
from tests.cohort.pretend import grade, row

TITLE = "03 Partial unfreezing and what it costs"
CANVAS = (
    b"Student,ID,SIS User ID,SIS Login ID,Section,Group,03 Partial unfreezing and what it costs (77),Quiz 1 (78),"
    b"Current Score\r\n"
    b",,,,,,Manual Posting,,(read only)\r\n"
    b"    Points Possible,,,,,(read only),15.00,10.00,(read only)\r\n"
    b'"Lovelace, Ada",11,s-11,ada,A,red,,7.00,70.00\r\n'
    b'"Noether, Emmy",12,s-12,emmy,A,,12.00,,\r\n'
    b'"Meitner, Lise",13,s-13,lise,B,,EX,,\r\n'
    b'"Student, Test",99,,test-1,B,,,,\r\n'
)
MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 501,Ada Lovelace,ada@example.org,Submitted for grading,,15.00,Yes,"Friday, 20 November",-,\n'
    'Participant 502,Emmy Noether,emmy@example.org,Submitted for grading,9.00,15.00,Yes,"Friday, 20 November",-,own\n'
    "Participant 503,Lise Meitner,lise@example.org,No submission,,15.00,Yes,-,-,\n"
).encode()
GERMAN = (
    "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;"
    "Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar\r\n"
    "Teilnehmer/in 501;Ada Lovelace;ada@example.org;Zur Bewertung abgegeben;;100,00;Ja;-;-;\r\n"
).encode()
ADA, EMMY, LISE = "ada", "emmy", "lise"


def given_marks(**earned: int | None) -> list[Row]:
    """Return a row for each name: so many of 15 points in exercise 03, or none through a fault of ours."""
    return [
        row(Ungraded(fault="x") if points is None else grade("+" * points + "-" * (15 - points)), learner)
        for learner, points in earned.items()
    ]


def fill_canvas(
    rows: Iterable[Row],
    content: bytes = CANVAS,
    *,
    roster: Iterable[Learner] = (),
    named: Mapping[str, str] | None = None,
    scale: bool = False,
) -> Filled:
    return canvas(Sheet.parse(content), marks(rows), roster, named or {}, scale=scale)


def fill_moodle(
    rows: Iterable[Row],
    content: bytes = MOODLE,
    *,
    named: Mapping[str, str] | None = None,
    comments: str | None = None,
    scale: bool = False,
) -> Filled:
    told = marks(rows)
    return moodle(Sheet.parse(content), told, (), named or {}, comments=comments, scale=scale)


def changes(before: bytes, after: bytes) -> dict[tuple[int, int], str]:
    """Return every cell that differs, and see that everything but those cells is the same to the byte."""
    old, new = Sheet.parse(before), Sheet.parse(after)
    assert len(old) == len(new)
    changed = {
        (line, column): text
        for line in range(len(old))
        for column, text in enumerate(new.line(line))
        if text != old.cell(line, column)
    }
    for (line, column), text in changed.items():
        old.put(line, column, text)
    assert bytes(old) == after
    return changed


def test_canvas_gets_marks_and_keeps_everything_else() -> None:
    filled = fill_canvas(given_marks(ada=13, emmy=12))
    assert changes(CANVAS, filled.content) == {(3, 6): "13", (4, 6): "12"}
    assert (filled.marks, filled.replaced) == (2, 0)
    assert filled.nothing == ("Meitner, Lise", "Student, Test")


def test_another_number_is_replaced_and_counted() -> None:
    assert fill_canvas(given_marks(emmy=3)).replaced == 1


def test_late_points_are_what_is_exported() -> None:
    late = row(grade("+" * 15), ADA, deducted=4, days=2)
    assert changes(CANVAS, fill_canvas([late]).content) == {(3, 6): "11"}


def test_no_mark_is_no_zero_and_an_excuse_stays() -> None:
    filled = fill_canvas(given_marks(ada=None, lise=3))
    assert filled.content == CANVAS
    assert filled.untouched == (
        "ada, 03_partial_unfreeze: a fault of the grader",
        "lise, 03_partial_unfreeze: the template says EX",
    )


def test_whoever_is_not_in_the_template_is_named_and_nothing_is_written() -> None:
    with pytest.raises(UsageError, match="2 who handed in something are not in the template: grace, joan"):
        fill_canvas(given_marks(grace=3, ada=4, joan=5))
    with pytest.raises(UsageError, match="not in the template: grace"):
        fill_canvas(given_marks(grace=None))


@pytest.mark.parametrize("learner", ["Lovelace, Ada", "Ada Lovelace", "lovelaceada", "ADA", "s-11", "S-11"])
def test_learners_are_known_by_login_number_and_either_order_of_their_name(learner: str) -> None:
    assert changes(CANVAS, fill_canvas(given_marks(**{learner: 5})).content) == {(3, 6): "5"}


def test_the_platforms_number_alone_gives_nobody_the_line_of_another_name() -> None:
    rows = [row(grade("+" * 15), "somebody", number="12"), row(grade("+" * 9 + "-" * 6), ADA, number="11")]
    filled = fill_canvas(rows)
    assert changes(CANVAS, filled.content) == {(3, 6): "9"}
    assert filled.untouched == ("somebody, 03_partial_unfreeze: the template gives their number to another name",)


def test_whoever_is_graded_blindly_has_only_a_number() -> None:
    blind = b"ID,Section,03_partial_unfreeze (7)\n12,A,\n"
    rows = [row(grade("+" * 15), "somebody", number="12")]
    assert changes(blind, fill_canvas(rows, blind).content) == {(1, 2): "15"}


def test_the_roster_may_say_who_somebody_is() -> None:
    roster = [
        Learner(learner="octocat", cells={"github": "octocat", "login": "emmy", "group": "ada"}),
        Learner(learner="hubot", cells={"github": "hubot", "login": "ada", "group": "x"}),
    ]
    assert changes(CANVAS, fill_canvas(given_marks(octocat=5), roster=roster).content) == {(4, 6): "5"}


def test_what_many_on_the_roster_share_names_nobody() -> None:
    roster = [
        Learner(learner="octocat", cells={"login": "emmy", "tutor name": "ada"}),
        Learner(learner="hubot", cells={"login": "lise", "tutor name": "ada"}),
    ]
    assert changes(CANVAS, fill_canvas(given_marks(octocat=5), roster=roster).content) == {(4, 6): "5"}


def test_a_number_tells_two_people_of_one_name_apart() -> None:
    twins = CANVAS.replace(b'"Noether, Emmy",12', b'"Lovelace, Ada",12')
    rows = [row(grade("+" * 15), "Ada Lovelace", number="12")]
    assert changes(twins, fill_canvas(rows, twins).content) == {(4, 6): "15"}


def test_a_number_and_a_name_that_disagree_are_not_guessed_at() -> None:
    filled = fill_canvas([row(grade("+" * 15), ADA, number="12")])
    assert (changes(CANVAS, filled.content), len(filled.untouched)) == ({}, 1)


def test_two_learners_never_share_a_line() -> None:
    with pytest.raises(UsageError, match="not told apart by the template: ada, Ada Lovelace"):
        fill_canvas(given_marks(**{"ada": 1, "Ada Lovelace": 2}))


def test_names_that_two_people_have_are_not_guessed_at() -> None:
    twins = CANVAS.replace(b'"Noether, Emmy",12,s-12,emmy', b'"Lovelace, Ada",12,s-12,emmy')
    with pytest.raises(UsageError, match="not told apart by the template: Ada Lovelace"):
        fill_canvas(given_marks(**{"Ada Lovelace": 2}), twins)


def test_names_in_two_columns_are_found_in_either_order() -> None:
    split = b"LastName,FirstName,ID,SIS Login ID,Section,03_partial_unfreeze (7)\nLovelace,Ada,11,x,A,\n"
    for learner in ("Ada Lovelace", "Lovelace, Ada", "lovelaceada"):
        assert changes(split, fill_canvas(given_marks(**{learner: 5}), split).content) == {(1, 5): "5"}


def test_an_exercise_without_a_column_is_refused_and_one_can_be_named() -> None:
    other = CANVAS.replace(TITLE.encode(), b"Homework two")
    with pytest.raises(UsageError, match=r"no column for 03_partial_unfreeze.*Homework two \(77\), Quiz 1 \(78\)"):
        fill_canvas(given_marks(ada=1), other)
    for named in ("Homework two (77)", "homework TWO", "77"):
        filled = fill_canvas(given_marks(ada=1), other, named={"03_partial_unfreeze": named})
        assert changes(other, filled.content) == {(3, 6): "1"}


def test_a_heading_that_only_begins_with_the_number_is_not_taken_for_the_exercise() -> None:
    other = CANVAS.replace(TITLE.encode(), b"03 Bring a cake")
    with pytest.raises(UsageError, match="no column"):
        fill_canvas(given_marks(ada=1), other)


def test_two_columns_for_an_exercise_are_refused() -> None:
    with pytest.raises(UsageError, match="2 columns"):
        fill_canvas(given_marks(ada=1), CANVAS.replace(b"Quiz 1 (78)", TITLE.encode() + b" (78)"))


def test_another_maximum_is_refused_unless_it_is_to_be_scaled() -> None:
    hundred = CANVAS.replace(b"15.00,10.00", b"100.00,10.00")
    with pytest.raises(UsageError, match=r"up to 100.00, and the exercise has 15 points"):
        fill_canvas(given_marks(ada=1), hundred)
    assert changes(hundred, fill_canvas(given_marks(ada=1), hundred, scale=True).content) == {(3, 6): "6.67"}


def test_a_comma_is_kept_where_decimals_have_one() -> None:
    european = CANVAS.replace(b",", b";").replace(b".00", b",00").replace(b"15,00", b"100,00")
    filled = fill_canvas(given_marks(**{"s-11": 1}), european, scale=True)
    assert changes(european, filled.content) == {(3, 6): "6,67"}


def test_what_is_no_gradebook_is_refused() -> None:
    for content in (b"", b"a,b\n1,2\n", MOODLE):
        with pytest.raises(UsageError, match="no gradebook of Canvas"):
            fill_canvas(given_marks(ada=1), content)


def test_moodle_gets_marks_by_the_participants_number() -> None:
    rows = [row(grade("+" * 13 + "--"), "Ada Lovelace", number="501"), row(None, "Emmy Noether", number="502")]
    filled = fill_moodle(rows)
    assert changes(MOODLE, filled.content) == {(1, 4): "13"}
    assert filled.untouched == ("Emmy Noether, 03_partial_unfreeze: not graded yet",)
    assert filled.nothing == ("Lise Meitner",)


def test_comments_fill_only_empty_cells_and_are_no_markup() -> None:
    told = "=Start <b>here</b>."
    rows = [row(grade("+" * 15, next_step=told), name) for name in ("Ada Lovelace", "Emmy Noether")]
    filled = fill_moodle(rows, comments="Feedback comments")
    assert changes(MOODLE, filled.content) == {
        (1, 4): "15",
        (1, 9): "'=Start &lt;b&gt;here&lt;/b&gt;.",
        (2, 4): "15",
    }


def test_other_languages_need_only_the_name_of_the_column() -> None:
    rows = [row(grade("+" * 5 + "-" * 10), "Ada Lovelace")]
    with pytest.raises(UsageError, match=r"no column 'Grade'.*--column 03=HEADING.*Bewertung, Bestwertung"):
        fill_moodle(rows, GERMAN)
    filled = fill_moodle(rows, GERMAN, named={"03_partial_unfreeze": "Bewertung"}, scale=True)
    assert changes(GERMAN, filled.content) == {(1, 4): "33,33"}


def test_a_worksheet_is_about_one_exercise() -> None:
    rows = [*given_marks(**{"Ada Lovelace": 1}), row(grade("+", exercise="04_parameter_groups"), "emmy")]
    with pytest.raises(UsageError, match="There are: 03_partial_unfreeze, 04_parameter_groups"):
        fill_moodle(rows)
    filled = fill_moodle(rows, named={"03_partial_unfreeze": "Grade"})
    assert filled.marks == 1


def test_what_is_no_worksheet_is_refused() -> None:
    for content in (b"Grade\n1\n", b"Name,Grade,Max\nAda,1,15\n", b"Identifier,Grade,Maximum Grade\n"):
        with pytest.raises(UsageError, match="no grading worksheet"):
            fill_moodle(given_marks(ada=1), content)


NAMES = st.text(st.characters(categories=("L", "N", "P", "Zs", "S")), max_size=12)


@given(st.lists(st.tuples(NAMES, st.integers(0, 15)), min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]))
def test_any_names_survive_the_round_trip(people: list[tuple[str, int]], delimiter: str) -> None:
    out = io.StringIO()
    lines = [[name, 100 + place, "", "A", ""] for place, (name, _) in enumerate(people)]
    header = ["Student", "ID", "SIS Login ID", "Section", "03_partial_unfreeze (7)"]
    csv.writer(out, delimiter=delimiter).writerows([header, *lines])
    content = out.getvalue().encode()
    rows = [
        row(grade("+" * points + "-" * (15 - points)), f"{name} ({100 + place})", number=str(100 + place))
        for place, (name, points) in enumerate(people)
    ]
    filled = fill_canvas(rows, content)
    assert changes(content, filled.content) == {(place + 1, 4): str(points) for place, (_, points) in enumerate(people)}
