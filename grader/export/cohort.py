"""A whole cohort, streamed: every row as JSON, in one document or line by line, every grade as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import msgspec

from grader.records import Grade
from grader.records.cohort import Refused, Row, Ungraded
from grader.text import clean_line

from .junit import add_suite

SCHEMA = "transfer-grader/cohort/v1"
"""Version of the JSON; it changes when a field changes meaning."""


def json(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield one object whose ``rows`` has a line for each."""
    yield b'{"schema":' + msgspec.json.encode(SCHEMA) + b',"rows":['
    between = b"\n"
    for row in rows:
        yield between + msgspec.json.encode(row)
        between = b",\n"
    yield b"\n]}\n"


def ndjson(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield one object and line for each row, the same that ``json`` has."""
    for row in rows:
        yield msgspec.json.encode(row) + b"\n"


def junit(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a document with a suite for each row; a row without a mark is a suite with one error."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="transfer-grader">\n'
    for row in rows:
        parent = Element("parent")
        name = clean_line(f"{row.learner} {row.exercise}")
        if isinstance(row.result, Grade):
            add_suite(parent, row.result, name)
        else:
            _add_no_mark(parent, row, row.result, name)
        (suite,) = parent
        indent(suite)
        yield tostring(suite, encoding="utf-8") + b"\n"
    yield b"</testsuites>\n"


def _add_no_mark(parent: Element, row: Row, result: Ungraded | Refused | None, name: str) -> None:
    suite = SubElement(parent, "testsuite", name=name, tests="1", failures="0", errors="1", skipped="0", time="0.000")
    case = SubElement(suite, "testcase", classname=row.exercise, name="There is a mark", time="0.000")
    match result:
        case Ungraded(fault=why) | Refused(reason=why):
            SubElement(case, "error", message=clean_line(why))
        case None:
            SubElement(case, "error", message=row.obstacle)
