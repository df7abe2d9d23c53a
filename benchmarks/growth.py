"""How cost grows: ``python benchmarks/growth.py [rows] [models] [cores]``, all three without a word.

With the number of submissions: made-up rows through journal, judge and cohort page. With the size of the models:
exercise 03's probe on ResNets and BERTs up to ResNet-50 and BERT-base. With cores: the same batch on one and on two.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cohort
import msgspec
import psutil
from batch import QUICK, grade_batch

from grader import course
from grader.authoring.anatomy import anatomy
from grader.batch.coordinator import grade_open
from grader.batch.executor import Executor, Running
from grader.batch.intake import Handin
from grader.batch.journal import BatchJob, Journal, Ledger
from grader.batch.judge import judge_here
from grader.batch.observing import Observed, Task
from grader.batch.packing import pack
from grader.discover import discover
from grader.errors import GraderFault
from grader.isolate import open_sandbox
from grader.notebook import Source
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS
from grader.records import Evidence, Exercise, Grade, Wall
from grader.records.cohort import Clock, Ungraded
from grader.report.publish import publish

ROWS = (10, 100, 1_000, 10_000)
COHORT = 240
"""Submissions graded on one core and on two: enough that the imports before the first worker do not decide."""
LIGHT, HEAVY = "08_choose_depth", "03_partial_unfreeze"
RESNET = {"family": "resnet", "layers": [2, 2, 2, 2], "block": "basic"}
BERT = {"family": "bert", "vocab": 30522, "positions": 512, "pooler": True}
MODELS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "as drawn for learners": (
        {**RESNET, "layers": [1, 1, 1, 1], "widths": [4, 4, 8, 8]},
        {**BERT, "hidden": 16, "layers": 2, "heads": 2, "intermediate": 32, "vocab": 60, "positions": 16},
    ),
    "a tenth of the next": (
        {**RESNET, "widths": [20, 40, 80, 160]},
        {**BERT, "hidden": 64, "layers": 2, "heads": 2, "intermediate": 256, "vocab": 8000},
    ),
    "ResNet-18, BERT-mini": (
        {**RESNET, "widths": [64, 128, 256, 512]},
        {**BERT, "hidden": 256, "layers": 4, "heads": 4, "intermediate": 1024},
    ),
    "ResNet-50, BERT-base": (
        {**RESNET, "block": "bottleneck", "layers": [3, 4, 6, 3], "widths": [64, 128, 256, 512]},
        {**BERT, "hidden": 768, "layers": 12, "heads": 12, "intermediate": 3072},
    ),
}


def observed(exercise: Exercise, seed: int = 5) -> Evidence:
    """Ask the solution in a sandbox of its own."""
    submission = discover(SOLUTIONS / f"{exercise.slug}.py", exercise=exercise.slug, learner="benchmark")
    with open_sandbox([exercise], warm=True) as sandbox:
        return observe(submission, exercise, sandbox, seed)


class Stub:
    """Answers every task at once with the same evidence."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def wall(self) -> Wall:
        """Return the walls that the evidence names."""
        return self._evidence.wall

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Observed]]:
        """Answer four tasks at a time."""
        for task in tasks:
            evidence = msgspec.structs.replace(self._evidence, submission_sha256=task.key)
            yield [Observed(exercise=task.exercise, key=task.key, packed=pack(evidence))]

    def running(self) -> list[Running]:
        """Nothing takes any time."""
        return []

    def close(self) -> None:
        """Nothing was started."""


class Memory:
    """Watches a batch and notes what memory this process holds, in MB, at the first tenth of it and at the last."""

    def __init__(self, total: int) -> None:
        self.seen: list[float] = []
        self._step = max(1, total // 10)
        self._count = 0

    def came(self, _: Observed) -> None:
        """Note the memory now and then."""
        self._count += 1
        if self._count % self._step == 0:
            self.seen.append(psutil.Process().memory_info().rss / 2**20)

    def judged(self, results: list[tuple[BatchJob, Grade | Ungraded]]) -> None:
        """Insist that all of it can be graded."""
        if faults := [result for _, result in results if isinstance(result, Ungraded)]:
            raise SystemExit(faults[0].fault)

    def tick(self, executor: Executor) -> None:
        """Show nothing."""


def rows() -> None:
    """Take cohorts of made-up rows through journal, judge and pages, and print what that costs."""
    evidence = observed(course.exercises()[LIGHT])
    print(f"submissions of {LIGHT} with made-up evidence; ms of each, but for the page and the look")
    print(f"{'rows':>7}{'taken in':>10}{'judged':>9}{'read':>7}{'feedback':>10}"
          f"{'cohort page s':>15}{'look for work s':>17}{'MB on disk':>12}{'MB of memory':>16}")  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        for count in ROWS:
            told = row(count, evidence, Path(place) / str(count))
            print(told, flush=True)


def row(count: int, evidence: Evidence, folder: Path) -> str:
    """Return a line about this many rows."""

    def answers() -> Iterator[Handin]:
        when = datetime(2026, 11, 20, tzinfo=UTC)
        for number in range(count):
            code = Source(source=f"# {number}\n".encode())
            yield Handin(f"learner-{number:05}", "", LIGHT, "a.py", when, Clock.FILE, code, "")

    with Ledger.open(folder, 5) as ledger:
        ledger.use_course(course.version())
        taken = timed(lambda: ledger.receive(Path("made-up"), answers()))
        memory = Memory(count)
        judged = timed(lambda: grade_open(ledger, Stub(evidence), memory, judge_here))
        look = timed(ledger.count)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    with Journal.read(folder) as journal:
        read = timed(lambda: sum(row.points or 0 for row in journal.rows()))
        page = timed(lambda: publish(folder, journal.rows(), journal.notes(), names=False))
        both = timed(lambda: publish(folder, journal.rows(), journal.notes()))
    each = "".join(f"{1e3 * seconds / count:{width}.2f}" for seconds, width in ((taken, 10), (judged, 9), (read, 7)))
    return (
        f"{count:7}{each}{1e3 * (both - page) / count:10.2f}{page:15.2f}{look:17.3f}{size:12.1f}"
        f"{memory.seen[0]:10.0f} to {memory.seen[-1]:.0f}"
    )


def models() -> None:
    """Ask the solution of 03 about ever larger models, and print what that costs."""
    exercise, plan = course.exercises()[HEAVY], course.part(course.exercises()[HEAVY], "plan")
    limits = msgspec.structs.replace(exercise.limits, memory_mb=16_000, seconds=300)
    exercise = msgspec.structs.replace(exercise, limits=limits)
    print(f"\n{HEAVY}: its solution, asked about one ResNet and one BERT besides the two pretrained ones")
    print(f"{'models':24}{'parameters':>12}{'probe s':>9}{'judge s':>9}{'worker MB':>11}{'evidence kB':>13}")
    drawn = plan._models  # noqa: SLF001  the one place where sizes are drawn
    for name, specs in MODELS.items():
        plan._models = lambda rng, specs=specs: [  # noqa: SLF001
            plan._model(f"{spec['family']}-asked", spec, rng)  # noqa: SLF001
            for spec in specs
        ]
        try:
            print(f"{name:24}{asked(exercise)}", flush=True)
        except GraderFault as fault:
            print(f"{name:24}{fault}", flush=True)
    plan._models = drawn  # noqa: SLF001


def asked(exercise: Exercise) -> str:
    """Return a line about the models as they are drawn now."""
    seed = random.randrange(2**31)
    submission = discover(SOLUTIONS / f"{exercise.slug}.py", exercise=exercise.slug, learner="benchmark")
    evidence = observed(exercise, seed)
    took = timed(lambda: judge(submission, exercise, evidence))
    graded = judge(submission, exercise, evidence)
    size = sum(entry.size for model in evidence.plan["models"] for entry in anatomy(model["spec"]).parameters)
    short = "" if graded.full_marks else f"   {graded.earned} of {graded.possible} points"
    return (
        f"{size:12,}{evidence.seconds:9.2f}{took:9.3f}{evidence.peak_mb:11.0f}{len(pack(evidence)) / 1024:13.1f}{short}"
    )


def cores() -> None:
    """Grade the same cohort on one core and on two, in turn, and print the ratio and what follows from it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        cohort.make(folder / "cohort", COHORT, 2, [course.named(number).slug for number in QUICK])
        seconds: dict[int, list[float]] = {1: [], 2: []}
        for turn in range(2):
            for jobs, taken in seconds.items():
                taken.append(grade_batch(folder / "cohort", folder / f"results-{jobs}-{turn}", jobs)[0])
        one, two = (statistics.median(taken) for taken in seconds.values())
    serial = max(0.0, (2 * two - one) / one)
    print(f"\n{COHORT} submissions: {one:.1f} s on one core, {two:.1f} s on two, {one / two:.2f} times as fast")
    print(f"so {serial:.0%} of the work is not shared out (Amdahl), most of it the imports before the first worker:")
    print("  " + ", ".join(f"{n} cores {1 / (serial + (1 - serial) / n):.1f} times" for n in (4, 8, 16)))


def timed(deed: Callable[[], object]) -> float:
    """Return the seconds that a deed takes."""
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def main() -> None:
    """Print what was asked for."""
    curves = {"rows": rows, "models": models, "cores": cores}
    if unknown := set(sys.argv[1:]) - curves.keys():
        raise SystemExit(f"there is no curve {', '.join(unknown)}; there are {', '.join(curves)}")
    for name in sys.argv[1:] or curves:
        curves[name]()


if __name__ == "__main__":
    main()
