"""Results and autograders in other people's formats."""

from __future__ import annotations

from pathlib import Path

from grader import course
from grader.export.gradescope import Visibility
from grader.text import shown


def write_gradescope(target: Path, only: list[str], visibility: Visibility, *, weaker_wall: bool) -> int:
    """Write Gradescope's autograder and say what the assignment has to be set to."""
    course.expect_judges("grade export gradescope")
    from grader.handout.gradescope import build_autograder

    possible = build_autograder(target, only, visibility, weaker_wall=weaker_wall)
    print(
        f"{shown(target)} is written. Give the assignment {possible} points, and its container at least 2 GB of memory."
    )
    return 0
