"""A name from outside reaches no terminal, table or page as it is, and two names are two learners."""

from __future__ import annotations

import csv
import io
import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.batch.journal import Journal
from grader.cli import app

NAME = "08_choose_depth.py"
NAMES = (
    "learner-01",
    "learner\u200b-01",
    "learner\\u200b-01",
    "\x1b[2Jlearner",
    "one\ntwo",
    "::set-output name=x::y",
    "##[group]",
    "\u202egnp",
    "=1+1",
    "<b>bold</b>",
)


@pytest.fixture
def results(
    monkeypatch: pytest.MonkeyPatch, here: Any, in_process: Any, tmp_path: Path, right: str
) -> Callable[[list[bytes]], Path]:
    monkeypatch.setattr("grader.cli.cohort._executor", lambda *_, **__: here)
    monkeypatch.setattr("grader.confined.Confined", in_process)

    def run(names: list[bytes]) -> Path:
        for name in names:
            folder = Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/" + name))
            folder.mkdir(parents=True)
            (folder / NAME).write_text(right)
        assert app(["batch", str(tmp_path / "in"), "--out", str(tmp_path / "results"), "--exercises", "08"]) == 0
        return tmp_path / "results"

    return run


def is_harmless(text: str) -> bool:
    hidden = {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs") and each not in "\n\r\t"}
    return not hidden and "::set-output" not in text and "##[" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be made there")
def test_names_are_harmless_and_distinct_everywhere(
    results: Callable[[list[bytes]], Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = results([*map(os.fsencode, NAMES), b"\xff\xfelearner"])
    app(["export", "csv", str(folder), "--to", str(tmp_path / "marks.csv")])
    app(["export", "json", str(folder), "--to", str(tmp_path / "marks.json")])
    said = capsys.readouterr()
    written = [path for path in folder.rglob("*") if path.suffix in (".html", ".md")]
    for text in (said.out, said.err, *(path.read_text("utf-8") for path in written), *map(str, written)):
        assert is_harmless(text)
    marks = (tmp_path / "marks.csv").read_text("utf-8")
    assert is_harmless(marks)
    assert is_harmless((tmp_path / "marks.json").read_text("utf-8"))
    lines = list(csv.reader(io.StringIO(marks)))[1:]
    assert len({line[0] for line in lines}) == len(NAMES) + 1
    assert not any(cell.startswith("=") for line in lines for cell in line)
    with Journal.read(folder) as journal:
        assert {row.points for row in journal.rows()} == {8}
