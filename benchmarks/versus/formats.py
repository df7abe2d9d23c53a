"""The text of the checks in the shapes that peers want."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from textwrap import indent
from typing import Any

from .assignment import FUNCTIONS, HERE

CHECKS = (HERE / "checks.py").read_text("utf-8")
IMPORT = f"from submission import {', '.join(FUNCTIONS)}\n"


_GRADESCOPE = """import unittest

from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

{helpers}

class Checks(unittest.TestCase):
{methods}

suite = unittest.defaultTestLoader.loadTestsFromTestCase(Checks)
with open("results.json", "w") as stream:
    JSONTestRunner(visibility="visible", stream=stream).run(suite)
"""
_BIND = f"""import check50
import check50.py


def bind():
    submission = check50.py.import_("submission.py")
    globals().update({{name: getattr(submission, name) for name in {FUNCTIONS}}})


"""
_EXISTS = """

@check50.check()
def exists():
    \"\"\"submission.py exists\"\"\"
    check50.exists("submission.py")
"""
_OTTER = """OK_FORMAT = False
name = "q1"
points = None

from otter.test_files import test_case

"""


def helpers(instead: str = IMPORT) -> str:
    """Return everything above the first check, with something instead of the import of the submission."""
    above, found, below = CHECKS[: CHECKS.index("\n\ndef test_")].partition(IMPORT)
    assert found
    return f"{above}{instead}{below}\n"


def checks() -> Iterator[tuple[str, str]]:
    """Yield name and body of each check, the body indented by four."""
    for node in ast.parse(CHECKS).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            lines = CHECKS.splitlines()[node.body[0].lineno - 1 : node.end_lineno]
            yield node.name, "\n".join(lines) + "\n"


def for_gradescope() -> str:
    """Return the checks as unittest's methods, run by gradescope-utils."""
    methods = (f"    @weight(1)\n    def {name}(self):\n{indent(body, ' ' * 4)}\n" for name, body in checks())
    return _GRADESCOPE.format(helpers=helpers(), methods="".join(methods))


def for_check50() -> str:
    """Return a check50 package; torch is imported once, at its top, and inherited by the processes it forks.

    A check has ten seconds, as in our exercise; by itself check50 gives it sixty.
    """
    each = (
        f"\n\n@check50.check(exists, timeout=10)\ndef {name}():\n{_docstring(body)}    bind()\n"
        f"    try:\n{indent(_code(body), ' ' * 4)}"
        "    except AssertionError as failed:\n        raise check50.Failure(str(failed))\n"
        for name, body in checks()
    )
    return helpers(_BIND) + _EXISTS + "".join(each)


def for_otter() -> str:
    """Return a test file of Otter's, in the format that is based on exceptions."""
    bind = f"    globals().update({{name: env[name] for name in {FUNCTIONS}}})\n"
    each = (
        f'\n\n@test_case(name="{name}", points=1)\ndef {name}(env):\n{bind}{_code(body)}' for name, body in checks()
    )
    return _OTTER + helpers("") + "".join(each)


def for_nbgrader() -> dict[str, Any]:
    """Return the instructor's notebook: one cell to be solved, one graded cell of hidden tests per check."""
    solution = f"### BEGIN SOLUTION\n{(HERE / 'submissions' / 'right.py').read_text('utf-8')}### END SOLUTION\n"
    cells = [
        _cell(solution, "solution", solution=True, locked=False),
        _cell(_hidden(helpers("")), "helpers", grade=True, points=0),
    ]
    for name, body in checks():
        cells.append(_cell(_hidden(f"def {name}():\n{body}\n{name}()\n"), name, grade=True, points=1))
    return notebook(cells)


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a notebook of code cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def code_cell(source: str, number: int = 0, **metadata: Any) -> dict[str, Any]:
    """Return a code cell."""
    return {
        "cell_type": "code", "id": f"cell-{number}", "metadata": metadata, "source": source,
        "execution_count": None, "outputs": [],
    }  # fmt: skip


def filled(release: str, source: str) -> dict[str, Any]:
    """Return nbgrader's released notebook with a submission in the cell that is to be solved."""
    book: dict[str, Any] = json.loads(release)
    for cell in book["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = source
    return book


def _cell(source: str, grade_id: str, **more: Any) -> dict[str, Any]:
    about = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": False,
        "solution": False,
        "locked": True,
        "task": False,
    }
    return {**code_cell(source, nbgrader=about | more), "id": grade_id.replace("_", "-")}


def _hidden(text: str) -> str:
    return f"### BEGIN HIDDEN TESTS\n{text}### END HIDDEN TESTS\n"


def _docstring(body: str) -> str:
    return body.partition("\n")[0] + "\n"


def _code(body: str) -> str:
    return body.partition("\n")[2]
