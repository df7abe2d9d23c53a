"""The pages in a browser that is really there: nothing wider than a phone, tables that sort, light and dark."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from grader.report.cohort import cohort_html
from grader.report.feedback import feedback_html
from grader.report.similar import similar_html
from grader.similarity import Compared, Comparison, Pair
from grader.statistics import summarise
from tests.browser import CHROMIUM, headless
from tests.cohort.pretend import grade, named, outcome, row

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
PHONE = 360
WIDE = "A check whose title is rather long, with `model.bert.encoder.layer.11.attention.output.dense.weight` in it"
LOOK = """
addEventListener("load", () => {
  const page = document.querySelector("iframe").contentDocument;
  const look = () => {
    const root = page.documentElement;
    const table = page.querySelector("#checks")?.closest("section").querySelector("table");
    const column = () => [...table.tBodies[0].rows].map((row) => row.cells[3].textContent.trim());
    const seen = { width: root.scrollWidth, paper: getComputedStyle(page.body).backgroundColor };
    if (table) {
      const button = table.tHead.rows[0].cells[3].querySelector("button");
      button.click();
      seen.descending = column();
      button.click();
      seen.ascending = column();
      seen.sorted = table.tHead.rows[0].cells[3].getAttribute("aria-sort");
    }
    document.title = JSON.stringify(seen);
  };
  look();
});
"""


def seen(page: str, folder: Path, *flags: str) -> dict[str, Any]:
    """Open a page in a frame as wide as a phone and return what it looks like from outside."""
    frame = f'<iframe width="{PHONE}" height="800" style="border:0" srcdoc="{html.escape(page)}"></iframe>'
    harness = folder / "harness.html"
    harness.write_text(f'<!doctype html><meta charset="utf-8"><script>{LOOK}</script>{frame}', "utf-8")
    command = headless(folder, *flags, "--dump-dom", harness.as_uri())
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    (title,) = re.findall(r"<title>(.*?)</title>", done.stdout)[:1]
    told: dict[str, Any] = json.loads(html.unescape(title))
    return told


@pytest.fixture(scope="module")
def cohort() -> str:
    outcomes = tuple(outcome(WIDE + name, mark) for name, mark in zip("abc", "+-0", strict=True))
    weak = grade(outcomes, diagnoses=(named("x" * 90, WIDE),))
    return cohort_html(summarise([row(weak, "one"), row(grade("++-"), "two"), row(None, "three")], []), "r" * 200)


def test_tables_sort_and_the_page_fits_a_phone(cohort: str, tmp_path: Path) -> None:
    told = seen(cohort, tmp_path)
    assert told["width"] <= PHONE
    shares = [int(cell.removesuffix(" %")) for cell in told["descending"]]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) > 1
    assert [int(cell.removesuffix(" %")) for cell in told["ascending"]] == sorted(shares)
    assert told["sorted"] == "ascending"


def test_feedback_fits_a_phone_in_light_and_dark(tmp_path: Path) -> None:
    long = grade((outcome(WIDE, "-", message="`" + "y" * 300 + "`"),), diagnoses=(named("x", "z" * 400),))
    page = feedback_html([row(long, "learner-" + "0" * 80)])
    light = seen(page, tmp_path)
    dark = seen(page, tmp_path, "--blink-settings=preferredColorScheme=0")
    assert light["width"] <= PHONE
    assert dark["width"] <= PHONE
    assert light["paper"] != dark["paper"]


def test_two_files_side_by_side_fit_a_phone(tmp_path: Path) -> None:
    source = ("value = " + "'y' * 3 + " * 60 + "'z'\n").encode() * 3
    pair = Pair(
        first=Compared(learner="learner-" + "0" * 80, source=source),
        second=Compared(learner="learner-02", source=source),
        stands_out=5.0,
        share=1.0,
        first_lines=frozenset({1}),
        second_lines=frozenset({1}),
    )
    comparison = Comparison(exercise="03", compared=20, without_own=(), usual=0.2, pairs=(pair,))
    page = similar_html([comparison]).replace("<details>", "<details open>")
    assert seen(page, tmp_path)["width"] <= PHONE


def test_the_page_prints(cohort: str, tmp_path: Path) -> None:
    page, paper = tmp_path / "cohort.html", tmp_path / "cohort.pdf"
    page.write_text(cohort, "utf-8")
    command = headless(tmp_path, f"--print-to-pdf={paper}", page.as_uri())
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert paper.read_bytes().startswith(b"%PDF")
