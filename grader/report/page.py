"""The grade as one HTML file: no network, no script, readable on a phone, in print, light and dark."""

from __future__ import annotations

import functools
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.records import FreezeMap, Grade, Verdict

_CODE = re.compile(r"`([^`\n]+)`")


def html(grade: Grade) -> str:
    """Render the page."""
    passed = sum(outcome.verdict is Verdict.PASSED for outcome in grade.outcomes)
    return _environment().get_template("grade.html").render(grade=grade, passed=passed)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    environment.filters["agrees"] = agrees
    return environment


def prose(text: str) -> Markup:
    """Escape a sentence and set what stands between backquotes as code; nothing else is markup."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped on this line


def agrees(figure: FreezeMap, row: int, column: int) -> bool:
    """Whether a cell of a freeze map was seen as expected."""
    return figure.seen[row][column] == float(figure.expected[row][column])
