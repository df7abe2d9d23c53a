"""Change single cells of a foreign CSV file and keep every other byte.

Byte order mark, delimiter, quotes, line ends, a line ``sep=;`` in front: whatever the file has, it keeps.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Self

from grader import files
from grader.errors import UsageError

SIZE_CAP = 64 << 20
_MARK = "\ufeff"
_SEP = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)
_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(.*)', re.DOTALL)
_DECIMAL = re.compile(r"-?\d+([.,])\d+")
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins with one of these, a spreadsheet may run; the last four are their full-width forms."""


class SheetCell:
    """One cell as the file writes it, and what ends it: a delimiter, a line end, or nothing at the end of the file."""

    __slots__ = ("end", "raw")

    def __init__(self, raw: str, end: str) -> None:
        self.raw = raw
        self.end = end

    @property
    def text(self) -> str:
        """What the cell says, as the csv module reads it."""
        quoted = _QUOTED.fullmatch(self.raw)
        return quoted[1].replace('""', '"') + quoted[2] if quoted else self.raw


class Sheet:
    """An open file. Lines and columns are counted from 0; lines may differ in length."""

    def __init__(self, before: str, delimiter: str, lines: list[list[SheetCell]]) -> None:
        self._before = before
        self._delimiter = delimiter
        self._lines = lines

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; raise UsageError in a sentence when it is not CSV in UTF-8."""
        try:
            content = files.read(path, SIZE_CAP, follow=True)
        except files.Unreadable as why:
            raise UsageError(f"The template {path} cannot be read: {why}.") from why
        if content.startswith(b"PK"):
            raise UsageError(f"{path} is an Excel workbook; export CSV, and do not open it in between.")
        try:
            return cls.parse(content)
        except ValueError as error:
            raise UsageError(f"The template {path} is not CSV in UTF-8: {error}.") from error

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Take a file's content apart; raise ValueError with a reason."""
        if len(content) > SIZE_CAP:
            raise ValueError(f"it has more than {SIZE_CAP >> 20} MB")
        text = content.decode("utf-8")
        mark = _MARK if text.startswith(_MARK) else ""
        said = _SEP.match(text, len(mark))
        start = said.end() if said else len(mark)
        header = re.match(r"[^\r\n]*", text[start:])
        delimiter = said[1] if said else max(_DELIMITERS, key=(header[0] if header else "").count)
        return cls(text[:start], delimiter, _lines(text, start, delimiter))

    def __bytes__(self) -> bytes:
        return "".join([self._before, *(cell.raw + cell.end for line in self._lines for cell in line)]).encode()

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, number: int) -> list[str]:
        """Return what the cells of a line say."""
        return [cell.text for cell in self._lines[number]]

    def cell(self, line: int, column: int) -> str:
        """Return what a cell says; empty where the line is too short."""
        cells = self._lines[line]
        return cells[column].text if column < len(cells) else ""

    def put(self, line: int, column: int, text: str) -> None:
        """Change what a cell says; a cell in quotes keeps its quotes."""
        cells = self._lines[line]
        if column >= len(cells):
            end = cells[-1].end
            cells[-1].end = self._delimiter
            cells += [SheetCell("", self._delimiter) for _ in range(column + 1 - len(cells))]
            cells[-1].end = end
        special = any(character in text for character in f'{self._delimiter}"\r\n') or text != text.strip()
        if special or cells[column].raw.startswith('"'):
            text = '"' + text.replace('"', '""') + '"'
        cells[column].raw = text

    @cached_property
    def decimal_mark(self) -> str:
        """What the file puts before the decimals: what its numbers show, else what goes with the delimiter."""
        found = (_DECIMAL.fullmatch(cell.text) for line in self._lines for cell in line)
        marks = Counter(number[1] for number in found if number)
        return max(marks, key=marks.__getitem__) if marks else "." if self._delimiter == "," else ","


def _lines(text: str, start: int, delimiter: str) -> list[list[SheetCell]]:
    """Cut the text into cells; raise ValueError where a quote is never closed."""
    stop = re.escape(delimiter)
    pattern = re.compile(rf'((?:"(?:[^"]|"")*"|(?!"))[^{stop}\r\n]*)({stop}|\r\n|\r|\n|\Z)')
    lines: list[list[SheetCell]] = [[]]
    position = start
    while position < len(text) or (lines[-1] and lines[-1][-1].end == delimiter):
        found = pattern.match(text, position)
        if found is None:
            raise ValueError(f"the quote in line {len(lines)} is never closed")
        lines[-1].append(SheetCell(found[1], found[2]))
        position = found.end()
        if found[2] != delimiter:
            lines.append([])
    return lines[:-1] if not lines[-1] else lines


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe stands before what might be one."""
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA) else text
