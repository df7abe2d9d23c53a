"""The same batch on real Dask processes: equal marks, a killed worker costs nothing, and refusals are sentences."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import course
from grader.batch import cluster
from grader.batch.coordinator import grade_open
from grader.batch.intake import read_here, survey, take_in
from grader.batch.journal import Ledger
from grader.batch.judge import judge_here
from grader.batch.observing import Observed
from grader.errors import GraderFault, UsageError
from grader.isolate.wall import Demand
from grader.records import Grade

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the zygote is for Linux")]
LIGHT = "08_choose_depth"
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def processes() -> list[subprocess.Popen[bytes]]:
    """What was started, the scheduler first."""
    return []


@pytest.fixture
def dask(tmp_path: Path, processes: list[subprocess.Popen[bytes]]) -> Iterator[Start]:
    """Start ``dask scheduler`` and ``dask worker`` processes, which end with the test."""

    def start(*words: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"dask-{len(processes)}.log").open("wb") as log:
            command = [sys.executable, "-m", "dask", *words]
            processes.append(subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=log))
        return processes[-1]

    yield start
    for process in reversed(processes):
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def scheduler(dask: Start, tmp_path: Path) -> str:
    """Return the address of a scheduler that is up."""
    told = tmp_path / "scheduler.json"
    dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    for _ in range(600):
        if told.exists() and '"address"' in (text := told.read_text()):
            return text.split('"address": "')[1].partition('"')[0]
        time.sleep(0.05)
    raise AssertionError((tmp_path / "dask-0.log").read_text())


def worker(dask: Start, scheduler: str) -> subprocess.Popen[bytes]:
    options = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
    return dask("worker", scheduler, *options)


class Killer:
    """Watches a batch, and kills a worker of the cluster once the first results have come."""

    def __init__(self, victim: subprocess.Popen[bytes]) -> None:
        self.count = 0
        self.family: list[psutil.Process] = []
        self._victim = victim

    def came(self, _: Observed) -> None:
        self.count += 1
        if self.count == 3:
            self.family = psutil.Process(self._victim.pid).children(recursive=True)
            os.kill(self._victim.pid, signal.SIGKILL)

    def judged(self, results: Any) -> None:
        pass

    def tick(self, _: object) -> None:
        pass


def graded(ledger: Ledger, root: Path, executor: Any, watcher: Any) -> dict[str, Any]:
    """Grade a folder with an executor; return what every result says but for seconds and memory."""
    ledger.use_course(course.version())
    ledger.receive(root, take_in(survey(root), [course.exercises()[LIGHT]], read_here))
    grade_open(ledger, executor, watcher, judge_here)
    results = {row.learner: row.result for row in ledger.rows()}
    assert all(isinstance(result, Grade) for result in results.values()), results
    return {
        learner: (result.outcomes, result.diagnoses, result.evidence.ending, result.provenance.source_sha256)
        for learner, result in results.items()
        if isinstance(result, Grade)
    }


def test_a_cluster_gives_the_marks_of_a_local_run_though_a_worker_is_killed(
    dask: Start, scheduler: str, folders: Any, tmp_path: Path, here: Any, right: str, stub: str
) -> None:
    kinds = (right, stub, "raise RuntimeError\n")
    slow = "import time\ntime.sleep(0.3)\n"
    root = folders({f"learner-{n:02}/{LIGHT}.py": f"# {n}\n{slow}{kinds[n % 3]}" for n in range(15)})
    victim, _ = worker(dask, scheduler), worker(dask, scheduler)
    executor = cluster.Cluster(scheduler, [LIGHT], Demand.for_cohort(weaker=False))
    executor._client.wait_for_workers(2, timeout=60)
    Demand.for_cohort(weaker=False).expect(executor.wall())
    killer = Killer(victim)
    with Ledger.open(tmp_path / "cluster", 5) as ledger:
        there = graded(ledger, root, executor, killer)
    executor.close()
    assert killer.count == 15
    assert killer.family, "the worker had a sandbox"
    assert not psutil.wait_procs(killer.family, timeout=20)[1], "it ended with its worker"
    with Ledger.open(tmp_path / "local", 5) as ledger:
        assert graded(ledger, root, here, Killer(victim)) == there


def test_a_worker_of_another_course_or_with_weak_walls_is_refused_in_a_sentence(
    dask: Start, scheduler: str, folders: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker(dask, scheduler)
    executor = cluster.Cluster(scheduler, [LIGHT], Demand.for_cohort(weaker=False))
    root = folders({f"learner-01/{LIGHT}.py": "x = 1\n"})
    monkeypatch.setattr(course, "edition", lambda: "x 2099.1")
    with (
        Ledger.open(tmp_path / "results", 5) as ledger,
        pytest.raises(UsageError, match=r"The worker tcp://.* has the course .*, not x 2099.1"),
    ):
        graded(ledger, root, executor, Killer(None))
    executor.close()


def test_a_lost_scheduler_ends_the_batch_in_a_sentence_and_what_was_done_is_kept(
    dask: Start, scheduler: str, processes: list[subprocess.Popen[bytes]], folders: Any, tmp_path: Path
) -> None:
    root = folders({f"learner-{n:02}/{LIGHT}.py": f"import time\ntime.sleep(0.5)\nx = {n}\n" for n in range(12)})
    worker(dask, scheduler)
    executor = cluster.Cluster(scheduler, [LIGHT], Demand.for_cohort(weaker=False))
    killer = Killer(processes[0])
    with (
        Ledger.open(tmp_path / "results", 5) as ledger,
        pytest.raises(GraderFault, match=r"The Dask scheduler is gone\. What was graded is kept"),
    ):
        graded(ledger, root, executor, killer)
    executor.close()
    with Ledger.open(tmp_path / "results", 5) as ledger:
        to_run, _ = ledger.count()
    assert 0 < to_run <= 12 - 3


def test_nobody_at_the_address_and_no_workers_are_sentences(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(UsageError, match=f"No Dask scheduler answers at {address}"):
            cluster.Cluster(address, [LIGHT], Demand.for_cohort(weaker=False))
    with pytest.raises(UsageError, match="has no workers"):
        cluster.Cluster(scheduler, [LIGHT], Demand.for_cohort(weaker=False))
