"""Looking after the course and the machine."""

from __future__ import annotations

from grader import course
from grader.isolate import open_sandbox


def doctor() -> int:
    """Examine the walls and print every promise; 0 when the level is A."""
    with open_sandbox(list(course.exercises().values())) as sandbox:
        from rich.console import Console

        from grader.report import show_wall

        wall = sandbox.wall()
    show_wall(Console(), wall)
    return 0 if wall.level == "A" else 1


def selfcheck(seed: int | None) -> int:
    """Run the course's own checks; 0 when all of them held."""
    failed = 0
    with open_sandbox(list(course.exercises().values()), warm=True) as sandbox:
        from rich.console import Console

        from grader.report import show_finding
        from grader.selfcheck import selfcheck as check_course

        console = Console()
        for finding in check_course(sandbox, seed):
            failed += not finding.held
            show_finding(console, finding.what, finding.detail, held=finding.held)
    console.print("Everything held." if not failed else f"{failed} did not hold.")
    return 0 if not failed else 1
