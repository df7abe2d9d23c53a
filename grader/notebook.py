"""Convert a notebook to Python source, and map a line of that source back to its cell.

Only the code cells are read; outputs are skipped by the decoder and never built, and code is counted before it is
cut into lines, each of which costs more than its bytes. What a kernel understands and
Python does not (``%magic``, ``!shell``, ``name?``) is set aside line by line, so that every line keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeVar

import msgspec

from .errors import UsageError
from .records import CellLine, Crash, Evidence, Pointer, Record
from .text import clean_line

Pointing = TypeVar("Pointing", bound=Pointer)
FORMAT = 4
"""Of notebooks since 2015."""
BYTES_CAP = 64 << 20
"""Bytes of a notebook, its outputs included."""
CELLS_CAP = 2_000
CODE_CAP = 1 << 20
"""Bytes of code; more is no exercise."""
LINES_CAP = 50_000
"""Lines of code, for each of which its place is kept."""
_WRITTEN_CAP = 4 * CODE_CAP
"""Bytes of code as a notebook writes it: in quotes, most lines with some space before them, some signs as six."""
_OLD_FORMATS = (2, 3)
"""Cells lie in worksheets, and their code is called input."""
_TOLD_CAP = 20
"""Lines set aside that are told one by one."""


class Source(Record, frozen=True, kw_only=True):
    """The Python of a submission."""

    source: bytes
    cells: tuple[CellLine, ...] = ()
    """For a notebook, where each line of the source stands."""
    set_aside: tuple[str, ...] = ()
    """What is not run, one sentence each."""


class _Nbgrader(Record, frozen=True, gc=False):
    grade: bool = False
    solution: bool = False


class _CellMetadata(Record, frozen=True, gc=False):
    nbgrader: _Nbgrader = _Nbgrader()


class _Cell(Record, frozen=True, gc=False):
    """A cell as it is written: millions of them take little memory until they are counted."""

    cell_type: Literal["code", "markdown", "raw", "heading", "html"]
    source: msgspec.Raw = msgspec.Raw(b'""')
    input: msgspec.Raw = msgspec.Raw(b'""')
    """What the source is called in older formats."""
    metadata: _CellMetadata = _CellMetadata()

    @property
    def is_learners(self) -> bool:
        """Whether it is code, and none that nbgrader put there to test the others."""
        return self.cell_type == "code" and (self.metadata.nbgrader.solution or not self.metadata.nbgrader.grade)


class _Worksheet(Record, frozen=True):
    cells: tuple[_Cell, ...] = ()


_Worksheets = tuple[_Worksheet]
"""Nobody's notebook ever had two."""


class _Language(Record, frozen=True):
    name: str = "python"


class _Metadata(Record, frozen=True):
    language_info: _Language = _Language()


class _Notebook(Record, frozen=True):
    nbformat: int
    cells: tuple[_Cell, ...] = ()
    worksheets: msgspec.Raw = msgspec.Raw(b"[]")
    """Of older formats."""
    metadata: _Metadata = _Metadata()


def read_notebook(content: bytes, name: str) -> Source:
    """Return the Python of a notebook; raise UsageError when ``content`` is no such thing."""
    texts = _code(_decode(content, name), name)
    source: list[str] = []
    places: list[CellLine] = []
    aside: list[str] = []
    for number, text in texts.items():
        for index, (line, why_not) in enumerate(_python(text.split("\n")), 1):
            source.append(line)
            places.append(CellLine(cell=number, line=index))
            if why_not:
                aside.append(f"Code cell {number}, line {index} was not run: {why_not}")
        source.append("")  # a cell that breaks off does not run on into the next one
        places.append(places[-1])
    return Source(
        source="\n".join(source).encode("utf-8", "surrogatepass"), cells=tuple(places), set_aside=_some(aside)
    )


def _decode(content: bytes, name: str) -> _Notebook:
    """Decode what is needed of a notebook."""
    try:
        notebook = msgspec.json.decode(content, type=_Notebook)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_notebook(name, error) from error
    if notebook.nbformat in _OLD_FORMATS:
        notebook = msgspec.structs.replace(notebook, cells=_worksheets(notebook, name))
    elif notebook.nbformat != FORMAT:
        raise _other_format(name, notebook)
    _expect_few(name, len(notebook.cells), "cells", CELLS_CAP)
    if (language := notebook.metadata.language_info.name.lower()) not in ("python", "ipython"):
        raise UsageError(f"{name} is a notebook in {clean_line(language[:40])}, and only Python can be graded.")
    return notebook


def _no_notebook(name: str, error: Exception) -> UsageError:
    return UsageError(f"{name} is not a Jupyter notebook: {error}. Open it in Jupyter and save it again.")


def _other_format(name: str, notebook: _Notebook) -> UsageError:
    return UsageError(f"{name} is a notebook of format {notebook.nbformat}; open it in Jupyter and save it as 4.")


def _worksheets(notebook: _Notebook, name: str) -> tuple[_Cell, ...]:
    """Return the cells of an older notebook, as they would be in today's."""
    try:
        (sheet,) = msgspec.json.decode(notebook.worksheets, type=_Worksheets)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _other_format(name, notebook) from error
    _expect_few(name, len(sheet.cells), "cells", CELLS_CAP)
    return tuple(msgspec.structs.replace(cell, source=cell.input) for cell in sheet.cells)


def _code(notebook: _Notebook, name: str) -> dict[int, str]:
    """Return the learner's code by the number of its cell; raise UsageError when it is too long for an exercise."""
    numbered = enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1)
    learners = {number: cell.source for number, cell in numbered if cell.is_learners}
    _expect_few(name, sum(map(len, learners.values())), "bytes of code", CODE_CAP, beyond=_WRITTEN_CAP)
    try:
        texts = {number: _text(source, notebook.nbformat) for number, source in learners.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_notebook(name, error) from error
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts.values())
    _expect_few(name, size, "bytes of code", CODE_CAP)
    _expect_few(name, sum(text.count("\n") + 1 for text in texts.values()), "lines of code", LINES_CAP)
    return texts


def _expect_few(name: str, count: int, what: str, cap: int, beyond: int = 0) -> None:
    if count > (beyond or cap):
        raise UsageError(f"{name} has {count:,} {what}; more than {cap:,} is not an exercise.")


def _text(source: msgspec.Raw, nbformat: int) -> str:
    """Decode the code of a cell, one text or its lines; in older formats these may have come without their ends."""
    told = msgspec.json.decode(source, type=str | list[str])
    lines = [told] if isinstance(told, str) else told
    with_ends = nbformat == FORMAT or (nbformat > _OLD_FORMATS[0] and "".join(lines[:1]).endswith(("\n", "\r")))
    return ("" if with_ends else "\n").join(lines).replace("\r\n", "\n").replace("\r", "\n")


def _some(sentences: list[str]) -> tuple[str, ...]:
    more = len(sentences) - _TOLD_CAP
    return (*sentences[:_TOLD_CAP], *([f"{more} more lines were not run."] if more > 0 else []))


_CELL_MAGIC = re.compile(r"\s*%%\s*(\w+)")
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun"})
"""Cell magics below which Python follows."""
_LINE_MAGIC = re.compile(r"\s*(?:[%!?]|[A-Za-z_][\w., ]*=\s*(?:!|%[A-Za-z])|%?[A-Za-z_][\w.]*\?{1,2}\s*$)")
_LEXEME = re.compile(r"""#.*|\\.|"{3}|'{3}|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[(\[{]|[)\]}]""")
"""Everything that decides whether the next line begins a statement."""


def _python(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield for each line of a cell the line to run, and why it is another one than the learner's, if it is."""
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    magic = _CELL_MAGIC.match(lines[first])
    if magic and magic[1] not in _PYTHON_CELLS:
        why = f"`%%{magic[1][:40]}` makes the whole cell something else than Python."
        yield from (("", why if index == first else "") for index in range(len(lines)))
        return
    statement = _Statement()
    runs_on = False
    for line in lines:
        if statement.begins and (runs_on or _LINE_MAGIC.match(line)):
            indent = line[: len(line) - len(line.lstrip())]
            yield "" if runs_on else f"{indent}pass", f"`{clean_line(line.strip()[:80])}` is no Python."
            runs_on = line.endswith("\\")
        else:
            statement.read(line)
            yield line, ""


class _Statement:
    """Whether the next line begins a statement: no bracket, no text and no backslash is still open."""

    def __init__(self) -> None:
        self._depth = 0
        self._quotes = ""
        self._runs_on = False

    @property
    def begins(self) -> bool:
        return not (self._depth or self._quotes or self._runs_on)

    def read(self, line: str) -> None:
        """Take the next line of Python."""
        at, lexeme = self._leave_text(line, 0), ""
        while not self._quotes and (found := _LEXEME.search(line, at)):
            lexeme, at = found[0], found.end()
            if lexeme in ('"""', "'''"):
                self._quotes = lexeme
                at = self._leave_text(line, at)
            elif lexeme in "([{":
                self._depth += 1
            elif lexeme in ")]}":
                self._depth = max(0, self._depth - 1)
        self._runs_on = line.endswith("\\") and not lexeme.startswith("#")

    def _leave_text(self, line: str, start: int) -> int:
        """Return where the open text ends; all of the line belongs to it when it does not."""
        if not self._quotes:
            return start
        closing = re.compile(r"(?:\\.|[^\\])*?" + self._quotes).match(line, start)
        if closing is None:
            return len(line)
        self._quotes = ""
        return closing.end()


def pieces(cells: Sequence[CellLine]) -> tuple[int, ...]:
    """Return how many lines of the source stand before each cell; nothing for a file."""
    return tuple(line for line, place in enumerate(cells) if not line or place.cell != cells[line - 1].cell)


def locate(evidence: Evidence, cells: Sequence[CellLine]) -> Evidence:
    """Return evidence whose lines are those of the notebook's cells; a file without cells keeps its lines."""
    if not cells:
        return evidence
    return msgspec.structs.replace(
        evidence,
        facts={name: _locate_answers(fact, cells) for name, fact in evidence.facts.items()},
        crash=_located_crash(evidence.crash, cells) if evidence.crash else None,
        interruptions=tuple(_located(each, cells) for each in evidence.interruptions),
    )


def _located_crash(crash: Crash, cells: Sequence[CellLine]) -> Crash:
    frames = tuple(_located(frame, cells) for frame in crash.frames)
    return msgspec.structs.replace(_located(crash, cells), frames=frames)


def _located(pointer: Pointing, cells: Sequence[CellLine]) -> Pointing:
    return msgspec.structs.replace(pointer, **_place(pointer.line, cells))


def _place(line: int | None, cells: Sequence[CellLine]) -> dict[str, int | None]:
    """Return cell and line; neither for a line that the notebook does not have."""
    if line is None or not 1 <= line <= len(cells):
        return {"line": None, "cell": None}
    return {"line": cells[line - 1].line, "cell": cells[line - 1].cell}


def _locate_answers(fact: Any, cells: Sequence[CellLine]) -> Any:
    """Put the cell beside the line of every exception in a fact; what a function returned stays as it is."""
    match fact:
        case {"returned": _}:
            return fact
        case {"raised": raised}:
            return {**fact, "raised": _locate_lines(raised, cells)}
        case dict():
            return {name: _locate_answers(value, cells) for name, value in fact.items()}
        case list():
            return [_locate_answers(value, cells) for value in fact]
    return fact


def _locate_lines(told: Any, cells: Sequence[CellLine]) -> Any:
    """Put the cell beside the line of an exception and of each of its frames."""
    match told:
        case dict():
            place = _place(told["line"], cells) if isinstance(told.get("line"), int) else {}
            return {name: _locate_lines(value, cells) for name, value in told.items()} | place
        case list():
            return [_locate_lines(value, cells) for value in told]
    return told
