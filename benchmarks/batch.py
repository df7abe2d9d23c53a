"""What a batch costs, on two cores: ``python benchmarks/batch.py [--count 300] [--hanging 6] [--rows 10000]``.

A made-up cohort is graded by ``grade batch`` as staff would. In the same run, so that a noisy machine slows all of it
alike: the probes alone (one warm sandbox, one submission after the other, nothing judged; before and after the batch),
and ``python -m pytest`` per submission. Submissions that never end wait for their time limit whatever the grader does;
they are a batch of their own. At last, thousands of rows with made-up evidence show what journal and judge cost, and
that memory stays flat.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import cohort
import msgspec
import psutil

from grader import course
from grader.batch.coordinator import grade_open
from grader.batch.executor import Executor, Running
from grader.batch.intake import Answer, take_in
from grader.batch.journal import Job, Journal, Ledger
from grader.batch.judging import task_of
from grader.batch.observing import Observer, Seen, Task
from grader.batch.packing import pack, unpack
from grader.cohort import Clock, Ungraded
from grader.notebook import Source
from grader.records import Grade, Wall

HERE = Path(__file__).parent
CORES = 2
QUICK = ("01", "02", "03", "04", "05", "07", "08")
"""Exercise 06 trains for seconds, which would hide every overhead; 09 runs nothing."""
SAMPLED = 8
"""How many submissions pytest grades one by one, two at a time."""
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Tree:
    """The memory of this process's children and theirs, shared pages counted once; sampled while in a with block."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(0.5):
            family = psutil.Process().children(recursive=True)
            self.peak_mb = max(self.peak_mb, sum(map(pss, family)) / 2**20)


def pss(process: psutil.Process) -> int:
    """Return a process's proportional share of memory in bytes, 0 when it is gone."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def grade_batch(submissions: Path, results: Path) -> tuple[float, float]:
    """Run the command; return its seconds and the peak of its memory in MB."""
    command = [sys.executable, "-c", "from grader.cli import main; main()", "batch", str(submissions)]
    with Tree() as tree:
        started = time.perf_counter()
        subprocess.run([*command, "--out", str(results), "--jobs", str(CORES)], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started, tree.peak_mb


def probes_alone(submissions: Path, folder: Path) -> tuple[float, float]:
    """Run every distinct submission one after the other; return the workers' own seconds and those until the first."""
    with Ledger.open(folder, 5) as ledger:
        ledger.use_course(course.VERSION)
        ledger.receive(submissions, take_in(submissions, []))
        tasks = [task_of(ledger, job) for job in ledger.jobs()]
    started = time.perf_counter()
    observer = Observer(sorted({task.exercise for task in tasks}))
    observer.wall()
    ready = time.perf_counter() - started
    seconds = sum(unpack(observer.observe(task).packed).seconds for task in tasks)
    observer.close()
    return seconds, ready


def pytest_each(submissions: Path, draw: random.Random) -> float:
    """Grade a sample with a fresh pytest each, two at a time; return the seconds per submission."""
    files = sorted(path for path in submissions.rglob("*.py"))

    def grade(path: Path) -> None:
        environment = {**ONE_THREAD, "GRADE_SUBMISSION": str(path), "GRADE_EXERCISE": path.stem}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
        subprocess.run(
            [*command, str(HERE / "naive_checks.py")], env=environment, stdout=subprocess.DEVNULL, check=False
        )

    started = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(grade, draw.sample(files, SAMPLED)))
    return (time.perf_counter() - started) / SAMPLED


class Stub:
    """Answers every task at once with the same evidence."""

    def __init__(self, packed: bytes) -> None:
        self._evidence = unpack(packed)

    def wall(self) -> Wall:
        """Return the walls that the evidence names."""
        return self._evidence.wall

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Seen]]:
        """Answer four tasks at a time."""
        for task in tasks:
            evidence = msgspec.structs.replace(self._evidence, submission_sha256=task.key)
            yield [Seen(exercise=task.exercise, key=task.key, packed=pack(evidence))]

    def running(self) -> list[Running]:
        """Nothing takes any time."""
        return []

    def close(self) -> None:
        """Nothing was started."""


class Memory:
    """Watches a batch and notes what memory this process holds, in MB, at every tenth of it."""

    def __init__(self, total: int) -> None:
        self.seen: list[float] = []
        self._step = max(1, total // 10)
        self._count = 0

    def came(self, _: Seen) -> None:
        """Note the memory now and then."""
        self._count += 1
        if self._count % self._step == 0:
            self.seen.append(psutil.Process().memory_info().rss / 2**20)

    def judged(self, results: list[tuple[Job, Grade | Ungraded]]) -> None:
        """Insist that all of it can be graded."""
        if faults := [result for _, result in results if isinstance(result, Ungraded)]:
            raise SystemExit(faults[0].fault)

    def tick(self, executor: Executor) -> None:
        """Show nothing."""


def many_rows(count: int, packed: bytes, slug: str, folder: Path) -> None:
    """Take a cohort of made-up rows through journal and judge, and print what that costs."""

    def answers() -> Iterator[Answer]:
        when = datetime(2026, 11, 20, tzinfo=UTC)
        for number in range(count):
            code = Source(source=f"# {number}\n".encode())
            yield Answer(f"learner-{number:05}", "", slug, "a.py", when, Clock.FILE, code, "")

    with Ledger.open(folder, 5) as ledger:
        ledger.use_course(course.VERSION)
        taken = timed(lambda: ledger.receive(Path("made-up"), answers()))
        memory = Memory(count)
        graded = timed(lambda: grade_open(ledger, Stub(packed), memory))
        again = timed(ledger.count)
    with Journal.read(folder) as journal:
        read = timed(lambda: sum(row.points or 0 for row in journal.rows()))
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    print(f"\n{count} rows of {slug} with made-up evidence")
    steps = {"taken in": taken, "judged and kept": graded, "read": read}
    told = ", ".join(f"{step} in {1e3 * seconds / count:.2f} ms" for step, seconds in steps.items())
    print(f"  a row is {told}; looking for open work takes {again:.2f} s; {size:.0f} MB on disk")
    print(f"  memory at every tenth: {' '.join(f'{each:.0f}' for each in memory.seen)} MB")


def timed(deed: Callable[[], object]) -> float:
    """Return the seconds that a deed takes."""
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--hanging", type=int, default=6)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument(
        "--exercises", nargs="*", default=[e.slug for e in course.exercises().values() if not e.is_note]
    )
    asked = parser.parse_args()
    slugs = [course.named(name).slug for name in asked.exercises]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        print(f"{asked.count} submissions: {cohort.make(folder / 'ending', asked.count, 1, slugs)}")
        before, ready = probes_alone(folder / "ending", folder / "before")
        seconds, peak = grade_batch(folder / "ending", folder / "results")
        after, _ = probes_alone(folder / "ending", folder / "after")
        floor = (before + after) / 2
        each = pytest_each(folder / "ending", random.Random(1))
        report(asked.count, floor, ready, seconds, peak, each)
        with Journal.read(folder / "results") as journal:
            grades = [row for row in journal.rows() if isinstance(row.result, Grade)]
            if len(grades) != asked.count:
                raise SystemExit(f"only {len(grades)} of {asked.count} were graded")
            light = min((job for job in journal.observed()), key=lambda job: len(journal.packed(job)))
            packed = journal.packed(light)
        hang(folder, asked.hanging, slugs)
        many_rows(asked.rows, packed, light.exercise, folder / "many")


def report(count: int, floor: float, ready: float, seconds: float, peak: float, each: float) -> None:
    """Print what the ending submissions cost."""
    grading = seconds - ready
    print(f"  grade batch, all of it        {seconds:7.1f} s   {count / seconds:5.1f} a second")
    print(f"  until the sandbox is ready    {ready:7.1f} s")
    print(f"  the probes alone, on {CORES} cores  {floor / CORES:7.1f} s")
    print(f"  overhead over the probes      {grading * CORES / floor:7.2f} times without the start, "
          f"{seconds * CORES / floor:.2f} with it")  # fmt: skip
    print(f"  memory, the whole tree        {peak:7.0f} MB at most")
    print(f"  pytest, a process each        {each:7.2f} s a submission: {each * count / seconds:.1f} times the batch's")


def hang(folder: Path, count: int, slugs: list[str]) -> None:
    """Grade submissions that never end, and print what they cost beside their limits."""
    if not count:
        return
    cohort.make_hanging(folder / "hanging", count, slugs)
    seconds, _ = grade_batch(folder / "hanging", folder / "hanging-results")
    with Journal.read(folder / "hanging-results") as journal:
        waited = [row.result.evidence.seconds for row in journal.rows() if isinstance(row.result, Grade)]
    print(f"\n{count} that never end: {seconds:.1f} s, of which {sum(waited) / CORES:.1f} s are their time limits "
          f"(median {statistics.median(waited):.1f} s each)")  # fmt: skip


if __name__ == "__main__":
    main()
