"""Our own formats of a cohort: nothing lost, nothing live, no mark that is none."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from grader.export import cohort, table
from grader.records.cohort import Learner, Refused, Ungraded
from tests.cohort.pretend import grade, named, outcome, row

ROWS = [
    row(grade("++-", diagnoses=(named("one-id"), named("two-id")), next_step="=1+1"), "ann", deducted=1, days=2),
    row(Ungraded(fault="@broken"), "ben"),
    row(Refused(reason="-damaged"), "ben", exercise="04_parameter_groups"),
    row(None, "cho"),
]


def read(chunks: object) -> list[dict[str, str]]:
    text = b"".join(chunks).decode()  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_per_answer_with_what_counts_and_what_was_earned() -> None:
    ann, ben, other, cho = read(table.answers(ROWS))
    assert (ann["points"], ann["earned"], ann["possible"], ann["deducted"], ann["days_late"]) == (
        "1",
        "2",
        "3",
        "1",
        "2",
    )
    assert ann["misconceptions"] == "one-id two-id"
    assert [each["status"] for each in (ann, ben, other, cho)] == ["graded", "ungraded", "refused", "waiting"]
    assert [each["points"] for each in (ben, other, cho)] == ["", "", ""]
    assert [each["note"] for each in (ann, ben, other, cho)] == ["'=1+1", "'@broken", "'-damaged", ""]


def test_a_line_per_learner_with_the_silent_ones_last() -> None:
    roster = [Learner(learner=name, cells={}) for name in ("ann", "zoe")]
    lines = read(table.learners(ROWS, ["03_partial_unfreeze", "04_parameter_groups"], roster))
    assert [each["learner"] for each in lines] == ["ann", "ben", "cho", "zoe"]
    assert [each["03_partial_unfreeze"] for each in lines] == ["1", "", "", ""]
    assert [each["points"] for each in lines] == ["1", "", "", ""]


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20))
def test_no_learner_can_write_a_formula(text: str) -> None:
    rows = [row(grade("+", next_step=text), text)]
    for chunks in (table.answers(rows), table.learners(rows, ["=cmd"], [Learner(learner=text + "x", cells={})])):
        for line in csv.reader(io.StringIO(b"".join(chunks).decode(), newline="")):
            for cell in line:
                assert not cell.lstrip().startswith(("=", "+", "-", "@"))
                assert not cell.startswith(("\t", "\r", "\n"))


def test_json_holds_every_row() -> None:
    told = json.loads(b"".join(cohort.json(ROWS)))
    assert told["schema"] == "transfer-grader/cohort/v1"
    assert [each["learner"] for each in told["rows"]] == ["ann", "ben", "ben", "cho"]
    assert told["rows"][0]["late"]["deducted"] == 1
    assert told["rows"][0]["result"]["earned"] == 2
    assert told["rows"][1]["result"] == {"fault": "@broken"}
    assert json.loads(b"".join(cohort.json([])))["rows"] == []


def test_ndjson_has_a_line_for_each_row_and_says_what_json_says() -> None:
    foul = row(grade("+", next_step="a\nb\u2028c"), "d\ne")
    lines = b"".join(cohort.ndjson([*ROWS, foul])).split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line) for line in lines] == json.loads(b"".join(cohort.json([*ROWS, foul])))["rows"]
    assert b"".join(cohort.ndjson([])) == b""


def test_junit_has_a_suite_per_answer_and_an_error_where_there_is_no_mark() -> None:
    bad = row(grade((outcome("a", "-", message="<&\x1b\u202e"),)), 'a"<b')
    root = ET.fromstring(b"".join(cohort.junit([*ROWS, bad])))
    assert [suite.get("name") for suite in root][:2] == ["ann 03_partial_unfreeze", "ben 03_partial_unfreeze"]
    assert [suite.get("failures") for suite in root] == ["1", "0", "0", "0", "1"]
    assert [suite.get("errors") for suite in root] == ["0", "1", "1", "1", "0"]
    messages = [error.get("message") for error in root.iter("error")]
    assert messages == ["@broken", "-damaged", "not graded yet"]
    (failure,) = root[4].iter("failure")
    assert failure.text == "<&\\x1b\\u202e"


def test_exports_only_need_one_pass(tmp_path: Path) -> None:
    for chunks in (
        table.answers(iter(ROWS)),
        cohort.json(iter(ROWS)),
        cohort.ndjson(iter(ROWS)),
        cohort.junit(iter(ROWS)),
    ):
        path = tmp_path / "out"
        with path.open("wb") as file:
            file.writelines(chunks)
        assert len(re.findall(rb"ben", path.read_bytes())) >= 2
