"""From a notebook to Python: which lines are run, which are not, and what is no notebook at all."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import Any

import pytest

from grader.discover import SIZE_CAP, discover
from grader.errors import UsageError
from grader.notebook import BYTES_CAP, CELLS_CAP, LINES_CAP, Source, read_notebook

ROOT = Path(__file__).parent.parent.parent
CODE = sorted(path for room in ("grader", "exercises", "solutions", "fixtures") for path in (ROOT / room).rglob("*.py"))


def notebook(*cells: str | dict[str, Any], **fields: Any) -> bytes:
    made = [{"cell_type": "code", "source": each} if isinstance(each, str) else each for each in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **fields}).encode()


def read(*cells: str | dict[str, Any]) -> Source:
    return read_notebook(notebook(*cells), "03_x.ipynb")


def test_only_code_cells_are_read_and_every_line_keeps_its_place() -> None:
    markdown = {"cell_type": "markdown", "source": "def trap(): ..."}
    found = read("a = 1\nb = 2", markdown, {"cell_type": "code", "source": ["c = 3\n", "d = 4"]})
    assert found.source == b"a = 1\nb = 2\n\nc = 3\nd = 4\n"
    assert [(place.cell, place.line) for place in found.cells] == [(1, 1), (1, 2), (1, 2), (2, 1), (2, 2), (2, 2)]
    assert found.set_aside == ()


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "    !pip install torch",
        "%time model = build()",
        "files = !ls",
        "here = %pwd",
        "model?",
        "nn.Linear??",
        "?model",
        "!echo it's (",
    ],
)
def test_what_only_a_kernel_understands_is_set_aside_with_a_word(line: str) -> None:
    found = read(f"a = 1\n{line}\nb = 2" if line[0] != " " else f"if 1:\n{line}\nb = 2")
    assert ast.parse(found.source)
    assert found.source.endswith(b"b = 2\n")
    assert found.set_aside == (f"Code cell 1, line 2 was not run: `{line.strip()}` is no Python.",)


def test_a_command_over_two_lines_is_set_aside_whole() -> None:
    found = read("!pip install \\\n    torch\nb = 2")
    assert found.source == b"pass\n\nb = 2\n"
    assert len(found.set_aside) == 2


@pytest.mark.parametrize(
    "source",
    [
        'text = """\n%matplotlib inline\n!ls\n"""',
        "x = (7\n% 4)",
        "x = 7 \\\n% 4",
        "x = [\n'(',  # )\n7\n% 4]",
        "s = 'it''s ('\nx = {\n'\"\"\"': 7\n% 4}",
        "'''one'''\ny = '''\n%%bash\n'''",
        'r"""\\"""\nx = 1',
    ],
)
def test_python_that_looks_like_a_command_is_python(source: str) -> None:
    found = read(source)
    assert found.source.decode() == source + "\n"
    assert found.set_aside == ()


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_a_command_after_any_line_is_set_aside_exactly_where_no_statement_is_open(path: Path) -> None:
    source = path.read_text("utf-8")
    lines = source.split("\n")
    found = read("\n".join(f"{line}\n% command" for line in lines)).source.decode().split("\n")
    aside = {number for number in range(1, len(lines) + 1) if found[2 * number - 1] == "pass"}
    assert aside == set(range(1, len(lines) + 1)) - open_after(source)


def open_after(source: str) -> set[int]:
    """Return the lines after which a statement goes on, as Python's own tokenizer sees it."""
    found, start = set(), 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE:
            found.update(range(start, token.end[0]))
            start = 0
        elif not start and token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
            start = token.start[0]
    return found


def test_a_cell_in_another_language_is_set_aside_and_a_timed_one_is_not() -> None:
    found = read("\n%%bash\nrm -rf /\n", "%%time\nx = 1", "%%writefile x.py\ny = (")
    assert ast.parse(found.source)
    assert b"rm" not in found.source
    assert b"x = 1" in found.source
    assert [re.sub("`.*", "", sentence) for sentence in found.set_aside] == [
        "Code cell 1, line 2 was not run: ",
        "Code cell 2, line 1 was not run: ",
        "Code cell 3, line 1 was not run: ",
    ]


def test_many_commands_are_counted_not_listed() -> None:
    found = read("\n".join(["%magic"] * 100))
    assert len(found.set_aside) == 21
    assert found.set_aside[-1] == "80 more lines were not run."


def test_an_open_bracket_does_not_run_on_into_the_next_cell() -> None:
    found = read("x = 1 + \\", "%matplotlib inline\ny = 2")
    assert len(found.set_aside) == 1
    assert found.source == b"x = 1 + \\\n\npass\ny = 2\n"


def test_nbgraders_own_tests_are_not_the_learners_code() -> None:
    def tagged(source: str, *, grade: bool, solution: bool) -> dict[str, Any]:
        about = {"grade": grade, "solution": solution, "locked": not solution, "schema_version": 3, "grade_id": source}
        return {"cell_type": "code", "source": source, "metadata": {"nbgrader": about, "tags": ["remove-cell"]}}

    found = read(
        tagged("imports", grade=False, solution=False),
        tagged("answer", grade=False, solution=True),
        tagged("marked_by_hand", grade=True, solution=True),
        tagged("assert 0", grade=True, solution=False),
    )
    assert found.source == b"imports\n\nanswer\n\nmarked_by_hand\n"


def test_a_notebook_of_an_older_format_is_read() -> None:
    cells = [{"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": [], "language": "python", "metadata": {}}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    assert read_notebook(json.dumps(old).encode(), "03_x.ipynb").source == b"x = 1\ny = 2\n"
    assert read_notebook(json.dumps({**old, "metadata": {"name": "x" * (4 << 20)}}).encode(), "x").source


@pytest.mark.parametrize(
    ("told", "source"),
    [
        (["x = 1", "y = 2"], b"x = 1\ny = 2\n"),
        ("x = 1\r\ny = 2", b"x = 1\ny = 2\n"),
        ([], b"\n"),
    ],
    ids=["lines", "text", "nothing"],
)
@pytest.mark.parametrize("number", [2, 3])
def test_an_older_notebook_is_read_as_jupyter_would(told: str | list[str], source: bytes, number: int) -> None:
    cells = [
        {"cell_type": "heading", "source": "def trap(): ...", "level": 1},
        {"cell_type": "code", "input": told, "outputs": [{"text": "x" * 9}], "language": "python"},
    ]
    old = {"nbformat": number, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}
    found = read_notebook(json.dumps(old).encode(), "03_x.ipynb")
    assert found.source == source
    assert {place.cell for place in found.cells} == {1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not a Jupyter notebook"),
        (b"x = 1", "is not a Jupyter notebook"),
        (b"[]", "is not a Jupyter notebook"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}', "is not a Jupyter notebook"),
        (b'{"nbformat": 4, "x": ' + b"[" * 1_000_000, "is not a Jupyter notebook"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\xff"}]}', "is not a Jupyter notebook"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ' + b"[" * 1_000_000, "is not a Jupyter notebook"),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ' + b"[" * 500 + b"]" * 500 + b"}]}",
            "is not a Jupyter notebook",
        ),
        (b'{"nbformat": 4, "cells": [{"cell_type": 7}]}', "is not a Jupyter notebook"),
        (b'{"nbformat": 3, "worksheets": 7}', "notebook of format 3"),
        (b'{"nbformat": 3, "worksheets": [{}, {}]}', "notebook of format 3"),
        (b'{"nbformat": 3, "worksheets": ' + b"[" * 500 + b"]" * 500 + b"}", "notebook of format 3"),
        (b'{"nbformat": 2, "cells": []}', "notebook of format 2"),
        (b'{"nbformat": 1, "cells": []}', "notebook of format 1"),
        (b'{"nbformat": 5, "cells": []}', "notebook of format 5"),
        (notebook("x", metadata={"language_info": {"name": "R"}}), "is a notebook in r"),
        (notebook(*["x = 1"] * (CELLS_CAP + 1)), "2,001 cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_notebook_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_notebook(content, "03_x.ipynb")


def test_fifty_megabytes_of_output_are_never_built(tmp_path: Path) -> None:
    path = tmp_path / "03.ipynb"
    output = {"output_type": "stream", "text": "x" * (50 << 20)}
    path.write_bytes(notebook({"cell_type": "code", "source": "x = 1", "outputs": [output]}))
    found = discover(path)
    assert (found.exercise, found.source) == ("03_partial_unfreeze", b"x = 1\n")


@pytest.mark.parametrize(
    ("size", "sentence"),
    [(BYTES_CAP, "and 67,108,864 are allowed"), (SIZE_CAP, "bytes of code; more than 1,048,576")],
)
def test_what_is_too_long_is_refused(tmp_path: Path, size: int, sentence: str) -> None:
    path = tmp_path / "03.ipynb"
    path.write_bytes(notebook("#" * size))
    with pytest.raises(UsageError, match=sentence):
        discover(path)


BOMBS = {
    "newlines": (b'{"nbformat":4,"cells":[{"cell_type":"code","source":"', b"\\n", b'"}]}', 31 << 20),
    "empty-lines": (b'{"nbformat":4,"cells":[{"cell_type":"code","source":[""', b',""', b"]}]}", 20 << 20),
    "few-empty-lines": (b'{"nbformat":4,"cells":[{"cell_type":"code","source":["x"', b',""', b"]}]}", 1_390_000),
    "one-sign-lines": (b'{"nbformat":4,"cells":[{"cell_type":"code","source":["x"', b',"\\n"', b"]}]}", 800_000),
    "cells": (b'{"nbformat":4,"cells":[{"cell_type":"raw"}', b',{"cell_type":"raw"}', b"]}", 3_100_000),
    "full-cells": (
        b'{"nbformat":4,"cells":[{"cell_type":"raw"}',
        b',{"cell_type":"raw","metadata":{"nbgrader":{}},"source":0,"input":0}',
        b"]}",
        900_000,
    ),
    "old-newlines": (
        b'{"nbformat":3,"worksheets":[{"cells":[{"cell_type":"code","input":"',
        b"\\n",
        b'"}]}]}',
        1_500_000,
    ),
    "old-cells": (
        b'{"nbformat":3,"worksheets":[{"cells":[{"cell_type":"raw"}',
        b',{"cell_type":"raw"}',
        b"]}]}",
        3_100_000,
    ),
    "old-sheets": (b'{"nbformat":3,"worksheets":[{}', b",{}", b"]}", 20 << 20),
    "old-outputs": (
        b'{"nbformat":3,"worksheets":[{"cells":[{"cell_type":"code","input":"x","outputs":[[]',
        b",[]",
        b"]}]}]}",
        20 << 20,
    ),
}
"""What small archives hold: beginning, what is repeated, end, and how often."""
MORE_CAP = 256 << 20
"""Bytes of memory that refusing 64 MB may take on top of them."""
WEIGH = """
import resource, sys
from grader.errors import UsageError
from grader.notebook import read_notebook
from tests.notebook.test_source import BOMBS
begin, again, end, count = BOMBS[sys.argv[1]]
content = b"".join([begin, again * count, end])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_notebook(content, "03_x.ipynb")
    print("read")
except UsageError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is weighed as Linux counts it")
@pytest.mark.parametrize("name", BOMBS)
def test_what_unfolds_is_refused_before_it_does(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WEIGH, name], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    said, more = done.stdout.splitlines()
    assert re.search("is not an exercise|notebook of format 3", said) or (said == "read") == (name in READABLE), said
    assert int(more) < MORE_CAP


READABLE = {"few-empty-lines", "old-outputs"}
"""Of which little is left in the end."""


def test_lines_are_counted_before_each_gets_its_place() -> None:
    assert len(read("\n".join(["x"] * LINES_CAP)).cells) == LINES_CAP + 1
    with pytest.raises(UsageError, match=r"has 50,001 lines of code; more than 50,000 is not an exercise"):
        read("\n".join(["x"] * LINES_CAP), "")


def test_code_that_is_not_the_learners_is_not_counted() -> None:
    about = {"nbgrader": {"grade": True, "solution": False}}
    test = {"cell_type": "code", "source": "#" * (2 << 20), "metadata": about}
    assert read(test, {"cell_type": "markdown", "source": "#" * (2 << 20)}, "x").source == b"x\n"


def test_a_notebook_without_code_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "03.ipynb"
    path.write_bytes(notebook({"cell_type": "markdown", "source": "hello"}))
    with pytest.raises(UsageError, match="is empty"):
        discover(path)


def test_running_the_cells_again_does_not_change_what_was_handed_in(tmp_path: Path) -> None:
    path = tmp_path / "03.ipynb"
    path.write_bytes(notebook({"cell_type": "code", "source": "x = 1", "execution_count": 1}))
    first = discover(path).sha256
    path.write_bytes(notebook({"cell_type": "code", "source": "x = 1", "execution_count": 2}))
    assert discover(path).sha256 == first
