"""The pages before axe-core in a real browser, light and dark, wide and narrow: no violation.

It needs Chromium, and axe-core, which is not part of this repository: ``npm install --prefix FOLDER axe-core``,
then ``GRADE_AXE=FOLDER/node_modules/axe-core/axe.min.js pytest tests/report``.
"""

from __future__ import annotations

import html as entities
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.adaptation import Adaptation
from grader.lab import page as lab_page
from grader.places import COURSE, SPECIMENS
from grader.records import Grade
from grader.report import html
from grader.report.cohort import cohort_html
from grader.report.feedback import feedback_html
from grader.report.similar import similar_html
from grader.similarity import Compared, Comparison, Pair
from grader.statistics import summarise
from tests.browser import CHROMIUM, headless
from tests.cohort.pretend import grade, named, outcome, row

AXE = os.environ.get("GRADE_AXE")
pytestmark = pytest.mark.skipif(not (AXE and CHROMIUM), reason="no Chromium, or GRADE_AXE names no axe.min.js")
WIDE, PHONE, DARK = "--window-size=1200,900", "--window-size=360,800", "--blink-settings=preferredColorScheme=0"
CRASHES = b"print('<b>hello</b>\\n' * 100)\ndef helper(x):\n    return x[0]\nhelper([])\n"


def violations(page: str, folder: Path, setting: str = WIDE) -> list[Any]:
    """Run axe on a page and return what it found; the page's own policy would keep every script out."""
    script = Path(str(AXE)).read_text("utf-8")
    run = "axe.run().then(found => { document.body.textContent = JSON.stringify(found.violations) })"
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    page = page.replace("</body>", f"<script>{script}</script><script>{run}</script></body>")
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    command = headless(folder, "--virtual-time-budget=20000", "--dump-dom", setting, path.as_uri())
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240).stdout
    body = re.search(r"<body[^>]*>(.*)</body>", shown, re.DOTALL)
    assert body
    found: list[Any] = json.loads(entities.unescape(body[1]))
    return found


@pytest.mark.parametrize("setting", [WIDE, PHONE, DARK], ids=["wide", "phone", "dark"])
@pytest.mark.parametrize(
    ("slug", "specimen"),
    [
        ("02_freeze_backbone", None),
        ("03_partial_unfreeze", "blocks_reversed"),
        ("04_parameter_groups", "groups_missing_params"),
        ("07_confusion_analysis", "cm_transposed"),
        ("03_partial_unfreeze", None),
    ],
)
def test_axe_finds_nothing(
    graded: Callable[..., Grade], tmp_path: Path, slug: str, specimen: str | None, setting: str
) -> None:
    source = (SPECIMENS / slug / f"{specimen}.py").read_bytes() if specimen else CRASHES
    found = violations(html(graded(source, slug=slug)), tmp_path, setting)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def pages() -> dict[str, Callable[[], str]]:
    """Return every other page that the grader writes, by its name."""
    weak = grade((outcome("a", "+"), outcome("b", "-"), outcome("c", "0")), diagnoses=(named("x"),))
    rows = [row(weak, "learner-01"), row(grade("++-"), "learner-02"), row(None, "learner-03")]
    example = COURSE / "09_adaptation_note" / "example-evidence.json"
    works = [Compared(learner=f"learner-0{number}", source=b"x = 1\n") for number in (1, 2)]
    pair = Pair(
        first=works[0],
        second=works[1],
        stands_out=5.0,
        share=1.0,
        first_lines=frozenset({1}),
        second_lines=frozenset({1}),
    )
    compared = Comparison(exercise="03", compared=20, without_own=(), usual=0.2, pairs=(pair,))
    return {
        "cohort": lambda: cohort_html(summarise(rows, []), "results"),
        "feedback": lambda: feedback_html([row(weak, "learner-01")]),
        "similar": lambda: similar_html([compared]),
        "lab": lambda: lab_page.html(msgspec.json.decode(example.read_bytes(), type=Adaptation)),
    }


@pytest.mark.parametrize("setting", [WIDE, PHONE, DARK], ids=["wide", "phone", "dark"])
@pytest.mark.parametrize("name", list(pages()))
def test_axe_finds_nothing_on_the_other_pages(tmp_path: Path, name: str, setting: str) -> None:
    found = violations(pages()[name](), tmp_path, setting)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_axe_would_find_something(tmp_path: Path) -> None:
    found = violations("<!doctype html><html><body><img src='x'></body></html>", tmp_path)
    assert {"image-alt", "html-has-lang"} <= {each["id"] for each in found}
