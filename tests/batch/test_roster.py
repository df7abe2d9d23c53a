"""The list of who takes the course, as spreadsheets and learning platforms write it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.batch.intake import Handin, Owner
from grader.batch.roster import Roster, read_roster
from grader.errors import UsageError
from grader.records.cohort import Clock, Note, Topic

CANVAS = 'Student,ID,SIS Login ID,Section\n"One, Learner",101,one@x,A\n"Two, Learner",102,two@x,A\n'
LATER = datetime(2026, 11, 22, tzinfo=UTC)


def roster(tmp_path: Path, content: str | bytes) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(path)


def answer(learner: str, number: str = "", exercise: str = "03_partial_unfreeze") -> Handin:
    return Handin(learner, number, exercise, "a.py", LATER, Clock.FILE, None, "")


def names(found: Roster) -> list[str]:
    return [learner.learner for learner in found.learners]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("username,name\nlearner-01,Learner Öne\nlearner-02,Learner Two\n", id="plain"),
        pytest.param(
            b"\xef\xbb\xbfusername,name\r\nlearner-01,Learner \xc3\x96ne\r\nlearner-02,Learner Two\r\n", id="with a BOM"
        ),
        pytest.param(
            "username;name\nlearner-01;Learner Öne\n\nlearner-02;Learner Two\n", id="semicolons and an empty line"
        ),
        pytest.param(
            "sep=;\r\nusername;name\r\nlearner-01;Learner Öne\r\nlearner-02;Learner Two\r\n",
            id="Excel says its separator",
        ),
        pytest.param(
            "username\tname\nlearner-01\tLearner Öne\nlearner-02\tLearner Two\n".encode("utf-16"),
            id="Excel's Unicode text",
        ),
        pytest.param(
            "username;name\r\nlearner-01;Learner Öne\r\nlearner-02;Learner Two\r\n".encode("cp1252"),
            id="Excel in Western Europe",
        ),
        pytest.param(
            '"name","username"\n"Learner Öne","learner-01"\n"Learner Two",learner-02\n', id="quoted, in another order"
        ),
    ],
)
def test_every_way_to_write_csv_gives_the_same_roster(tmp_path: Path, content: str | bytes) -> None:
    found = roster(tmp_path, content)
    assert names(found) == ["learner-01", "learner-02"]
    assert found.learners[0].cells["name"] == "Learner Öne"


@pytest.mark.parametrize(
    ("content", "name", "number"),
    [
        pytest.param(CANVAS, "onelearner", "101", id="Canvas by number"),
        pytest.param(CANVAS, "onelearner", "999", id="Canvas by name"),
        pytest.param("Identifier,Full name,Email address\nParticipant 4711,Learner One,one@x\n", "Learner One", "4711",
                     id="Moodle by number"),
        pytest.param("First name,Last name,Email address\nLearner,One,one@x\nLearner,Two,two@x\n", "Learner One", "77",
                     id="Moodle by name in two columns"),
        pytest.param("id,last_name,first_name,email\nlearner-01,One,Learner,one@x\n", "learner-01", "", id="nbgrader"),
        pytest.param("identifier,github_username,github_id,name\none@x,Learner01,5,\n", "hw3-learner01", "",
                     id="GitHub Classroom, the login at the end of a repository's name"),
        pytest.param("username,first_name,last_name,email,section,github_id\nlearner-01,Learner,One,,1,5\n",
                     "c-hw-learner-01", "", id="Classroom 50, a login with a dash"),
    ],
)  # fmt: skip
def test_a_learner_is_recognised_by_what_identifies_them(tmp_path: Path, content: str, name: str, number: str) -> None:
    found = roster(tmp_path, content)
    known = found.find(name, number)
    assert known is found.learners[0]


def test_canvas_lines_that_are_nobodys_are_left_out(tmp_path: Path) -> None:
    head, lines = CANVAS.split("\n", 1)
    found = roster(tmp_path, f'{head}\n"    Points Possible",,,\n{lines}"Student, Test",9,x,A\n')
    assert names(found) == ["one@x", "two@x"]


def test_what_two_share_and_a_first_name_alone_identify_nobody(tmp_path: Path) -> None:
    lines = ("learner-01,Learner One,First,A", "learner-02,Learner One,First,A", "learner-03,Learner Three,Third,B")
    found = roster(tmp_path, "\n".join(("username,name,first_name,section", *lines)))
    assert found.find("Learner One", "") is None
    assert found.find("Learner Three", "") is found.learners[2]
    assert found.find("Third", "") is None
    assert found.find("B", "") is None


def test_an_answer_gets_the_rosters_name_and_staffs_time(tmp_path: Path) -> None:
    first = "learner-01,Learner One,2026-11-20T10:00:00+01:00,2026-11-25T10:00:00+00:00"
    found = roster(tmp_path, f"username,name,arrived,arrived 04\n{first}\nlearner-02,Learner Two,,\n")
    naming = found.naming([Owner(name, "") for name in ("Learner One", "learner-02", "stranger")])
    third = naming.recognise(answer("Learner One", exercise="03_partial_unfreeze"))
    fourth = naming.recognise(answer("Learner One", exercise="04_parameter_groups"))
    assert isinstance(third, Handin)
    assert isinstance(fourth, Handin)
    assert (third.learner, third.arrived, third.clock) == (
        "learner-01",
        datetime(2026, 11, 20, 9, tzinfo=UTC),
        Clock.ROSTER,
    )
    assert fourth.arrived == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert naming.recognise(answer("learner-02")) == answer("learner-02")
    assert naming.recognise(answer("stranger")) == answer("stranger")
    note = Note(topic=Topic.EMPTY, learner="Learner One", text="…")
    assert naming.recognise(note) == Note(topic=Topic.EMPTY, learner="learner-01", text="…")


def test_without_a_roster_everybody_keeps_their_name() -> None:
    naming = Roster.of(()).naming([Owner("learner-01", "")])
    assert naming.recognise(answer("learner-01")) == answer("learner-01")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "has no learners"),
        ("username,name\n", "has no learners"),
        ("username,name\nlearner-01,Learner One\n,Learner Two\n", "Line 3 of the roster .* has no 'username'"),
        ("username\nlearner-01\nlearner-01\n", "names learner-01 twice"),
        ("username,arrived\nlearner-01,yesterday\n", "says in 'arrived' of learner-01 'yesterday'"),
        (b"PK\x03\x04 a workbook", "is an Excel workbook; save it as CSV"),
        (b"\x00\x01\x02", "is no roster"),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        roster(tmp_path, content)


def test_a_roster_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: there is no such file"):
        read_roster(tmp_path / "none.csv")


MOODLE = "Identifier,Full name,Email address\nParticipant 101,Learner One,one@x\nParticipant 102,Learner Two,two@x\n"


def test_a_number_and_a_name_have_to_be_of_the_same_line(tmp_path: Path) -> None:
    found = roster(tmp_path, MOODLE)
    owners = [Owner("Learner One", "101"), Owner("Learner One", "102"), Owner("somebody", "102")]
    naming = found.naming(owners)
    assert [each.learner for each in naming.found.values()] == ["Participant 101"]
    assert [(note.topic, note.learner) for note in naming.notes()] == [
        (Topic.CONTRADICTION, "Learner One"),
        (Topic.CONTRADICTION, "somebody"),
    ]


def test_the_end_of_a_name_takes_nobodys_place_who_is_there(tmp_path: Path) -> None:
    found = roster(tmp_path, "username\nlearner-01\nlearner-02\n")
    both = found.naming([Owner("a-learner-01", ""), Owner("learner-01", ""), Owner("hw-learner-02", "")])
    assert sorted(both.found) == ["hw-learner-02", "learner-01"]


def test_a_name_with_something_invisible_in_it_is_not_the_one_without(tmp_path: Path) -> None:
    found = roster(tmp_path, "username\nlearner-01\n")
    owners = [Owner("learner\u200b-01", ""), Owner("learner\\u200b-01", "")]
    assert found.naming(owners).found == {}
    assert len({owner.learner for owner in owners}) == 2


def test_a_name_is_the_same_however_its_accents_are_written(tmp_path: Path) -> None:
    found = roster(tmp_path, "username,name\nlearner-01,Learner Öne\n")
    assert found.find(unicodedata.normalize("NFD", "Learner Öne"), "") is found.learners[0]
