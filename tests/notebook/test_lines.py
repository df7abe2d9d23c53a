"""Whatever goes wrong in a notebook is told by cell and line, in every report."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import grade
from grader.records import Ending, Grade
from grader.report import html, show

Handed = Callable[..., Grade]


@pytest.fixture
def handed(sandbox: Sandbox, tmp_path: Path) -> Handed:
    """Hand in a notebook of these code cells, with a note between any two, as exercise 03."""

    def run(*cells: str) -> Grade:
        path = tmp_path / "03_partial_unfreeze.ipynb"
        note = {"cell_type": "markdown", "source": "A note.", "metadata": {}}
        code = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
        made = [part for cell in code for part in (note, cell)]
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}))
        return grade(discover(path, learner="learner-01"), sandbox, 20_260)

    return run


@pytest.fixture
def functions(solution: str) -> list[str]:
    """The solution, one function a cell."""
    head, *functions = solution.split("\ndef ")
    return [head, *(f"def {function}" for function in functions)]


def said(one: Grade) -> list[str]:
    """Return what the terminal and the page say."""
    paper = io.StringIO()
    show(Console(file=paper, width=2_000), one, None)
    return [paper.getvalue(), html(one)]


def test_a_solution_in_cells_earns_everything(handed: Handed, functions: list[str]) -> None:
    one = handed(*functions, "%timeit backbone_blocks")
    assert one.full_marks
    assert one.set_aside == (
        f"Code cell {len(functions) + 1}, line 1 was not run: `%timeit backbone_blocks` is no Python.",
    )
    for text in said(one):
        assert "is no Python." in text


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("def f(:\n    pass", "SyntaxError in code cell 3, line 1: `def f(:`"),
        ("\nimport torhc", "ModuleNotFoundError in code cell 3, line 2: `import torhc`"),
        ("import sys\nsys.exit()", "while it is being imported, in code cell 3, line 2: `sys.exit()`"),
    ],
    ids=["syntax", "import", "exit"],
)
def test_a_cell_that_cannot_be_imported_is_named(handed: Handed, cell: str, sentence: str) -> None:
    one = handed("x = 1", "y = 2", cell)
    assert one.evidence.crash
    assert one.evidence.crash.cell == 3
    assert sentence in one.next_step
    assert sentence in said(one)[0]


def test_an_exception_in_a_function_is_told_by_cell(handed: Handed, functions: list[str]) -> None:
    functions[-1] = functions[-1].replace("    sizes = {", "    oops = model.nothing_here\n    sizes = {")
    line = functions[-1][: functions[-1].index("    oops")].count("\n") + 1
    for text in said(handed(*functions)):
        assert f"(code cell {len(functions)}, line {line}: " in text


def test_a_function_still_to_be_written_is_told_by_cell(handed: Handed, functions: list[str]) -> None:
    unwritten = "def backbone_blocks(model):\n    # first\n    raise NotImplementedError"
    one = handed(*functions, unwritten)
    assert f"`backbone_blocks` is still to be written (code cell {len(functions) + 1}, line 3)." in one.next_step


@pytest.mark.usefixtures("impatient")
def test_an_endless_loop_is_told_by_cell(handed: Handed) -> None:
    one = handed("x = 1", "while x:\n    pass")
    assert one.evidence.ending is Ending.TIMED_OUT
    assert "Code cell 2, line " in one.next_step


def test_a_line_that_the_notebook_does_not_have_is_not_believed(handed: Handed) -> None:
    one = handed(
        "compile_ = compile('\\n' * 998 + 'raise ValueError', '03_partial_unfreeze.ipynb', 'exec')\nexec(compile_)"
    )
    assert one.evidence.crash
    assert (one.evidence.crash.line, one.evidence.crash.cell) == (None, None)
    assert "could not be imported: ValueError" in one.next_step
