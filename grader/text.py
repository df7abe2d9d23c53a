"""Make learner-made text harmless to look at: no control characters, no bidi tricks, no broken Unicode."""

from __future__ import annotations

import unicodedata
from typing import Any

_KEPT = frozenset("\n\t")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories that are shown as escapes: controls, formatting such as bidi marks, surrogates, …"""


def clean_text(text: str) -> str:
    """Return the text with everything invisible or harmful written as an escape, as repr() would."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


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
