"""Every small change that cosmic-ray knows, made to a reference solution one at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

RANDOM = ("core/VariableReplacer", "core/VariableInserter")
"""These draw what they put in, so that no list of survivors would hold from one run to the next."""


@dataclass(frozen=True)
class Mutant:
    """A reference solution with one change; ``change`` reads ``old line -> new line``."""

    source: str
    change: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield each mutant that is valid Python and means something else than ``source``, once."""
    known = {_meaning(source)}
    for name in operator_names():
        if name in RANDOM:
            continue
        for changed in _changed(source, name):
            try:
                meaning = _meaning(changed)
            except SyntaxError:
                continue
            if meaning not in known:
                known.add(meaning)
                yield Mutant(changed, _change(source, changed))


def _changed(source: str, operator: str) -> Iterator[str]:
    occurrence = 0
    while (changed := mutate_code(source, get_operator(operator)(), occurrence)) is not None:
        occurrence += 1
        yield changed


def _meaning(source: str) -> str:
    """The syntax tree without what Python does not run: annotations and docstrings."""
    return ast.dump(_Bare().visit(ast.parse(source)))


class _Bare(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if isinstance(node.value, ast.Constant) else node


def _change(before: str, after: str) -> str:
    lines = [(old, new) for old, new in zip(before.splitlines(), after.splitlines(), strict=False) if old != new]
    old, new = lines[0]
    return f"{old.strip()} -> {new.strip()}"
