"""What isolation costs, as ratios within one run: ``python benchmarks/isolate.py [ROUNDS]``.

The four things are measured in turn, round after round, so that a noisy machine slows all of them alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from grader import course
from grader.discover import discover
from grader.isolate import Question, Sandbox, open_sandbox
from grader.pipeline import grade
from grader.places import SOLUTIONS

HERE = Path(__file__).parent
EXERCISE = course.exercises()["03_partial_unfreeze"]
SOLUTION = SOLUTIONS / f"{EXERCISE.slug}.py"
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
EMPTY = Question(
    filename="nothing.py",
    source=b"\n",
    probe=str(HERE / "empty_probe.py"),
    parts=(),
    seconds=10,
    plan={},
    fixtures={},
    arrays={},
)


def cold_imports() -> None:
    """Import what the exercise needs in a fresh interpreter."""
    run([sys.executable, "-I", "-c", f"import {', '.join(EXERCISE.imports)}"])


def naive() -> None:
    """Grade with pytest, torch and the learner's code in one fresh process."""
    checks = str(HERE / "naive_checks.py")
    run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, checks])


def run(command: list[str]) -> None:
    """Run a command and insist that it succeeds."""
    environment = {**ONE_THREAD, "GRADE_SUBMISSION": str(SOLUTION)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def measure(sandbox: Sandbox, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of every measured thing, one per round."""
    submission = discover(SOLUTION, learner="learner-01")

    def warm() -> None:
        graded = grade(submission, sandbox, 5)
        if not graded.full_marks:
            raise SystemExit(f"the solution earned {graded.earned} of {graded.possible}")

    things: dict[str, Callable[[], object]] = {
        "cold imports": cold_imports,
        "fork to confined worker": lambda: sandbox.attempt(EMPTY),
        "warm grading": warm,
        "naive pytest": naive,
    }
    seconds: dict[str, list[float]] = {name: [] for name in things}
    warm()
    for _ in range(rounds):
        for name, thing in things.items():
            started = time.perf_counter()
            thing()
            seconds[name].append(time.perf_counter() - started)
    return seconds


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with open_sandbox([EXERCISE], warm=True) as sandbox:
        wall = sandbox.wall()
        seconds = measure(sandbox, rounds)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    cold, naively = median["cold imports"], median["naive pytest"]
    print(f"wall {wall.level}, {rounds} rounds, median and best\n")
    for name, values in seconds.items():
        shown = f"{name:26} {median[name] * 1000:9.1f} ms {min(values) * 1000:9.1f} ms"
        print(
            f"{shown}   {median[name] / cold:8.2%} of cold imports   naive is {naively / median[name]:6.1f} times that"
        )
    details = {"landlock": wall.details.get("landlock_abi"), "seccomp": wall.details.get("seccomp")}
    print(f"\n{msgspec.json.encode(details).decode()}")


if __name__ == "__main__":
    main()
