"""JUnit XML: a document that every reader takes, with each check in its place."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from grader.export.common import NOT_RUN
from grader.export.junit import document
from grader.records import Account, Grade, Verdict

STRANGE = "\x00 \x1b[31m \ufffe \ud800 <b> & ]]> \u202e"


@pytest.fixture
def grade(graded: Callable[..., Grade], solution: str) -> Grade:
    """One with every verdict: a part that ended the process blocks what it would have shown."""
    broken = solution.replace("    sizes = {", f"    raise ValueError({STRANGE!r})\n    sizes = {{")
    return graded(
        broken.replace("    blocks = backbone_blocks(model)\n    if not", "    import os; os._exit(0)\n    if not")
    )


def test_counts_and_cases_agree(grade: Grade) -> None:
    root = ET.fromstring(document([grade, grade]))
    assert [suite.get("name") for suite in root] == [grade.exercise] * 2
    suite = root[0]
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests", "")) == len(grade.outcomes)
    for tag, verdict, counter in (
        ("failure", Verdict.FAILED, "failures"),
        ("error", Verdict.BLOCKED, "errors"),
        ("skipped", None, "skipped"),
    ):
        expected = [outcome.title for outcome in grade.outcomes if outcome.verdict is verdict]
        assert [case.get("name") for case in cases if case.find(tag) is not None] == expected
        assert suite.get(counter) == str(len(expected))
    assert {outcome.verdict for outcome in grade.outcomes} == set(Verdict)


def test_points_are_whole_numbers_in_the_properties(grade: Grade) -> None:
    values = [each.get("value") for each in ET.fromstring(document([grade])).iter("property")]
    assert values == [str(outcome.points) for outcome in grade.outcomes]


def test_strange_text_stays_text(grade: Grade) -> None:
    raw = document([grade]).decode("utf-8")
    assert "<b>" not in raw
    messages = [each.text or "" for each in ET.fromstring(raw).iter("failure")]
    assert any("<b> & ]]>" in message for message in messages)


def test_what_did_not_run_is_skipped(grade: Grade) -> None:
    fields = ("exercise", "title", "learner", "path", "next_step", "set_aside", "evidence", "provenance")
    told = {name: getattr(grade, name) for name in fields}
    root = ET.fromstring(document([Account(observations=(), unfinished=(), **told)]))
    assert [case.get("name") for case in root.iter("testcase") if case.find("skipped") is not None] == [NOT_RUN]
    assert root[0].get("skipped") == "1"
