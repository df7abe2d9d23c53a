"""What a batch costs, on two cores: ``python benchmarks/batch.py [--count 300] [--hanging 6]``.

A made-up cohort is graded by ``grade batch`` as staff would. In the same run, so that a noisy machine slows all of it
alike: the probes alone (one warm sandbox, one submission after the other, nothing judged; before and after the batch),
and ``python -m pytest`` per submission. Submissions that never end wait for their time limit whatever the grader does;
they are a batch of their own.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import cohort
import psutil

from grader import course
from grader.batch.intake import read_here, survey, take_in
from grader.batch.journal import Journal, Ledger
from grader.batch.judging import task_of
from grader.batch.observing import Observer
from grader.batch.packing import unpack
from grader.records import Grade

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


def grade_batch(submissions: Path, results: Path, jobs: int = CORES, seed: int | None = None) -> tuple[float, float]:
    """Run the command; return its seconds and the peak of its memory in MB."""
    command = [sys.executable, "-c", "from grader.cli import main; main()", "batch", str(submissions)]
    with Tree() as tree:
        started = time.perf_counter()
        options = ["--out", str(results), "--jobs", str(jobs), *(["--seed", str(seed)] if seed is not None else [])]
        subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started, tree.peak_mb


def probes_alone(submissions: Path, folder: Path) -> tuple[float, float]:
    """Run every distinct submission one after the other; return the workers' own seconds and those until the first."""
    with Ledger.open(folder, 5) as ledger:
        ledger.use_course(course.version())
        ledger.receive(submissions, take_in(survey(submissions), [], read_here))
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


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--hanging", type=int, default=6)
    parser.add_argument("--exercises", nargs="*", default=QUICK)
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
        hang(folder, asked.hanging, slugs)


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
