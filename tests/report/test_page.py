"""The page: one file, no network, nothing of the learner's is live in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO

import pytest
from rich.console import Console

from grader.records import Grade
from grader.report import html, show

VOID = {"meta", "br", "img", "link", "input", "hr", "rect", "path"}


class Balance(HTMLParser):
    """Fails on a tag that is closed in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture
def page(graded: Callable[..., Grade], solution: str) -> str:
    hostile = "print('<script>alert(1)</script> \\x1b[31m \\u202e ::error::x')\n"
    return html(
        graded(
            hostile + solution.replace("    sizes = {", "    raise KeyError('<img src=x onerror=y>')\n    sizes = {")
        )
    )


def test_the_page_is_whole_and_loads_nothing(page: str) -> None:
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    assert parser.links == []
    assert not re.search(r"url\(|@import|<script|https?://", page)
    assert page.count("<svg") == 2


def test_learner_text_is_only_text(page: str) -> None:
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;img src=x onerror=y&gt;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_every_picture_says_what_it_shows(page: str) -> None:
    assert page.count("<title id=") == page.count("<desc id=") == 2
    assert "Depth 1: stem frozen" in page


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_terminal_report_fits_its_width(graded: Callable[..., Grade], solution: str, width: int) -> None:
    out = StringIO()
    grade = graded(solution.replace("    sizes = {", "    raise KeyError('[bold]x[/bold]')\n    sizes = {"))
    show(Console(file=out, width=width, no_color=True), grade, None)
    text = out.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert "[bold]x[/bold]" in text
    assert "12 of 15 points" in text
    assert "A practice result" in text
