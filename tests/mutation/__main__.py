"""Mutation-test the hidden checks: ``python -m tests.mutation [03 …]``.

Every mutant of a reference solution is graded. One that still earns full marks survives: either a check is missing,
or the mutant does the same as the original and stands in ``equivalent.toml`` with the reason. The score is the share
of mutants killed among those that are not equivalent.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from pathlib import Path

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox, open_sandbox
from grader.pipeline import grade
from grader.places import SOLUTIONS
from grader.records import Exercise
from tests.mutation.mutants import mutants

ENOUGH = 0.97
HERE = Path(__file__).parent


def main() -> int:
    """Print the score of each exercise and every survivor; 0 when all scores are high enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*", help="such as 03; all of them when none is named")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wanted = [e for e in course.exercises().values() if not arguments.exercises or e.number in arguments.exercises]
    code = [exercise for exercise in wanted if (SOLUTIONS / f"{exercise.slug}.py").exists()]
    with open_sandbox(code, warm=True) as sandbox:
        scores = [score(exercise, sandbox, arguments.seed) for exercise in code]
    return 0 if min(scores) >= ENOUGH else 1


def score(exercise: Exercise, sandbox: Sandbox, seed: int) -> float:
    """The share of an exercise's mutants that the checks kill, those known as equivalent left out."""
    equivalent = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8")).get(exercise.slug, {})
    killed, same, survivors = 0, 0, []
    for mutant in mutants((SOLUTIONS / f"{exercise.slug}.py").read_text("utf-8")):
        if not survives(mutant.source, exercise, sandbox, seed):
            killed += 1
        elif mutant.change in equivalent:
            same += 1
        else:
            survivors.append(mutant.change)
    share = killed / (killed + len(survivors))
    print(f"{exercise.slug}: {killed} killed, {same} equivalent, {len(survivors)} survived: {share:.3f}")
    for change in survivors:
        print(f"    {change}")
    sys.stdout.flush()
    return share


def survives(source: str, exercise: Exercise, sandbox: Sandbox, seed: int) -> bool:
    """Whether a solution's text still earns everything."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{exercise.slug}.py"
        path.write_text(source, "utf-8")
        return grade(discover(path, learner="mutant"), sandbox, seed).full_marks


if __name__ == "__main__":
    sys.exit(main())
