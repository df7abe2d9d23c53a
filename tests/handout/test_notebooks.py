"""Stubs as notebooks: the same code, cell by cell, with metadata that nbgrader's own validator accepts."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import course
from grader.judging.check import points
from grader.notebook import read_notebook
from grader.places import EXERCISES, SOLUTIONS
from grader.records import Exercise, Grade

CODE = [each for each in course.exercises().values() if (EXERCISES / f"{each.slug}.py").is_file()]


def read(notebooks: Path, exercise: Exercise) -> Any:
    return nbformat.read(notebooks / "exercises" / f"{exercise.slug}.ipynb", as_version=4)


def body(source: str | bytes) -> str:
    """Return the code without the docstring at the top."""
    module = ast.parse(source)
    first = module.body[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return ast.dump(ast.Module(module.body[1:] if docstring else module.body, []))


@pytest.mark.parametrize("exercise", CODE, ids=lambda each: each.slug)
def test_a_notebook_holds_the_stubs_code(notebooks: Path, exercise: Exercise) -> None:
    path = notebooks / "exercises" / f"{exercise.slug}.ipynb"
    found = read_notebook(path.read_bytes(), path.name)
    assert body(found.source) == body((EXERCISES / f"{exercise.slug}.py").read_text("utf-8"))
    assert found.set_aside == ()
    assert not (notebooks / "exercises" / f"{exercise.slug}.py").exists()


@pytest.mark.parametrize("exercise", CODE, ids=lambda each: each.slug)
def test_each_function_has_a_cell_of_its_own_with_its_points(notebooks: Path, exercise: Exercise) -> None:
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in read(notebooks, exercise).cells}
    answers = {name: cell for name, cell in cells.items() if cell.metadata.nbgrader.solution}
    assert list(answers) == [f"{exercise.slug}-{name}" for name in order(exercise)]
    for function in exercise.functions:
        cell = answers[f"{exercise.slug}-{function}"]
        assert len(ast.parse(cell.source).body) == 1
        assert cell.metadata.nbgrader.points == points(exercise)[function]
    assert all(cell.metadata.nbgrader.locked for name, cell in cells.items() if name not in answers)


def order(exercise: Exercise) -> list[str]:
    """Return the functions as the stub has them."""
    module = ast.parse((EXERCISES / f"{exercise.slug}.py").read_text("utf-8"))
    names = [each.name for each in module.body if isinstance(each, ast.FunctionDef)]
    return [name for name in names if name in exercise.functions]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:.*Jupyter is migrating.*")
@pytest.mark.parametrize("exercise", CODE, ids=lambda each: each.slug)
def test_nbgraders_own_validator_accepts_the_metadata(notebooks: Path, exercise: Exercise) -> None:
    made = read(notebooks, exercise)
    nbformat.validate(made)
    validator = pytest.importorskip("nbgrader.nbgraderformat").MetadataValidator()
    validator.validate_nb(made)
    made.cells[1].metadata.nbgrader.surprise = 1
    with pytest.raises(Exception, match="surprise"):
        validator.validate_nb(made)


def test_a_notebook_that_a_learner_filled_in_is_graded(
    notebooks: Path, graded: Callable[..., Grade], tmp_path: Path
) -> None:
    notebook = json.loads((notebooks / "exercises" / "08_choose_depth.ipynb").read_text())
    solution = (SOLUTIONS / "08_choose_depth.py").read_text("utf-8")
    functions = {node.name: node for node in ast.parse(solution).body if isinstance(node, ast.FunctionDef)}
    whole = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in whole:
        source = "".join(cell["source"])
        name = next((name for name in functions if source.startswith(f"def {name}(")), None)
        if name:
            cell["source"] = ast.get_source_segment(solution, functions.pop(name))
    whole[0]["source"] = "".join(whole[0]["source"]) + "\n" + helpers(solution, functions)
    path = tmp_path / "08_choose_depth.ipynb"
    path.write_text(json.dumps(notebook))
    source = read_notebook(path.read_bytes(), path.name).source
    assert graded(source, slug="08_choose_depth").full_marks


def helpers(solution: str, functions: dict[str, ast.FunctionDef]) -> str:
    """Return what the solution has beside the functions that the stub asks for."""
    others = [node for node in ast.parse(solution).body if not isinstance(node, ast.FunctionDef)]
    kept = [node for node in others if not isinstance(node, ast.If)]
    return "\n".join(str(ast.get_source_segment(solution, node)) for node in (*kept, *functions.values()))
