"""A line that raises costs what it would have defined, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import grade as grade_one
from grader.pipeline import observe
from grader.places import SOLUTIONS
from grader.records import Grade, Verdict
from grader.wire.surroundings import remark

EXERCISE = course.exercises()["08_choose_depth"]
SOLUTION = (SOLUTIONS / EXERCISE.filename).read_text("utf-8")
FIRST, SECOND = SOLUTION.split("def next_smaller_depth")
SECOND = f"def next_smaller_depth{SECOND}"
Graded = Callable[..., Grade]


@pytest.fixture
def graded(sandbox: Sandbox, tmp_path: Path) -> Graded:
    """Return what grades a file, or a notebook of several cells."""

    def grade(*texts: str) -> Grade:
        path = tmp_path / EXERCISE.filename
        path.write_text(texts[0], "utf-8")
        if len(texts) > 1:
            path = path.with_suffix(".ipynb")
            cells = [nbformat.v4.new_code_cell(text) for text in texts]
            nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return grade_one(discover(path, learner="learner-01"), sandbox)

    return grade


@pytest.mark.parametrize(
    "line",
    [
        "import nothing_of_this_name.pyplot as plt",
        "from utils import helper",
        "rows = open('scores.csv').read()",
        "raise SystemExit",
        "raise KeyboardInterrupt",
        "return 3",
        "urllib.request.urlopen('https://example.org')",
    ],
)
def test_a_line_that_raises_costs_nothing_else(graded: Graded, line: str) -> None:
    one = graded(f"import urllib.request\n{line}\n{SOLUTION}\n{line}\n")
    assert one.full_marks
    assert one.next_step.startswith("All points.")
    assert one.evidence.crash
    assert one.evidence.crash.line == 2
    assert one.evidence.crash.text == line


def test_what_it_would_have_defined_is_missing_and_that_is_said(graded: Graded) -> None:
    one = graded(f"import utils\n{FIRST}\n@utils.cached\n{SECOND}")
    assert one.next_step == (
        "A line of your file raised ModuleNotFoundError in line 1: `import utils` (No module named 'utils'), and the "
        "rest was run without it. Your file is run alone: nothing that lies beside it on your machine is there, and of "
        "packages only what is installed: numpy, safetensors, torch, torchvision, transformers."
    )
    assert {o.function for o in one.outcomes if o.verdict is Verdict.PASSED} == {"choose_cheapest"}
    assert {o.message for o in one.outcomes if o.function == "next_smaller_depth"} == {
        "`next_smaller_depth` is not defined, and a line of your file raised an exception."
    }


def test_a_line_that_cost_nothing_is_told_behind_what_leads_to_the_mistake(graded: Graded) -> None:
    wrong = SECOND.replace("(below + chosen) // 2", "(below + chosen + 1) // 2")
    one = graded(f"import nothing_of_this_name\n{FIRST}{wrong}")
    assert one.next_step.startswith("Start with `next_smaller_depth`. Of the depths between 2 and 7")
    assert "A line of your file raised ModuleNotFoundError in line 1" in one.next_step
    unknown = graded(f"from utils import half\n{FIRST}{SECOND.replace('(below + chosen) // 2', 'half(below, chosen)')}")
    assert unknown.next_step.startswith("A line of your file raised ModuleNotFoundError in line 1")


def test_nothing_is_asked_where_nothing_is_defined(graded: Graded) -> None:
    for text in ("def choose_cheapest(:\n    pass\n", "raise ValueError\n", "\0"):
        one = graded(text)
        assert one.earned == 0
        assert {outcome.verdict for outcome in one.outcomes} == {Verdict.BLOCKED}
        assert "could not be imported" in one.next_step


def test_an_exception_while_importing_is_no_refusal(graded: Graded) -> None:
    """Guards ask for a ValueError; one from a line outside of the function is none."""
    one = graded("x = 1\nraise ValueError\ndef helper(): ...\n")
    assert one.earned == 0


def test_a_cell_that_is_no_python_or_raises_spoils_no_other(graded: Graded) -> None:
    one = graded("from __future__ import annotations", "for x in", FIRST, "choose_cheapest([])", "display(x)", SECOND)
    assert one.full_marks
    assert one.evidence.crash
    assert (one.evidence.crash.cell, one.evidence.crash.line) == (2, 1)


def test_what_a_notebook_brings_along_is_there(graded: Graded) -> None:
    one = graded(f"get_ipython().run_line_magic('matplotlib', 'inline')\ndisplay('seen')\n{SOLUTION}")
    assert one.full_marks
    assert one.evidence.crash is None
    assert one.evidence.console == "seen\n"


def test_what_the_future_changes_is_changed_in_what_follows(graded: Graded) -> None:
    one = graded(f"from __future__ import annotations\ndef helper(x: Undefined): ...\n{SOLUTION}")
    assert one.full_marks
    assert one.evidence.crash is None


def test_hours_of_waiting_for_a_network_are_spared(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / EXERCISE.filename
    path.write_text(f"import transformers\ntransformers.AutoModel.from_pretrained('bert-base-uncased')\n{SOLUTION}")
    seen = observe(discover(path, learner="learner-01"), EXERCISE, sandbox, 5)
    assert seen.crash
    assert not seen.interruptions
    assert remark(seen.crash.type, seen.crash.message) == "There is no network where your code is run."


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("open('kept.txt', 'w')", "nothing can be written"),
        ("torch.save({}, 'kept.pt')", "nothing can be written"),
        ("os.makedirs('kept')", "nothing can be written"),
        ("subprocess.run(['ls'])", "no program can be started"),
        ("socket.create_connection(('192.0.2.1', 80))", "there is no network"),
        ("torch.zeros(1).cuda()", "There is no GPU"),
        ("input()", "Nobody is there to answer"),
    ],
)
def test_what_the_walls_forbid_is_told_as_what_it_is(graded: Graded, code: str, told: str) -> None:
    body = f"import os, socket, subprocess, torch\n\n\ndef choose_cheapest(rows, gain):\n    {code}\n"
    failed = [outcome for outcome in graded(body).outcomes if outcome.function == "choose_cheapest"]
    assert any(told in outcome.message for outcome in failed), failed[0].message


def test_an_ordinary_mistake_has_nothing_to_do_with_it() -> None:
    assert remark("ValueError", "no strategy is left") == ""
    assert remark("FileNotFoundError", "") == ""
