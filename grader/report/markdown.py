"""Escape learner-made text for Markdown: no HTML, no links, no images, no mentions."""

from __future__ import annotations

import functools
import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_CODE = re.compile(r"`([^`\n]+)`")
_LIVE = re.compile(r"[\\`*_{}\[\]<>|~&$#]|:(?=/)|(?<=www)\.|^(?:[-+=]|\d+(?=[.)]))", re.IGNORECASE)
"""What could begin markup: of punctuation that only counts at the start of a line, that at the start."""


@functools.cache
def environment() -> Environment:
    """Return the environment of Markdown: what an expression yields is prose, unless a filter made it markup."""
    made = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=False,  # noqa: S701  HTML's escapes are not Markdown's; ``finalize`` applies those to everything
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["verbatim"] = verbatim
    return made


@functools.lru_cache(maxsize=4096)  # titles of checks come again for every learner
def prose(text: str) -> Markup:
    """Return a sentence on one line: what stands between backquotes stays code, nothing else is markup."""
    pieces = _CODE.split(" ".join(text.split()))
    return Markup(  # noqa: S704  escaped piece by piece
        "".join(f"`{piece}`" if place % 2 else _escape(piece) for place, piece in enumerate(pieces))
    )


def verbatim(text: str) -> Markup:
    """Return lines as an indented block of code, out of which no line can break."""
    return Markup("\n".join(f"    {line}" for line in text.splitlines()))  # noqa: S704  code is shown as it stands


def _escape(text: str) -> str:
    escaped = _LIVE.sub(lambda found: f"{found[0]}\\" if found[0][0].isdigit() else f"\\{found[0]}", text)
    return escaped.replace("@", "`@`")  # GitHub finds names behind an escaped one too


def _finalize(value: Any) -> Any:
    return value if isinstance(value, Markup) else prose(str(value))
