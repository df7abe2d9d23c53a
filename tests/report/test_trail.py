"""Tracebacks: the learner's own calls, innermost last; ours and the libraries' are folded away."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import grade
from grader.records import Frame, Grade, Trail, Verdict
from grader.report import brief, html, show
from grader.report.telling import by_function
from grader.wire.answer import FRAME_TEXT_CAP, FRAMES_CAP

Graded = Callable[..., Grade]
NESTED = """\
def helper(names):
    return names["nothing"]

def backbone_blocks(model):
    return helper(dict(model.named_parameters()))

def partial_unfreeze(model, depth):
    model.load_state_dict({})

def trainable_by_depth(model):
    return deep(50)

def deep(rest):
    return deep(rest - 1) if rest else 1 / 0
"""


def trails(grade: Grade) -> dict[str, list[str]]:
    """Return the first trail of each function."""
    told = [(part.function, each.trail) for part in by_function(grade.outcomes) for each in part.told if each.trail]
    return {function: list(trail) for function, trail in reversed(told)}


def test_the_learners_calls_are_told_from_the_outermost(graded: Graded) -> None:
    seen = trails(graded(NESTED))
    assert seen["backbone_blocks"] == [
        "line 5 in backbone_blocks: return helper(dict(model.named_parameters()))",
        'line 2 in helper: return names["nothing"]',
    ]


def test_what_lies_below_the_learners_line_is_one_line(graded: Graded) -> None:
    assert trails(graded(NESTED))["partial_unfreeze"] == [
        "line 8 in partial_unfreeze: model.load_state_dict({})",
        "… and on inside torch",
    ]


def test_a_deep_recursion_is_short(graded: Graded) -> None:
    assert trails(graded(NESTED))["trainable_by_depth"] == [
        f"line 14 in deep ({FRAMES_CAP} times): return deep(rest - 1) if rest else 1 / 0"
    ]


def test_nothing_of_the_grader_is_in_it(graded: Graded) -> None:
    said = html(graded(NESTED))
    for ours in ("observe.py", "probe.py", "work.py", "grader/inside", "site-packages"):
        assert ours not in said


def test_terminal_and_page_tell_the_same_trail_once(graded: Graded) -> None:
    result = graded(NESTED)
    out = StringIO()
    show(Console(file=out, width=140), result, None)
    for said in (out.getvalue(), html(result).replace("&#34;", '"')):
        assert said.count('line 2 in helper: return names["nothing"]') == 1


def test_a_file_that_cannot_be_imported_says_how_it_came_there(graded: Graded) -> None:
    result = graded("def first(x):\n    return x[0]\n\nVALUE = first([])\n")
    assert result.evidence.crash
    assert result.evidence.crash.lines() == [
        "line 4 in <module>: VALUE = first([])",
        "line 2 in first: return x[0]",
    ]
    out = StringIO()
    Console(file=out, width=100).print(brief(result))
    assert "line 2 in first: return x[0]" in out.getvalue()
    assert "line 4 in &lt;module&gt;: VALUE = first([])" in html(result)


def test_one_line_alone_is_not_repeated(graded: Graded) -> None:
    result = graded("x = [][0]\n")
    assert result.evidence.crash
    assert result.evidence.crash.lines() == []


def test_in_a_notebook_every_line_is_that_of_its_cell(sandbox: Sandbox, tmp_path: Path) -> None:
    sources = ("def helper(names):\n    return names['nothing']", "def backbone_blocks(model):\n    return helper({})")
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    path = tmp_path / "03_partial_unfreeze.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    assert trails(grade(discover(path), sandbox, 7))["backbone_blocks"] == [
        "code cell 2, line 2 in backbone_blocks: return helper({})",
        "code cell 1, line 2 in helper: return names['nothing']",
    ]


def test_whatever_a_process_claims_is_kept_short() -> None:
    claimed = Trail(frames=tuple(Frame(line=n, function="f" * 10_000, text="t" * 10_000) for n in range(1_000)))
    kept = claimed.shortened()
    assert len(kept) == FRAMES_CAP
    assert kept[-1].line == 999
    assert {len(frame.text) for frame in kept} | {len(frame.function) for frame in kept} == {FRAME_TEXT_CAP}


@pytest.mark.parametrize("width", [60, 80])
def test_a_brief_result_fits_its_width_and_tells_what_is_open(graded: Graded, width: int) -> None:
    result = graded(NESTED)
    out = StringIO()
    Console(file=out, width=width, no_color=True).print(brief(result))
    assert max(map(len, out.getvalue().splitlines())) <= width
    open_ = [outcome for outcome in result.outcomes if outcome.verdict is not Verdict.PASSED]
    assert all(outcome.title[:30] in " ".join(out.getvalue().split()) for outcome in open_)
