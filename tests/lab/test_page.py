"""The page: everything that a learner should inspect, for eyes, keyboards and screen readers, without a network."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from grader import adaptation
from grader.adaptation import Adaptation, Comparison
from grader.errors import UsageError
from grader.lab import headings, runs, table
from grader.lab.page import html
from grader.places import ROOT
from tests.browser import CHROMIUM, headless

MEASURE = """<script>
for (const element of document.querySelectorAll("details")) element.open = true;
const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
let covered = 0;
for (const figure of document.querySelectorAll("svg")) {
  const frame = figure.getBoundingClientRect();
  const all = [...figure.querySelectorAll("text")];
  const upright = text => figure.classList.contains("chart") || !text.hasAttribute("transform");
  const boxes = all.filter(upright).map(text => text.getBoundingClientRect());
  covered += boxes.filter((box, index) => boxes.slice(index + 1).some(other => over(box, other))).length;
  const outside = box => box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom;
  covered += all.filter(text => outside(text.getBoundingClientRect())).length;
}
console.log(`width ${innerWidth} needs ${document.documentElement.scrollWidth}, texts in each other's way ${covered}`);
</script>"""


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Pages that were rendered before, by what was on them: drawing takes a second."""
    return {}


@pytest.fixture
def page(evidence: Adaptation, pages: dict[str, str]) -> str:
    if "page" not in pages:
        pages["page"] = html(evidence)
    return pages["page"]


Compared = Callable[..., list[Comparison]]


def terminal(comparison: Comparison) -> str:
    console = Console(file=StringIO(), width=80)
    table.show(console, comparison)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


class Seen(HTMLParser):
    """What is on the page: headings, ids, what points to an id, and what would be loaded."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.loaded: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self._open.append(tag)
        for name, value in attrs:
            match name:
                case "id":
                    self.ids.append(value or "")
                case "aria-labelledby":
                    self.wanted |= set((value or "").split())
                case "href" | "xlink:href" | "src":
                    self.loaded += [value or ""] if not (value or "").startswith("#") else []
                    self.wanted |= {(value or "").removeprefix("#")}

    def handle_data(self, data: str) -> None:
        if self._open and re.fullmatch("h[1-6]", self._open[-1]) and data.strip():
            self.headings.append((self._open[-1], data.strip()))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass


def test_all_six_things_have_a_heading_for_each_modality(page: str) -> None:
    found = Counter(text for level, text in Seen(page).headings if level == "h3")
    assert {name: found[name] for name in headings.SIX} == dict.fromkeys(headings.SIX, 2)


def test_all_six_things_have_a_heading_in_the_terminal(vision: Comparison) -> None:
    lines = terminal(vision).splitlines()
    assert [line for line in lines if line in headings.SIX] == list(headings.SIX)


def test_the_page_says_what_was_chosen_and_why(page: str) -> None:
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    gate = "The gate (every class found at least 40% of the time) turns away frozen (recall of small 0.267 ± 0.082 se)."
    assert f"partial_unfreeze. {gate} Of the others, partial_unfreeze has the best mean, 0.948" in text
    assert "9 taken for" not in text
    assert "small taken for R (true 9, predicted 8) 66 -&gt; 0" in text
    assert "In return: small taken for A (true 9, predicted 0) 0 -&gt; 18" in text


def test_the_page_loads_nothing_and_runs_nothing(page: str) -> None:
    seen = Seen(page)
    assert seen.loaded == []
    assert seen.tags["script"] + seen.tags["link"] + seen.tags["img"] == 0
    assert "default-src 'none'" in page
    assert not re.search(r"url\((?!#)|@import|\son\w+=", page)


def test_every_figure_says_what_it_shows_and_shares_no_id(page: str) -> None:
    seen = Seen(page)
    assert seen.tags["svg"] == 20
    figures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert all(re.search(r"<title id=[^>]+>[^<]{20,}</title>\s*<desc id=[^>]+>[^<]{40,}</desc>", f) for f in figures)
    assert [name for name, count in Counter(seen.ids).items() if count > 1] == []
    assert seen.wanted <= set(seen.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(seen.ids)


def test_figures_take_the_colours_of_the_page(page: str) -> None:
    figures = "".join(re.findall(r"<svg .*?</svg>", page, re.DOTALL))
    assert not re.search(r"style=|(?:fill|stroke)=", figures)
    styled = set(re.findall(r"\.(\w+)", "".join(re.findall("<style>.*?</style>", page, re.DOTALL))))
    assert {name for each in re.findall('class="([^"]*)"', figures) for name in each.split()} <= styled


def test_names_are_text_and_not_markup(vision: Comparison) -> None:
    hostile = ("<b>", "$x^2$", "&amp;", *vision.classes[3:])
    page = html(Adaptation(comparisons=(msgspec.structs.replace(vision, classes=hostile),)))
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert re.search(r"<svg .*>\$x\^2\$</text>.*</svg>", page, re.DOTALL)


ODD = (-1, 0, 1, 7, 1e300, 2**70, 0.5, "", "z", [], None)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths of all that is no record or list, and of the lists."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
        return
    yield path
    if isinstance(value, list):
        for index, each in enumerate(value[:2]):
            yield from leaves(each, (*path, index))


def test_whatever_is_changed_in_evidence_it_is_refused_or_shown(compared: Compared) -> None:
    (vision,) = compared(runs.plan("vision", None, 2, [3], 0.4))
    text, shown = msgspec.json.encode(Adaptation(comparisons=(vision,))), set()
    for path in leaves(msgspec.json.decode(text)):
        for odd in ODD:
            whole = place = msgspec.json.decode(text)
            for step in path[:-1]:
                place = place[step]
            if place[path[-1]] == odd:
                continue
            place[path[-1]] = odd
            with contextlib.suppress(UsageError):
                evidence = adaptation.decode(Path("evidence.json"), msgspec.json.encode(whole))
                shown.add(path)
                html(evidence)
    figures = {path[-1] for path in shown if "strategies" in path and isinstance(path[-1], str)}
    assert figures == {"trainable", "seconds", "moved_buffers", "head", "backbone"}


def test_of_one_seed_it_is_said_what_its_errors_speak_of(page: str, compared: Compared) -> None:
    (single,) = compared(runs.plan("vision", None, 1, [], 0.4))
    said = "the standard errors speak of the validation examples alone"
    assert said not in page
    assert said in html(Adaptation(comparisons=(single,)))
    assert said in " ".join(terminal(single).split())


@pytest.mark.parametrize("gate", [0.4, 0.75, 0.95])
def test_every_plus_minus_says_what_it_is(compared: Compared, gate: float) -> None:
    (vision,) = compared(runs.plan("vision", None, 3, [2], gate))
    page = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html(Adaptation(comparisons=(vision,)))))
    for shown in (page, " ".join(terminal(vision).split())):
        assert re.findall(r"±(?! (?:[\d.]+ )?(?:sd|se)\b)(?!\. The sd says).{20}", shown) == []
        assert {"sd", "se"} == set(re.findall(r"± [\d.]+ (sd|se)", shown))


def test_what_the_gate_leaves_open_is_said_wherever_the_choice_is(compared: Compared) -> None:
    (vision,) = compared(runs.plan("vision", None, 3, [], 0.75))
    page = html(Adaptation(comparisons=(vision,)))
    open_ = "partial_unfreeze, not told from the gate"
    assert f"Vision</a>: {open_}" in page
    assert f"<strong>{open_}.</strong>" in page
    assert page.count('<span class="tag">not told from the gate</span>') == 3
    for shown in (page, " ".join(terminal(vision).split())):
        assert (
            "partial_unfreeze is not told from the gate and stays in: its recall of small, 0.800 ± 0.074 se," in shown
        )
        assert "About 70 validation examples of small instead of 30 would settle it" in shown
    assert f"Choice: {open_}" in terminal(vision)


def test_costs_stand_side_by_side_and_it_is_said_which_of_them_decides(compared: Compared) -> None:
    (vision,) = compared(runs.plan("vision", None, 3, [], 0.4, "seconds"))
    line = next(line for line in terminal(vision).splitlines() if "frozen" in line and "2,600" in line)
    assert line.split() == ["frozen", "650", "0.25", "2,600"]
    page = html(Adaptation(comparisons=(vision,)))
    assert re.search(r">frozen</th><td>650</td><td>0\.25</td><td>2,600</td>", page)
    for shown in (page, terminal(vision)):
        assert "Cheaper means fewer seconds a run." in shown


def test_the_page_says_how_often_one_standard_error_errs(page: str) -> None:
    text = re.sub(r"\s+", " ", page)
    assert "about one case of six when the error is known" in text
    assert "about one case of five with three seeds, and a little less with five" in text
    lab = re.sub(r"\s+", " ", (ROOT / "docs" / "lab.md").read_text("utf-8"))
    assert text[text.index("the dearer one is bought") : text.index("</p> <h2>Before you settle")] in lab


@pytest.mark.skipif(CHROMIUM is None, reason="no browser here")
@pytest.mark.parametrize("width", [360, 1200])
def test_a_browser_has_no_complaint_and_nothing_to_scroll_sideways(page: str, tmp_path: Path, width: int) -> None:
    """The page lies in a frame, because a headless window cannot be as narrow as a phone."""
    (tmp_path / "page.html").write_text(re.sub("<meta http-equiv[^>]+>", "", page) + MEASURE)
    (tmp_path / "frame.html").write_text(f'<!doctype html><iframe src="page.html" width="{width}" height="800">')
    shot = f"--screenshot={tmp_path / 'shot.png'}"
    settings = ("--hide-scrollbars", "--enable-logging=stderr", "--window-size=1400,900", shot)
    command = headless(tmp_path, *settings, f"file://{tmp_path / 'frame.html'}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    said = re.findall(r'CONSOLE[^"]*"([^"]*)"', done.stderr)
    assert said == [f"width {width} needs {width}, texts in each other's way 0"]
