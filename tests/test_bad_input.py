"""A broken submission gets a clear sentence with the learner's own line, and what can be judged is judged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.records import Ending, Grade, Verdict

Graded = Callable[..., Grade]
CALL = "    blocks = backbone_blocks(model)\n    if not"


def said(grade: Grade) -> str:
    return " ".join([grade.next_step, *(outcome.message for outcome in grade.outcomes)])


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def f(:\n    pass\n", "SyntaxError in line 1: `def f(:`"),
        (b"x = 1\ny = '\0'\n", "in line 2: `y = '\\0'` (the file holds a null byte"),
        (b"# caf\xe9\nx = 1\n", "in line 1: `# caf\\xe9` (the file is not UTF-8 text"),
        ("import torhc\n", "ModuleNotFoundError in line 1: `import torhc` (No module named 'torhc')"),
        ("import sys\nsys.exit(0)\n", "Your file ends the program while it is being imported, in line 2"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt in line 1"),
        ("x = 1\n", "Your file has no function named `backbone_blocks`"),
    ],
    ids=["syntax", "null", "encoding", "import", "exit", "interrupt", "missing"],
)
def test_a_file_that_does_not_import_says_why(graded: Graded, source: str | bytes, sentence: str) -> None:
    grade = graded(source)
    assert grade.earned == 0
    assert sentence in said(grade)


def test_a_wrong_signature_costs_only_that_function(graded: Graded, solution: str) -> None:
    grade = graded(solution.replace("(model: nn.Module, depth: int)", "(model)"))
    assert "takes 1 positional argument but 2 were given" in said(grade)
    assert grade.earned == 8


def test_a_wrong_return_type_is_shown(graded: Graded, solution: str) -> None:
    grade = graded(solution.replace("    return [head + sum", "    return 'many' or [head + sum"))
    assert "`trainable_by_depth(model)` returned `'many'`" in said(grade)
    assert grade.earned == 12


def test_an_exception_names_the_learners_line(graded: Graded, solution: str) -> None:
    grade = graded(solution.replace("    sizes = {", "    oops = model.nothing_here\n    sizes = {"))
    assert "raised AttributeError" in said(grade)
    assert "`oops = model.nothing_here`" in said(grade)
    assert grade.earned == 12


@pytest.mark.usefixtures("impatient")
def test_an_endless_loop_costs_only_what_it_stands_in(graded: Graded, solution: str) -> None:
    # On one line, because of two it is chance which one is running.
    grade = graded(solution.replace("    sizes = {", "    while True: pass\n    sizes = {"))
    line = solution[: solution.index("    sizes = {")].count("\n") + 1
    assert grade.evidence.ending is Ending.TIMED_OUT
    assert f"In `trainable_by_depth`, your code was still running after 5 s and was stopped. Line {line}" in said(grade)
    assert grade.earned == 12
    assert "zygote" not in grade.evidence.console


@pytest.mark.usefixtures("impatient")
def test_a_loop_in_one_function_leaves_the_others_judged(graded: Graded, solution: str) -> None:
    grade = graded(solution.replace(CALL, "    while depth == 1:\n        pass\n" + CALL))
    others = [outcome for outcome in grade.outcomes if outcome.function != "partial_unfreeze"]
    assert {outcome.verdict for outcome in others} == {Verdict.PASSED}
    assert grade.earned < grade.possible


def test_a_hundred_megabytes_of_output_cost_nothing(graded: Graded, solution: str) -> None:
    flood = (
        "    for _ in range(100 if depth == 1 and not hasattr(nn, 'done') else 0):\n"
        "        print(('x' * 1023 + '\\n') * 1024)\n"
        "    nn.done = True\n"
    )
    grade = graded(solution.replace(CALL, flood + CALL))
    assert grade.full_marks
    assert len(grade.evidence.console) <= 16_000


def test_ten_gigabytes_are_refused_at_the_learners_line(graded: Graded, solution: str) -> None:
    grade = graded(
        solution.replace("    sizes = {", "    hoard = [bytearray(1 << 30) for _ in range(10)]\n    sizes = {")
    )
    assert "raised MemoryError: more memory than the exercise allows (line" in said(grade)
    assert grade.earned == 12


def test_ending_the_process_costs_only_that_part(graded: Graded, solution: str) -> None:
    grade = graded(solution.replace("    sizes = {", "    import os\n    os._exit(0)\n    sizes = {"))
    assert "In `trainable_by_depth`, your code ended the whole process (exit status 0)" in said(grade)
    assert grade.earned == 12


def test_warnings_and_stderr_cost_nothing(graded: Graded, solution: str) -> None:
    grade = graded("import sys, warnings\nwarnings.warn('careful')\nprint('oh', file=sys.stderr)\n" + solution)
    assert grade.full_marks
    assert "careful" in grade.evidence.console


def test_a_missing_function_elsewhere_leaves_the_rest(graded: Graded, solution: str) -> None:
    grade = graded(solution.replace("def trainable_by_depth", "def trainable_per_depth"))
    assert "Your file has no function named `trainable_by_depth`." in said(grade)
    assert grade.earned == 12


def test_an_unwritten_helper_blocks_what_calls_it(graded: Graded, solution: str) -> None:
    start = solution.index("    names = [name for name, _ in model")
    end = solution.index("def partial_unfreeze")
    grade = graded(solution[:start] + "    raise NotImplementedError\n\n\n" + solution[end:])
    assert "`backbone_blocks` is still to be written" in said(grade)
    assert "`partial_unfreeze` is still" not in said(grade)
