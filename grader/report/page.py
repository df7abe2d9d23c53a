"""A result as one HTML file: no network, no script, readable on a phone, in print, light and dark."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader import files
from grader.errors import UsageError
from grader.records import Account, Grade, Verdict

from .drawing import FILTERS
from .telling import by_function

_CODE = re.compile(r"`([^`\n]+)`")


def html(result: Grade | Account) -> str:
    """Render the page."""
    if isinstance(result, Account):
        return environment().get_template("account.html").render(result=result)
    passed = sum(outcome.verdict is Verdict.PASSED for outcome in result.outcomes)
    return environment().get_template("grade.html").render(result=result, passed=passed)


def write(result: Grade | Account, path: Path, *, within: Path | None = None) -> None:
    """Write the page, into a folder that is made when there is none; raise UsageError when that cannot be done."""
    try:
        files.write_text(path, html(result), within=within)
    except OSError as error:
        raise UsageError(f"The report could not be written to {path}: {error.strerror}.") from error


@functools.cache
def environment() -> Environment:
    """Return the environment of everything that a browser shows: what is put into a template is escaped."""
    made = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["prose"] = prose
    made.filters["by_function"] = by_function
    made.filters |= FILTERS
    return made


def prose(text: str) -> Markup:
    """Escape a sentence and set what stands between backquotes as code; nothing else is markup."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped on this line
