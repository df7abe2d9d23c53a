"""What a run declares to be frozen, by names and globs."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterable
from fnmatch import translate

from torch import nn

from .survey import Survey, ancestors, survey

Declared = Callable[[str], bool]
"""Whether a name, or something it lies in, was declared."""


def declared(patterns: Iterable[str], found: Survey) -> Declared:
    """Return the test that patterns make; ValueError where one of them names nothing in the model."""
    literal, globs = set[str](), list[re.Pattern[str]]()
    names = {part for name in (*found.modules, *_tensor_names(found)) for part in ancestors(name)}
    for pattern in patterns:
        if pattern in names:
            literal.add(pattern)
            continue
        glob = re.compile(translate(pattern))
        if not any(map(glob.match, names)):
            raise ValueError(_nothing_called(pattern, names))
        globs.append(glob)
    if not literal and not globs:
        raise ValueError("Nothing is declared frozen, so there is nothing to audit.")

    @functools.cache
    def is_declared(name: str) -> bool:
        return any(part in literal or any(glob.match(part) for glob in globs) for part in ancestors(name))

    return is_declared


def frozen_entries(found: Survey, is_declared: Declared) -> set[str]:
    """Return the entries in the frozen set; of tied weights, one name that is declared is enough."""
    return {entry.name for entry in found.entries.values() if any(map(is_declared, (entry.name, *entry.aliases)))}


def frozen_modules(found: Survey, is_declared: Declared) -> list[str]:
    """Return the modules in the frozen set: declared, or all of whose tensors are; the rest follows its parent."""
    holds: dict[str, set[bool]] = {}
    for name in _tensor_names(found):
        is_frozen = is_declared(name)
        for module in ("", *ancestors(name.rpartition(".")[0])):
            holds.setdefault(module, set()).add(is_frozen)
    frozen = set[str]()
    for name in found.modules:
        inherited = name not in holds and name.rpartition(".")[0] in frozen
        if is_declared(name) or holds.get(name) == {True} or inherited:
            frozen.add(name)
    return [name for name in found.modules if name in frozen]


def everything_but(model: nn.Module, *trainable: str) -> tuple[str, ...]:
    """Return the names of all parameters and buffers outside these names or globs, ready to be declared frozen."""
    found = survey(model)
    learns = declared(trainable, found)
    return tuple(name for name in _tensor_names(found) if not learns(name))


def _tensor_names(found: Survey) -> list[str]:
    return [name for entry in found.entries.values() for name in (entry.name, *entry.aliases)]


def _nothing_called(pattern: str, names: Iterable[str]) -> str:
    known = sorted(names)
    close = difflib.get_close_matches(pattern, known, n=3) or [name for name in known if "." not in name]
    return f"Nothing in the model is called {pattern!r}. It has {', '.join(close[:12])}."
