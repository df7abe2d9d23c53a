"""Sanitise learner-made text: no control characters, no bidirectional overrides, no commands to a CI runner."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path
from typing import Any, TextIO

_KEPT = frozenset("\n\t")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories that are shown as escapes: controls, formatting such as bidi marks, surrogates, …"""
_COMMAND = re.compile(
    r"::(?=(?:add-mask|add-matcher|add-path|debug|echo|end-?group|error|group|notice|remove-matcher|save-state"
    r"|set-env|set-output|stop-commands|warning)\b)",
    re.IGNORECASE,
)
"""Begins a workflow command where a CI job's output is read by GitHub's runner; ``##[`` is its older form."""
_HARMLESS_COLONS = "\N{PROPORTION}"


def clean_text(text: str) -> str:
    """Return the text with everything invisible or harmful written as an escape, as repr() would."""
    text = _COMMAND.sub(_HARMLESS_COLONS, text).replace("##[", "## [")
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def clean_line(text: str) -> str:
    """Return the text cleaned and on one line: for names and paths."""
    return clean_text(text).replace("\n", "\\n").replace("\t", "\\t")


def shown(path: Path) -> str:
    """Return a path, in which every name may be a learner's, as it is told to people."""
    return clean_line(str(path))


def _visible(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def clean(value: Any) -> Any:
    """Return JSON with every text in it cleaned, keys included."""
    match value:
        case str():
            return clean_text(value)
        case list():
            return [clean(item) for item in value]
        case dict():
            return {clean_text(str(key)): clean(item) for key, item in value.items()}
    return value


_STAND_INS = {
    "✓": "+",
    "✗": "x",
    "…": "~",
    "·": "-",
    "█": "#",
    "░": ".",
    "─": "-",
    "→": ">",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
}
"""What stands for a sign of ours where a console has none, as wide as the sign itself."""


def never_fail(stream: TextIO) -> None:
    """Have a stream write what its encoding has no sign for as a stand-in: a console of Windows has some 250 signs."""
    codecs.register_error("stand-in", _stand_in)
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="stand-in")


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_STAND_INS.get(sign, "?") for sign in signs), error.end
