"""Grading a whole cohort."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from .app import TEACH, Names, Switch, command

Laid = Literal["folders", "nested", "nbgrader", "clones", "moodle", "canvas"]
"""The words of ``grader.batch.intake.Layout``, which is not imported for ``--help``."""


@command("grade batch submissions --out results", "grade batch canvas.zip --out results --exercises 03 07", group=TEACH)
def batch(
    submissions: Path,
    /,
    *,
    out: Path,
    exercises: Names = [],  # noqa: B006  cyclopts copies it
    learner: Names = [],  # noqa: B006  as above
    jobs: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    seed: int | None = None,
    late: Path | None = None,
    roster: Path | None = None,
    retry_ungraded: Switch = False,
    layout: Laid | None = None,
    forget_missing: Switch = False,
    scheduler: str | None = None,
    weaker_wall: Switch = False,
) -> int:
    """Grade what a whole cohort handed in. Run again, it grades only what is new.

    Parameters
    ----------
    submissions
        A folder with one folder per learner, cloned repositories, nbgrader's submitted folder, or the zip that
        Moodle or Canvas gives; docs/batch.md shows them all.
    out
        The folder of results. It keeps the journal of everything that was graded.
    exercises
        Grade only these, such as 03 07.
    learner
        Grade only these learners.
    jobs
        How many run at the same time [default: one per processor core].
    seed
        Repeat an earlier batch in a new folder of results, instead of drawing a seed; the grades are practice then.
    late
        The late policy, a TOML file; kept for the next time.
    roster
        Who takes the course, a CSV file; kept for the next time.
    retry_ungraded
        Try again what was left ungraded through a fault of the grader.
    layout
        How the submissions are laid out, where their names leave a doubt; kept for the next time.
    forget_missing
        Go on although learners who were there before have nothing there any more.
    scheduler
        Run on the workers of this Dask scheduler, such as tcp://10.0.0.1:8786; docs/cluster.md tells more.
    weaker_wall
        Grade even where the walls around the code are of level B or C; the grades are practice then.
    """
    from grader.commands import cohort

    return cohort.batch(
        submissions,
        out=out,
        exercises=exercises,
        learners=learner,
        jobs=jobs,
        seed=seed,
        late=late,
        roster=roster,
        retry_ungraded=retry_ungraded,
        layout=layout,
        forget_missing=forget_missing,
        scheduler=scheduler,
        weaker_wall=weaker_wall,
    )


@command("grade rejudge results", "grade rejudge results --apply", group=TEACH)
def rejudge(results: Path, /, *, apply: Switch = False) -> int:
    """Judge what an earlier batch observed with the checks as they are now; no learner's code is run.

    Parameters
    ----------
    results
        The folder of results of grade batch.
    apply
        Write the new grades; without it, only what would change is shown.
    """
    from grader.commands import cohort

    return cohort.rejudge(results, apply=apply)
