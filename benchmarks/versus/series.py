"""The timed series: floor, this grader and every peer in turn, round after round."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .assignment import HERE, Submission, handed_in, mix
from .formats import CHECKS
from .measure import Watch, measure
from .peers import Peer
from .place import Kit
from .rows import COMPUTE, IMPORTS, OURS, Row
from .running import Outcome, Ready, run

CORES = 2
TOGETHER = 4
"""Submissions at a time in the run that tells what one more of them holds."""
ALONE = 10
"""Right submissions of which the compute of one is the median."""
COHORT = 10
"""Batches that make a cohort. Only this grader is given one: a peer takes ten times as long for ten times as many."""
LOOKED_AT = {OURS: 30}
"""Submissions for each place in a run whose memory is looked at: ours are over too soon for a sample to meet."""


class Asked(NamedTuple):
    """How much is measured."""

    rounds: int
    """Of one submission."""
    batches: int
    """Rounds of batches; for 0, only single submissions are graded."""
    count: int
    """Submissions in a batch."""


def measured(graders: list[Ready], floor: Kit, place: Path, asked: Asked) -> Iterator[Row]:
    """Yield a row for every run."""
    count = asked.count
    if asked.batches:
        yield from _memory(graders, place)
    else:
        _fill_caches(graders, floor, place)
    for number in range(1, asked.rounds + 1):
        yield _imports(floor, number)
        yield _compute("one", floor, place, number, handed_in(("right",) * ALONE))
        for grader in graders:
            yield _row("cold", grader, number, 1, _graded(grader, grader.one, place, handed_in(("right",)), 1))
    for number in range(1, asked.batches + 1):
        yield _compute("mix", floor, place, number, mix(count))
        for grader in graders:
            yield _row("batch", grader, number, CORES, _graded(grader, grader.many, place, mix(count), CORES), count)
        ours, cohort = graders[0], COHORT * count
        yield _row("cohort", ours, number, CORES, _graded(ours, ours.many, place, mix(cohort), CORES), cohort)


def _fill_caches(graders: list[Ready], floor: Kit, place: Path) -> None:
    _imports(floor, 0)
    for grader in graders:
        _graded(grader, grader.one, place, handed_in(("right",)), 1)


def _memory(graders: list[Ready], place: Path) -> Iterator[Row]:
    """Look at batches of one and of several submissions at a time; they also fill every cache."""
    for grader in graders:
        for jobs in (1, TOGETHER):
            each = LOOKED_AT.get(grader.name, 1) * jobs
            done = _graded(grader, grader.many, place, handed_in(("right",) * each), jobs, Watch())
            yield _row("memory", grader, jobs, jobs, done, each)


def _graded(
    grader: Ready, peer: Peer, place: Path, submissions: list[Submission], jobs: int, watch: Watch | None = None
) -> Outcome:
    return run(grader, peer, place / "runs" / grader.name, submissions, jobs, watch)


def _row(what: str, grader: Ready, number: int, jobs: int, done: Outcome, count: int = 1) -> Row:
    return Row(
        what=what,
        grader=grader.name,
        round=number,
        count=count,
        jobs=jobs,
        wall=done.cost.wall,
        cpu=done.cost.cpu,
        largest_mb=done.cost.largest_mb,
        tree_mb=done.cost.tree_mb,
        wrong=done.wrong,
    )


def imports() -> str:
    """Return what every grader of this assignment has to import, as the checks do it."""
    lines = CHECKS[CHECKS.index("import torch\n") : CHECKS.index("\n\nclass ")].splitlines(keepends=True)
    return "".join(line for line in lines if "from submission" not in line)


def _imports(floor: Kit, number: int) -> Row:
    command = [str(floor.bin / "python"), "-c", imports()]
    cost = measure(command, cwd=floor.work, env=floor.environment(), output=floor.work / "output.txt")
    return Row("cold", IMPORTS, number, 1, 1, cost.wall, cost.cpu, cost.largest_mb)


def _compute(what: str, floor: Kit, place: Path, number: int, submissions: list[Submission]) -> Row:
    """Time the checks alone, in a process that is warm: the median of the right ones, or the sum of a batch."""
    folder = place / "runs" / COMPUTE
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{each.name}.py" for each in submissions]
    for path, each in zip(paths, submissions, strict=True):
        path.write_text(each.source, "utf-8")
    (folder / "checks.py").write_text(CHECKS, "utf-8")
    command = [str(floor.bin / "python"), str(HERE / "warm.py"), str(folder / "checks.py"), *map(str, paths)]
    done = subprocess.run(command, env=floor.environment(), capture_output=True, text=True, check=True)
    seconds = [seconds for _, seconds in json.loads(done.stdout)]
    taken, count = (statistics.median(seconds), 1) if what == "one" else (sum(seconds), len(seconds))
    return Row(what, COMPUTE, number, count, 1, taken, taken)
