"""The cohort's page as a file: whole, closed to the network, harmless, and as anonymous as it was asked to be."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from grader.records import Ending
from grader.records.cohort import Note, Refused, Topic, Ungraded
from grader.report.cohort import cohort_html
from grader.statistics import summarise
from tests.cohort.pretend import grade, named, row

HOSTILE = "<img src=x onerror=alert(1)> `code` {{ 7 * 7 }}"
VOID = {"meta", "br", "rect", "line", "circle", "path"}


class Balance(HTMLParser):
    """Fails on a tag that is closed in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.targets += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def rows() -> list[object]:
    return [
        *(row(grade("-+++", seconds=2.5), f"strong-{place}") for place in range(8)),
        *(row(grade("+---", diagnoses=(named("blocks-reversed", HOSTILE),)), f"weak-{place}") for place in range(8)),
        row(grade("-0", exercise="04_parameter_groups", ending=Ending.TIMED_OUT, wall="B"), "slow-learner"),
        row(Ungraded(fault=HOSTILE), "unlucky-learner"),
        row(Refused(reason="The notebook is damaged."), "refused-learner"),
    ]


NOTES = [Note(topic=Topic.MISSING, learner="absent-learner", text="They handed in nothing.")]
NAMES = ("unlucky-learner", "refused-learner", "absent-learner")


@pytest.fixture(scope="module")
def page(rows: list[object]) -> str:
    return cohort_html(summarise(rows, NOTES), "results")  # type: ignore[arg-type]


def test_the_page_is_whole_and_loads_nothing(page: str) -> None:
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    assert all(target.startswith("#") and target[1:] in parser.ids for target in parser.targets)
    assert len(parser.ids) == len(set(parser.ids))
    assert not re.search(r"url\(|@import|https?://", page)
    assert "img" not in parser.tags


def test_only_its_own_script_may_run(page: str) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page


def test_learner_text_is_only_text(page: str) -> None:
    assert "&lt;img src=x onerror=alert(1)&gt; <code>code</code> {{ 7 * 7 }}" in page
    assert "<img" not in page


def test_it_says_what_its_figures_mean(page: str) -> None:
    for words in (
        "share of submissions that pass a check",
        "point-biserial",
        "27 % with most of the other points",
        "when nobody passes it, when everybody does",
        "They are not zeros",
    ):
        assert words in page


def test_it_points_at_what_to_look_at(page: str) -> None:
    first = page.partition('<div class="first">')[2].partition("</div>")[0]
    assert "2 submissions without a mark" in first
    assert "passed more often by those who earn less elsewhere" in first
    assert "On the roster, nothing handed in" in first
    assert "1 run had a weaker wall, of level B" in first
    assert "About blocks-reversed" in first
    assert 'class="suspect"' in page


def test_every_picture_says_what_it_shows(page: str) -> None:
    assert "1 points: 8. 3 points: 8. " in page
    for picture in re.findall(r"<svg[^>]*>", page):
        assert 'role="img" aria-labelledby="' in picture or 'aria-hidden="true"' in picture


def test_without_names_nobody_is_named(page: str, rows: list[object]) -> None:
    anonymous = cohort_html(summarise(rows, NOTES), "results", names=False)  # type: ignore[arg-type]
    for name in NAMES:
        assert name in page
        assert name not in anonymous
    assert "a fault of the grader: 1; nothing that can be run: 1." in anonymous
    for place in range(8):
        assert f"weak-{place}" not in page
        assert f"strong-{place}" not in page


def test_a_cohort_of_nobody_has_a_page_too() -> None:
    parser = Balance()
    parser.feed(cohort_html(summarise([], []), "results"))
    parser.feed(cohort_html(summarise([row(None)], []), "results"))
    assert parser.open == []
