"""Stubs as notebooks: the text as Markdown, a cell for each function, with the metadata that nbgrader reads."""

from __future__ import annotations

import ast
from typing import Any

from grader.errors import UsageError
from grader.judging.check import points
from grader.records import Exercise


def notebook(exercise: Exercise, stub: str) -> str:
    """Return the JSON of a notebook with the stub's code, cell by cell.

    The cells of the exercise's functions are answers that somebody marks, with the points of their checks: what marks
    them is this grader, not nbgrader. All other cells are read-only. Raise UsageError where jupytext is not installed.
    """
    import nbformat

    try:
        import jupytext
    except ImportError as error:
        raise UsageError("Notebooks are made with jupytext: pip install 'transfer-grader[staff]'") from error
    made = jupytext.reads(stub, fmt="py:light")
    worth = points(exercise)
    for index, cell in enumerate(made.cells):
        if index == 0:
            cell.cell_type, cell.source = "markdown", _as_markdown(cell.source)
            del cell["outputs"], cell["execution_count"]
        name = next((name for name in exercise.functions if cell.source.startswith(f"def {name}(")), None)
        cell.metadata = {"nbgrader": _metadata(f"{exercise.slug}-{name or index}", worth[name] if name else None)}
    made.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(made)
    text: str = nbformat.writes(made)
    return text


def _metadata(name: str, worth: int | None) -> dict[str, Any]:
    """Return nbgrader's metadata, version 3, of an answer worth some points or of a cell to be left alone."""
    answer = worth is not None
    common = {"schema_version": 3, "grade_id": name, "grade": answer, "solution": answer, "locked": not answer}
    return {**common, "task": False, **({"points": worth} if answer else {})}


def _as_markdown(source: str) -> str:
    """Return a module's docstring as Markdown: indented lines are code there, and so are doctests."""
    lines = str(ast.literal_eval(source)).splitlines()
    return "\n".join([f"# {lines[0]}", *lines[1:]])
