"""Grading in a CI job."""

from __future__ import annotations

from pathlib import Path

from .app import TEACH, Names, Switch, Visibility, command


@command("grade ci", "grade ci exercises --only 03 07 --strict", group=TEACH)
def ci(
    folder: Path = Path("exercises"),
    /,
    *,
    only: Names = [],  # noqa: B006  cyclopts copies it
    since: str | None = None,
    junit: Path | None = None,
    reports: Path | None = None,
    gradescope: Path | None = None,
    visibility: Visibility = "after_published",
    strict: Switch = False,
    weaker_wall: Switch = False,
) -> int:
    """Grade a folder of exercises in a CI job, and leave what the CI system reads.

    On GitHub these are annotations, the job's summary and the outputs for the autograding reporter; for a Classroom 50
    runner, result.json and release-body.md. The exit code is 0 whatever the points, so that the next step can report.

    Parameters
    ----------
    folder
        Where the learner's files are.
    only
        Grade only these exercises, such as 03 07.
    since
        Grade only what changed since this commit.
    junit
        Write the results as JUnit XML, for GitLab and others.
    reports
        Write an HTML report of each exercise into this folder.
    gradescope
        Write Gradescope's results.json, before the first exercise and again after each.
    visibility
        When Gradescope shows learners what the hidden checks found.
    strict
        Exit with 1 unless every point was earned.
    weaker_wall
        Run even where the walls around the code do not hold; only for code that you trust.
    """
    from grader.ci.files import Wanted
    from grader.commands import ci

    wanted = Wanted(junit=junit, reports=reports, gradescope=gradescope, visibility=visibility)
    return ci.grade_folder(folder, only, since=since, wanted=wanted, strict=strict, weaker_wall=weaker_wall)
