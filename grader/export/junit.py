"""JUnit XML, as GitLab and most CI systems read it: a suite per exercise, a case per check."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.records import Outcome, Verdict
from grader.text import clean_line, clean_text

from .common import HIDDEN, NOT_RUN, Result, outcomes


def document(results: Sequence[Result]) -> bytes:
    """Return the document. A failed check is a failure, one that could not be judged an error."""
    root = Element("testsuites", name="transfer-grader")
    for result in results:
        add_suite(root, result, result.exercise)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def add_suite(root: Element, result: Result, name: str) -> None:
    """Append the suite of one result."""
    rows = outcomes(result)
    suite = SubElement(
        root,
        "testsuite",
        name=name,
        tests=str(len(rows)),
        failures=str(sum(row.verdict is Verdict.FAILED for row in rows)),
        errors=str(sum(_is_error(row) for row in rows)),
        skipped=str(sum(row.check == HIDDEN for row in rows)),
        time=f"{result.evidence.seconds:.3f}",
    )
    for row in rows:
        _add_case(suite, result, row)


def _add_case(suite: Element, result: Result, row: Outcome) -> None:
    case = SubElement(suite, "testcase", classname=result.exercise, name=row.title, time="0.000")
    properties = SubElement(case, "properties")
    SubElement(properties, "property", name="points", value=str(row.points))
    if row.check == HIDDEN:
        SubElement(case, "skipped", message=NOT_RUN)
    elif row.verdict is not Verdict.PASSED:
        kind = "error" if _is_error(row) else "failure"
        SubElement(case, kind, message=clean_line(row.message)).text = clean_text(row.message)


def _is_error(row: Outcome) -> bool:
    return row.verdict is Verdict.BLOCKED and row.check != HIDDEN
