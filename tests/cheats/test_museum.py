"""Every exhibit goes through the real grader: it earns nothing by cheating, ends in time and leaves nothing."""

from __future__ import annotations

import dataclasses
import io
import os
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from grader import course, pipeline, report
from grader.errors import GraderFault
from grader.isolate import Sandbox
from grader.places import FIXTURES, ROOT
from grader.records import Evidence, Exercise, Grade, Submission
from tests.forking import forking

HERE = Path(__file__).parent
SEED = 4711
SLACK = 12
"""Seconds on top of two limits: a guard against hanging, not a measure."""
PROCESSOR_CAP = 20
"""Seconds of processor time of the grader itself: what is quadratic in hostile evidence takes minutes."""
LENGTH_CAP = 500_000
"""Characters of one report, far more than any needs."""
EVERY = 10
LEFT_OUT = {24, 33, 39, 63, 65, 66, 68}
AT_THE_DOOR = {38, 40}
"""Rows about files that are no submission at all: see test_intake.py."""

DANGEROUS_TAGS = {"script", "img", "iframe", "object", "embed", "a", "link", "form", "input", "h4", "b", "base"}
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


@dataclasses.dataclass(frozen=True)
class Visit:
    """What became of one exhibit."""

    exhibit: Any
    evidence: Evidence | None
    grade: Grade | None
    twin: Grade | None
    fault: str
    seconds: float
    processor: float
    left: tuple[str, ...]


def exercise(seconds: float) -> Exercise:
    plain = course.exercises()["03_partial_unfreeze"]
    return msgspec.structs.replace(plain, limits=msgspec.structs.replace(plain.limits, seconds=seconds))


def submission(source: str | bytes, path: str = "submission.py") -> Submission:
    raw = source if isinstance(source, bytes) else source.encode()
    return Submission(learner="learner-01", exercise="03_partial_unfreeze", path=path, source=raw, sha256="0" * 64)


def graded(source: str, sandbox: Sandbox, seconds: float, seed: int = SEED) -> Grade:
    asked, handed_in = exercise(seconds), submission(source)
    return pipeline.judge(handed_in, asked, pipeline.observe(handed_in, asked, sandbox, seed))


def tried(handed_in: Submission, asked: Exercise, sandbox: Sandbox) -> tuple[Evidence | None, Grade | None, str]:
    """Grade; a fault of the grader is a finding, not the end of the tour."""
    evidence = None
    try:
        evidence = pipeline.observe(handed_in, asked, sandbox, SEED)
        return evidence, pipeline.judge(handed_in, asked, evidence), ""
    except GraderFault as fault:
        return evidence, None, str(fault)


class Lobby:
    """Counts visits, and has an honest solution graded now and then."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._visits = 0
        self.honest = (HERE / "exhibits" / "honest.py").read_text("utf-8")

    def count(self) -> None:
        self._visits += 1
        if self._visits % EVERY == 0:
            self.expect_honest_work_to_pay()

    def expect_honest_work_to_pay(self) -> None:
        grade = graded(self.honest, self.sandbox, seconds=30)
        assert (grade.earned, grade.possible) == (15, 15), grade.next_step
        assert not grade.evidence.console


@pytest.fixture(scope="module")
def lobby(sandbox: Sandbox) -> Lobby:
    return Lobby(sandbox)


@pytest.fixture(scope="module")
def visit(exhibit: Any, lobby: Lobby, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Grade an exhibit once for all the tests about it."""
    folder = tmp_path_factory.mktemp("handed-in")
    path = exhibit.lay_out(folder)
    handed_in, asked = submission(path.read_bytes(), str(path)), exercise(exhibit.seconds)
    before = lying_about(folder)
    wall, processor = time.monotonic(), time.process_time()
    evidence, grade, fault = tried(handed_in, asked, lobby.sandbox)
    took = time.monotonic() - wall, time.process_time() - processor
    left = tuple(sorted(lying_about(folder) - before)) + tuple(alive(lobby.sandbox))
    twin = graded(exhibit.twin, lobby.sandbox, exhibit.seconds) if exhibit.twin else None
    yield Visit(exhibit, evidence, grade, twin, fault, *took, left)
    lobby.count()


def lying_about(folder: Path) -> set[str]:
    """List what an exhibit could have left: anything where it has no business, its own names elsewhere."""
    private = [
        path for room in (folder, *map(FIXTURES.joinpath, ("learner", "judge", "grader"))) for path in room.rglob("*")
    ]
    rooms = {Path(tempfile.gettempdir()), *map(Path, ("/tmp", "/var/tmp", "/dev/shm", "/", ".", sys.prefix))}
    rooms |= {ROOT, ROOT / "grader", ROOT / "grader" / "inside", *map(Path, sys.path)}
    public = [path for room in rooms if room.is_dir() for path in room.glob("[Ll][Ee][Ff][Tt]*")]
    return {str(path) for path in (*private, *public)} | segments()


def segments() -> set[str]:
    """List the System V shared memory of this machine."""
    table = Path("/proc/sysvipc/shm")
    rows = table.read_text().splitlines()[1:] if table.exists() else []
    return {f"segment {row.split()[1]}" for row in rows}


def alive(sandbox: Any) -> list[str]:
    """List the processes that the zygote still has; as subreaper it inherits every orphan."""
    zygote = forking(sandbox._process.pid)
    return [f"process {pid}" for pid in Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()]


def shown(visit: Visit) -> Grade:
    if visit.grade is None:
        pytest.skip("there is no grade to show")
    return visit.grade


def test_earns_only_what_the_work_earns(visit: Visit) -> None:
    assert not visit.fault, "the grader itself failed"
    assert visit.grade is not None
    honest = visit.twin.earned if visit.twin else 0
    passed = [outcome.check for outcome in visit.grade.outcomes if outcome.verdict.value == "passed"]
    earned = visit.grade.earned
    assert earned == honest or (earned < honest and "harms" in visit.exhibit.plaque), passed


def test_deadline_is_kept(visit: Visit) -> None:
    assert visit.seconds <= 2 * visit.exhibit.seconds + SLACK
    if visit.evidence is not None:
        assert visit.evidence.seconds <= 2 * visit.exhibit.seconds + 1
    assert visit.processor <= PROCESSOR_CAP, "the grader itself worked too long on it"


def test_walls_hold(visit: Visit) -> None:
    assert not visit.left
    if visit.evidence is None:
        pytest.skip("there is no evidence to look at")
    assert "GOT" not in visit.evidence.console
    assert visit.evidence.wall.level == "A"
    expected = visit.exhibit.plaque.get("ends", visit.evidence.ending.value)
    assert visit.evidence.ending.value == expected, visit.evidence.interruptions


def test_terminal_is_harmless(visit: Visit) -> None:
    paper = io.StringIO()
    report.show(Console(file=paper, width=100), shown(visit), None)
    expect_harmless(paper.getvalue())


def test_page_is_harmless(visit: Visit) -> None:
    page = report.html(shown(visit))
    expect_harmless(page)
    expect_dead(page)


def test_json_is_harmless(visit: Visit) -> None:
    printed = msgspec.json.format(msgspec.json.encode(shown(visit)), indent=2).decode()
    expect_harmless(printed)
    expect_visible("".join(strings(msgspec.json.decode(printed))))


def expect_harmless(text: str) -> None:
    """Nothing acts on a terminal or a runner, nothing hides or floods, nothing tells where we live."""
    assert len(text) < LENGTH_CAP
    expect_visible(text)
    text.encode("utf-8")
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in text
    ours = {str(ROOT), sys.prefix, sys.base_prefix, "grader/inside", "_be_worker"}
    assert not [path for path in ours if path in text]


def expect_visible(text: str) -> None:
    hidden = {character for character in text if unicodedata.category(character) in HIDDEN} - {"\n", "\t"}
    assert not hidden, sorted(map(ascii, hidden))


def expect_dead(page: str) -> None:
    seen = Tags()
    seen.feed(page)
    assert not seen.names & DANGEROUS_TAGS
    assert not {name for name in seen.attributes if name.startswith("on") or name in ("href", "src", "srcdoc")}


class Tags(HTMLParser):
    """Collect what a browser would take for markup."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from strings(item)
        case dict():
            for key, item in value.items():
                yield from strings([key, item])


def test_hard_coded_answers_earn_as_little_with_another_seed(sandbox: Sandbox) -> None:
    source = (HERE / "exhibits" / "22_hard_coded.py").read_text("utf-8")
    assert [graded(source, sandbox, seconds=4, seed=seed).earned for seed in (1, 2)] == [0, 0]


def test_every_row_of_the_catalogue_is_here_or_left_out_for_a_reason(shelf: list[Any]) -> None:
    shown_here = {exhibit.row for exhibit in shelf}
    assert shown_here | AT_THE_DOOR | LEFT_OUT == set(range(1, 69))
    assert not shown_here & LEFT_OUT


def test_every_exhibit_says_what_it_tries(shelf: list[Any]) -> None:
    for exhibit in shelf:
        first = exhibit.source.splitlines()[0]
        assert first.startswith('"""'), exhibit.name
        assert first.endswith('."""'), exhibit.name


def test_honest_work_still_pays_when_the_museum_closes(lobby: Lobby) -> None:
    lobby.expect_honest_work_to_pay()
    assert not alive(lobby.sandbox)
    assert "MUSEUM_SECRET" in os.environ
