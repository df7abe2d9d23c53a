"""The doctor's look at the libraries: what came, what failed and what ended the process are three things."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from grader.inside import libraries as inside
from grader.isolate import Question, Sandbox, import_libraries, libraries
from grader.isolate.attempt import Attempt
from grader.isolate.reading import Reader
from grader.records import Wall
from grader.report import show_libraries
from grader.wire.ending import End

RAISED = {"type": "OSError", "message": "libcudart.so.13: cannot open shared object file"}


class Told:
    """A sandbox whose worker says what it is told to, and ends as it is told to."""

    def __init__(self, facts: dict[str, Any], status: int = 0, console: str = "") -> None:
        self._reader, self._status, self._console = Reader(), status, console
        self._reader.facts = facts

    def attempt(self, _task: Question) -> Attempt:
        end = End("ended", self._status, seconds=1.0, peak_mb=1.0)
        wall = Wall(level="A", summary="")
        return Attempt.of(self._reader, end, wall, {}, (self._console, None))


def shown(told: Told, capsys: pytest.CaptureFixture[str]) -> str:
    show_libraries(Console(width=500), import_libraries(told))  # type: ignore[arg-type]  # nothing else is asked of it
    return capsys.readouterr().out


def test_a_worker_imports_every_library_that_is_looked_for(sandbox: Sandbox) -> None:
    found = import_libraries(sandbox)
    assert tuple(found.versions) == libraries.LIBRARIES == inside.LIBRARIES
    assert not found.failed


def test_a_pair_that_fits_and_one_that_was_lent_its_operators(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {name: {"returned": "1.0"} for name in libraries.LIBRARIES} | {"@done": None}
    assert "belong together" in shown(Told(facts | {"operators lent": False}), capsys)
    assert "for another torch than this one" in shown(Told(facts | {"operators lent": True}), capsys)


def test_what_an_import_raised_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {name: {"returned": "1.0"} for name in libraries.LIBRARIES}
    said = shown(Told(facts | {"torchvision": {"raised": RAISED}, "@done": None}), capsys)
    assert "torchvision cannot be imported here: OSError: libcudart.so.13: cannot open" in said
    assert "belong together" not in said


def test_an_import_that_ends_the_process_is_told_with_its_last_words(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"numpy": {"returned": "2.4"}, "torch": {"returned": "2.9"}}
    said = shown(Told(facts, status=-6, console="…\nterminate called after throwing 'c10::Error'\n"), capsys)
    assert "torchvision cannot be imported here: the process ended (SIGABRT): terminate called after" in said
    assert "transformers" not in said
