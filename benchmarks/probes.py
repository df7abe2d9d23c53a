"""What each exercise's probe costs: one warm worker on one core, the solution asked and judged.

    python benchmarks/probes.py [--runs 5]

`probe` is the worker's own time, from fork to the last fact; `judge` is everything after it. The quickest run counts,
since other work on the machine can only slow one down.
"""

from __future__ import annotations

import argparse
import secrets
import time

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox, open_sandbox
from grader.pipeline import judge, observe
from grader.places import SOLUTIONS
from grader.records import Exercise

MOST_SECONDS = {"01": 2, "02": 2, "03": 2, "04": 2, "06": 12}
"""What a probe may cost on a quiet machine; the others one second."""


def main() -> None:
    """Print one line per exercise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    exercises = [each for each in course.exercises().values() if (SOLUTIONS / f"{each.slug}.py").exists()]
    print(f"{'exercise':26}{'probe s':>9}{'may be':>8}{'judge s':>9}")
    with open_sandbox(exercises, warm=True) as sandbox:
        for exercise in exercises:
            probes, judges = zip(*(measure(exercise, sandbox) for _ in range(runs)), strict=True)
            most = MOST_SECONDS.get(exercise.number, 1)
            over = "  over" if min(probes) > most else ""
            print(f"{exercise.slug:26}{min(probes):9.2f}{most:8}{min(judges):9.3f}{over}", flush=True)


def measure(exercise: Exercise, sandbox: Sandbox) -> tuple[float, float]:
    """Grade the solution once with a fresh seed; seconds of the probe and of judging."""
    submission = discover(SOLUTIONS / f"{exercise.slug}.py", exercise=exercise.slug, learner="benchmark")
    evidence = observe(submission, exercise, sandbox, secrets.randbits(31))
    started = time.perf_counter()
    judge(submission, exercise, evidence)
    return evidence.seconds, time.perf_counter() - started


if __name__ == "__main__":
    main()
