"""What judging costs in a batch: one pytest session over many evidences of one exercise.

    python benchmarks/judge.py [03 …]

The solution and every specimen are observed three times with one seed, as a batch does; then their evidence is judged
together. Milliseconds are per submission.
"""

from __future__ import annotations

import argparse
import sys
import time

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox, open_sandbox
from grader.judging.check import check
from grader.judging.diagnose import diagnose
from grader.pipeline import observe
from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Evidence, Exercise

SEED, TIMES = 5, 3


def main() -> None:
    """Print one line per exercise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*", default=["01", "03", "04", "07", "08"])
    wanted = parser.parse_args().exercises
    exercises = [each for each in course.exercises().values() if each.number in wanted]
    print(f"{'exercise':26}{'evidences':>10}{'check ms':>10}{'diagnose ms':>13}")
    with open_sandbox(exercises, warm=True) as sandbox:
        for exercise in exercises:
            judge(exercise, [seen for _ in range(TIMES) for seen in observed(exercise, sandbox)])
    if "torch" in sys.modules:
        raise SystemExit("The judge imported torch.")


def observed(exercise: Exercise, sandbox: Sandbox) -> list[Evidence]:
    """Run the solution and every specimen."""
    files = [SOLUTIONS / f"{exercise.slug}.py", *sorted((SPECIMENS / exercise.slug).glob("*.py"))]
    return [observe(discover(file, exercise=exercise.slug), exercise, sandbox, SEED) for file in files]


def judge(exercise: Exercise, evidences: list[Evidence]) -> None:
    """Judge everything once, and say what it cost."""
    started = time.perf_counter()
    outcomes = check(exercise, evidences)
    checked = time.perf_counter()
    for evidence, found in zip(evidences, outcomes, strict=True):
        diagnose(exercise, evidence, found)
    diagnosed = time.perf_counter()
    each = 1000 / len(evidences)
    check_ms, diagnose_ms = (checked - started) * each, (diagnosed - checked) * each
    print(f"{exercise.slug:26}{len(evidences):10}{check_ms:10.1f}{diagnose_ms:13.1f}", flush=True)


if __name__ == "__main__":
    main()
