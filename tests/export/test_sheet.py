"""Somebody else's CSV: read as the csv module reads it, changed in one cell, otherwise the same to the byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.export.sheet import Sheet, harmless

CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=6)
SEEDS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", " ", "＝", "＋", "－", "＠", "'", '"', ";", ",", "1"])  # noqa: RUF001


def written(table: list[list[str]], delimiter: str, quoting: int, end: str, mark: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)  # type: ignore[arg-type]
    return (mark + out.getvalue()).encode()


@st.composite
def files(draw: st.DrawFn) -> tuple[list[list[str]], str, bytes]:
    """Draw a table, its delimiter, and how a program might have written it."""
    header = draw(st.lists(st.text("abc", min_size=1, max_size=3), min_size=2, max_size=5))
    table = [header, *draw(TABLES)]
    delimiter, mark = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["", "\ufeff"]))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return table, delimiter, written(table, delimiter, quoting, end, mark)


@given(st.text(st.sampled_from('ab,;\t"\r\n \ufeff1'), max_size=40))
def test_any_text_either_comes_back_to_the_byte_or_is_refused(text: str) -> None:
    try:
        sheet = Sheet.parse(text.encode())
    except ValueError:
        assume(False)  # noqa: FBT003
    assert bytes(sheet) == text.encode()


@given(files())
def test_it_reads_what_the_csv_module_wrote(drawn: tuple[list[list[str]], str, bytes]) -> None:
    table, _, content = drawn
    sheet = Sheet.parse(content)
    assert bytes(sheet) == content
    assert [sheet.line(number) for number in range(len(sheet))] == table


@given(files(), st.data())
def test_one_changed_cell_changes_nothing_else(drawn: tuple[list[list[str]], str, bytes], data: st.DataObject) -> None:
    table, delimiter, content = drawn
    line = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, len(table[line]) - 1))
    text = data.draw(CELLS)
    sheet = Sheet.parse(content)
    sheet.put(line, column, text)
    table[line][column] = text
    read = csv.reader(io.StringIO(bytes(sheet).decode().removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    assert list(read) == table
    sheet.put(line, column, "x")
    restored = Sheet.parse(content)
    restored.put(line, column, "x")
    assert bytes(sheet).replace(b'"x"', b"x") == bytes(restored).replace(b'"x"', b"x")


def test_a_cell_in_quotes_keeps_them() -> None:
    sheet = Sheet.parse(b'"a",b\n"1",2\n')
    sheet.put(1, 0, "9")
    sheet.put(1, 1, "8")
    assert bytes(sheet) == b'"a",b\n"9",8\n'


def test_a_short_line_grows_only_when_something_is_put_there() -> None:
    sheet = Sheet.parse(b"a,b,c\r\n1\r\n2,3,4")
    assert sheet.cell(1, 2) == ""
    sheet.put(1, 2, "9")
    assert bytes(sheet) == b"a,b,c\r\n1,,9\r\n2,3,4"


def test_a_line_that_names_the_delimiter_stays_in_front() -> None:
    content = b"\xef\xbb\xbfsep=;\r\na;b,c\r\n1;2\r\n"
    sheet = Sheet.parse(content)
    assert sheet.line(0) == ["a", "b,c"]
    assert bytes(sheet) == content


@pytest.mark.parametrize(
    ("content", "mark"),
    [
        (b"a,b\n1.5,2\n", "."),
        (b"a,b\n1,2\n", "."),
        (b"a;b\n1;2\n", ","),
        (b"a;b\n1.5;2.5\n", "."),
        (b'a,b\n"1,5","2,5"\n', ","),
    ],
)
def test_the_decimal_mark_is_the_files_own(content: bytes, mark: str) -> None:
    assert Sheet.parse(content).decimal_mark == mark


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04", "is an Excel workbook"),
        (b"a,b\n\xff,1\n", "is not CSV in UTF-8"),
        (b'a,b\n1,"2\n', "the quote in line 2 is never closed"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=sentence):
        Sheet.read(path)


def test_a_missing_template_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        Sheet.read(tmp_path / "none.csv")


@given(st.lists(SEEDS, max_size=4).map("".join), st.text(max_size=5))
def test_no_text_is_a_formula(start: str, rest: str) -> None:
    told = harmless(start + rest)
    assert not told.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))  # noqa: RUF001
    assert not told.startswith(("\t", "\r", "\n"))
    assert told.removeprefix("'") == (start + rest).removeprefix("'") or told == start + rest


def test_what_is_no_formula_stays_as_it_is() -> None:
    for text in ("", "learner-01", "Start with `f`.", "a=b", "3 - 4"):
        assert harmless(text) == text
