"""The house in order: rooms of a size, and every door labelled with what one meets behind it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 50
LONGER = {
    "grader/course/02_freeze_backbone/seen.py": "four functions, each with a record of its own for what was seen of it",
    "grader/cli/ci.py::ci": "a list of options, each with the sentence that `grade ci --help` prints",
    "grader/cli/cohort.py::batch": "a list of options, each with the sentence that `grade batch --help` prints",
    "grader/cli/grading.py::file": "a list of options, each with the sentence that `grade --help` prints",
    "grader/cli/lab.py::compare": "a list of options, each with the sentence that `grade compare --help` prints",
}
"""A module, or a function as ``path::name``, that is longer, and why."""
ROOMS = ("grader", "fixtures", "tools", "benchmarks", "solutions", "exercises")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
PUBLIC = [path for path in MODULES if path.is_relative_to(ROOT / "grader")]
OUTCOMES = {"Failed", "Waits", "Remark", "KeyboardInterrupt"}
"""Raised as what a check says, or passed on: the vocabulary of the house, and no error."""
ARRAYS = {"Tensor", "ndarray", "NDArray"}
SAYS_SHAPE = re.compile(r"\[[^\]]*\]|shape|scalar|flat|as it is|one per", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def public(path: Path) -> Iterator[tuple[str, Function, str]]:
    """Yield name, function and all documentation that a reader of it sees: its own, its class's and its module's."""
    module = ast.get_docstring(tree(path)) or ""
    for node in tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node.name, node, (ast.get_docstring(node) or "") + module
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            about = (ast.get_docstring(node) or "") + module
            for method in node.body:
                if isinstance(method, Function) and not method.name.startswith("_"):
                    yield f"{node.name}.{method.name}", method, (ast.get_docstring(method) or "") + about


def names_in(node: ast.AST | None) -> set[str]:
    """Return every name and attribute, such as ``np`` and ``ndarray`` of an annotation."""
    nodes = list(ast.walk(node)) if node else []
    return {n.id for n in nodes if isinstance(n, ast.Name)} | {n.attr for n in nodes if isinstance(n, ast.Attribute)}


def raised(function: Function) -> set[str]:
    """Return the names of the exceptions that a function raises itself, and that no ``try`` around them catches."""
    caught = {
        (inner, name)
        for block in ast.walk(function)
        if isinstance(block, ast.Try)
        for name in set().union(*(names_in(handler.type) for handler in block.handlers))
        for statement in block.body
        for inner in ast.walk(statement)
    }
    errors = ((node, node.exc) for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc)
    named = {(node, ast.unparse(error.func if isinstance(error, ast.Call) else error)) for node, error in errors}
    return {name for _, name in named - caught if name[0].isupper()} - OUTCOMES


@cache
def arrays(path: Path) -> set[str]:
    """Return a module's words for arrays, its own and those it imports, less those that say what shape they mean."""
    words = set(ARRAYS)
    for node, below in pairwise([*tree(path).body, ast.Pass()]):
        if isinstance(node, ast.ImportFrom) and node.module:
            place = path.parents[node.level - 1] if node.level else ROOT
            source = place.joinpath(*node.module.split(".")).with_suffix(".py")
            words |= arrays(source) & {each.name for each in node.names} if source in PUBLIC else set()
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and names_in(node.value) & words:
            explained = isinstance(below, ast.Expr) and SAYS_SHAPE.search(ast.unparse(below))
            words |= set() if explained else {node.targets[0].id}
    return words


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_and_no_function_is_longer_than_a_reader_likes(path: Path) -> None:
    sizes = {name_of(path): (len(path.read_text("utf-8").splitlines()), MOST_LINES)} | {
        f"{name_of(path)}::{each.name}": ((each.end_lineno or 0) - each.lineno + 1, MOST_LINES_OF_A_FUNCTION)
        for each in functions(path)
    }
    assert {name: lines for name, (lines, most) in sizes.items() if lines > most and name not in LONGER} == {}


@pytest.mark.parametrize("path", PUBLIC, ids=name_of)
def test_public_functions_name_the_errors_that_they_raise(path: Path) -> None:
    silent = {name: kinds for name, node, told in public(path) if (kinds := {k for k in raised(node) if k not in told})}
    assert silent == {}


@pytest.mark.parametrize("path", PUBLIC, ids=name_of)
def test_public_functions_give_the_shape_of_the_arrays_they_take_and_return(path: Path) -> None:
    silent = [
        name
        for name, node, told in public(path)
        if (names_in(node.args) | names_in(node.returns)) & arrays(path) and not SAYS_SHAPE.search(told)
    ]
    assert silent == []
