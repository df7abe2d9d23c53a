"""Handing the course out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from grader.text import clean_line, shown

from .app import TEACH, Switch, command


@command("grade handout learners", "grade handout learners --for gitlab --notebooks", group=TEACH)
def handout(
    folder: Path,
    /,
    *,
    platform: Annotated[Literal["github", "classroom50", "gitlab"], Parameter(name="--for")] = "github",
    judge: Literal["included", "none"] = "included",
    notebooks: Switch = False,
) -> int:
    """Write the learners' repository: stubs, their grader, a workflow that gives points.

    Parameters
    ----------
    folder
        An empty folder or one that is not there yet.
    judge
        Whether checks and misconceptions are handed out. Included, learners see points and names as you do, for
        practice; none is for exams: they see which functions answered. Marks of record are yours either way.
    platform
        Whose CI runs what learners push.
    notebooks
        Give the stubs as notebooks, with the metadata that nbgrader reads.
    """
    from grader.courses import expect_built_in

    expect_built_in("grade handout")
    from grader import course
    from grader.handout import hand_out

    course.expect_judges("grade handout")
    written = hand_out(folder, platform, judge, notebooks=notebooks)
    for path in written:
        print(clean_line(path))
    print(f"\n{len(written)} files in {shown(folder)}. Look through them, then push them as the learners' template.")
    return 0
