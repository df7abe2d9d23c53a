"""Python tokens without names, comments, strings, numbers and layout.

Names that everybody has (keywords, builtins, the stub's own, whatever follows a dot) stay; the learner's own become
one and the same. Nothing is parsed, let alone run, so that code with mistakes in it can be compared too.
"""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from collections.abc import Collection, Iterator
from typing import NamedTuple

_LAYOUT = frozenset(
    (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER)
)
_PUBLIC = frozenset(keyword.kwlist) | frozenset(dir(builtins))


class Token(NamedTuple):
    """A piece of normalised code and the line it stands on, counted from 1."""

    text: str
    line: int


def names(source: bytes) -> frozenset[str]:
    """Return every name that a source uses."""
    return frozenset(token.string for token in _tokens(source) if token.type == tokenize.NAME)


def normalised(source: bytes, common: Collection[str]) -> list[Token]:
    """Return the code without what a learner changes first; names in ``common`` stay."""
    found = []
    dotted = fresh = False
    tokens = list(_tokens(source))
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        docstring = token.type == tokenize.STRING and fresh and after is not None and after.type == tokenize.NEWLINE
        if token.type not in _LAYOUT and not docstring:
            kept = dotted or token.string in _PUBLIC or token.string in common
            found.append(Token(_shape(token, kept=kept), token.start[0]))
        dotted = token.string == "."
        fresh = token.type in _LAYOUT
    return found


def _shape(token: tokenize.TokenInfo, *, kept: bool) -> str:
    match token.type:
        case tokenize.NAME:
            return token.string if kept else "name"
        case tokenize.NUMBER:
            return "0"
        case tokenize.STRING:
            return '""'
    return token.string


def _tokens(source: bytes) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of a source, up to the first place where it is not Python."""
    text = source.decode("utf-8", "replace").replace("\0", " ")
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return
