"""Mutate real evidence and read and judge it: ``python benchmarks/fuzz_evidence.py [COUNT] [SEED] [EXERCISE…]``.

Of every exercise a solution, a wrong specimen and the stub are mutated, COUNT times together: facts, arrays and
bytes; of the note its text and its evidence. Every mutation has to end in facts or in a stated reason, every
judgement in outcomes, and none may earn more than what it was made of can. Exit status 1 when one did not.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.fuzzing.cases import ROLES, cases
from benchmarks.fuzzing.judge import Finding, fuzz
from grader import course
from grader.isolate import Sandbox, open_sandbox
from grader.records import Exercise


def main() -> None:
    """Mutate, read, judge, count."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    exercises = course.chosen(sys.argv[3:])
    found: list[Finding] = []
    with open_sandbox(exercises, warm=True) as sandbox:
        for exercise in exercises:
            found += fuzz_one(exercise, count, seed, sandbox)
    if found:
        raise SystemExit(1)


def fuzz_one(exercise: Exercise, count: int, seed: int, sandbox: Sandbox) -> list[Finding]:
    """Mutate the three cases of an exercise and print what came of it."""
    started, found, ends = time.monotonic(), list[Finding](), Counter[str]()
    for case in cases(exercise, seed, sandbox):
        findings, counted = fuzz(case, seed, -(-count // len(ROLES)))
        found += findings
        ends += counted
    took = time.monotonic() - started
    print(f"{exercise.slug}: {ends.total() + len(found)} mutations in {took:.0f} s, {len(found)} broke something")
    for reason, times in ends.most_common(8):
        print(f"{times:7}  {reason}")
    for finding in found[:20]:
        print(f"  {finding}")
    return found


if __name__ == "__main__":
    main()
