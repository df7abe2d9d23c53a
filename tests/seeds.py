"""Does a wrong program earn the same whatever the seed is: ``python -m tests.seeds [03 …] [--seeds 20]``.

Values are drawn from a seed, never whether a trap is laid: every specimen is graded on many seeds, and one that earns
more or less on some of them is printed with what it earns.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox, open_sandbox
from grader.pipeline import judge_all, observe
from grader.records import Exercise
from grader.selfcheck import specimen_of

Points = Mapping[str, list[int]]
"""By misconception, what its specimen earns, one number for each seed."""
FIRST = 1_000
"""The first seed; others are used where specimens were written."""


def main() -> int:
    """Print every specimen whose points differ, and how many there are; 0 when there is none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*", help="such as 03; all of them when none is named")
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    arguments = parser.parse_args()
    wanted = [each for each in drawn() if not arguments.exercises or each.number in arguments.exercises]
    failed = 0
    with open_sandbox(wanted, warm=True) as sandbox:
        for exercise in wanted:
            found = points(exercise, sandbox, range(FIRST, FIRST + arguments.seeds))
            changing = differing(found)
            failed += len(changing)
            print(f"{exercise.slug}: {len(changing)} of {len(found)} specimens earn more on some seeds than on others")
            for name, earned in changing.items():
                print(f"    {name}: {earned}")
            sys.stdout.flush()
    return 1 if failed else 0


def drawn() -> list[Exercise]:
    """Return the exercises in which something is drawn: a note is read, and its evidence is the learner's."""
    return [each for each in course.exercises().values() if not each.is_note and each.misconceptions]


def points(exercise: Exercise, sandbox: Sandbox, seeds: Sequence[int]) -> Points:
    """Return what each specimen of an exercise earns on each seed."""
    asked = [(name, seed) for name in exercise.misconceptions for seed in seeds]
    files = {
        name: discover(specimen_of(exercise, name), exercise=exercise.slug, learner="specimen")
        for name in exercise.misconceptions
    }
    seen = [(files[name], observe(files[name], exercise, sandbox, seed)) for name, seed in asked]
    earned: dict[str, list[int]] = {}
    for (name, _), grade in zip(asked, judge_all(exercise, seen), strict=True):
        earned.setdefault(name, []).append(grade.earned)
    return earned


def differing(found: Points) -> Points:
    """Return the specimens that do not earn the same on every seed."""
    return {name: earned for name, earned in found.items() if len(set(earned)) > 1}


if __name__ == "__main__":
    sys.exit(main())
