"""Grading a whole cohort, and judging it anew.

What cannot be done as it was typed raises UsageError, and a check that breaks GraderFault.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from grader.errors import FAULT, STOPPED, GraderFault, UsageError
from grader.text import shown

from .app import NONE, TEACH, Names, Switch, command

if TYPE_CHECKING:
    from grader.batch.executor import Executor
    from grader.batch.journal import Ledger, Scope
    from grader.confined import Confined
    from grader.isolate.wall import Demand

Laid = Literal["folders", "nested", "nbgrader", "clones", "moodle", "canvas"]
"""The words of ``grader.batch.intake.Layout``, which is not imported for ``--help``."""


@command("grade batch submissions --out results", "grade batch canvas.zip --out results --exercises 03 07", group=TEACH)
def batch(
    submissions: Path,
    /,
    *,
    out: Path,
    exercises: Names = NONE,
    learner: Names = NONE,
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
    from grader import course

    course.expect_judges("grade batch")
    from grader.batch.intake import READER, Layout, open_shelf
    from grader.batch.journal import Ledger, Scope
    from grader.batch.judge import MODULE as JUDGE
    from grader.batch.late import read_policy
    from grader.batch.receiving import limit, receive
    from grader.batch.roster import read_roster
    from grader.confined import Confined
    from grader.courses import current
    from grader.isolate.wall import Demand

    demand, wanted = Demand.for_cohort(weaker=weaker_wall), course.chosen(exercises)
    scope = Scope([each.slug for each in wanted], learner)
    policy = read_policy(late) if late else None
    people = read_roster(roster).learners if roster else None
    shelf = open_shelf(submissions)
    with (
        Ledger.open(out, seed) as ledger,
        closing(_executor(scope.exercises, jobs, scheduler, demand)) as executor,
        Confined([READER, JUDGE]) as confined,
    ):
        ledger.expect_judgeable(current().observed_since)
        ledger.use_course(course.version())
        with ledger.together():
            ledger.keep(policy, people)
            receive(ledger, confined, shelf, wanted, Layout(layout) if layout else None, forgets=forget_missing)
        limit(ledger, scope)
        if retry_ungraded:
            ledger.forget_faults()
        return _grade(ledger, executor, confined, scope, out, demand)


def _executor(exercises: Collection[str], jobs: int | None, scheduler: str | None, demand: Demand) -> Executor:
    if scheduler is not None:
        try:
            from grader.batch.cluster import Cluster
        except ImportError as error:
            raise UsageError("--scheduler needs Dask: pip install 'transfer-grader[cluster]'.") from error
        print(f"Asking the Dask scheduler at {scheduler} for workers …")
        return Cluster(scheduler, exercises, demand)
    from grader.batch.executor import Local, cores

    return Local(exercises, jobs or cores())


def _grade(ledger: Ledger, executor: Executor, confined: Confined, scope: Scope, out: Path, demand: Demand) -> int:
    """Grade what is open, with a picture of how far it is, and say what came of it."""
    from rich.console import Console

    from grader.batch.coordinator import grade_open
    from grader.batch.judge import apart
    from grader.batch.progress import Display
    from grader.batch.summary import Summary
    from grader.batch.versions import installed, warning
    from grader.report.publish import publish

    console = Console()
    to_run, to_judge = ledger.count()
    seed = "" if ledger.fresh else f"; seed {ledger.seed}"  # a drawn one is a secret, and output goes into logs
    console.print(f"{to_run} submissions to run, {to_judge} only to judge{seed}.", highlight=False)
    if to_run and (told := warning([*ledger.versions(), installed()])):
        console.print(told, style="yellow", highlight=False)
    try:
        if to_run:
            demand.expect(executor.wall())
        with Display(console, ledger) as display:
            grade_open(ledger, executor, display, apart(confined))
        summary = Summary(ledger, scope)
        summary.show(console)
        publish(out, ledger.rows(), ledger.notes())
    except KeyboardInterrupt:
        console.print("Stopped. What was done is kept; the same command goes on from there.")
        return STOPPED
    told = f"Results: {shown(out)}, with cohort.html about all of them and feedback/ for each learner."
    console.print(told, soft_wrap=True, markup=False, highlight=False)
    return 0 if summary.is_complete else FAULT


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
    from grader import course

    course.expect_judges("grade rejudge")
    from rich.console import Console

    from grader.batch.journal import Journal, Ledger
    from grader.batch.judge import MODULE, apart
    from grader.batch.rejudge import rejudge as judge_anew
    from grader.batch.rejudge import write
    from grader.batch.summary import show_changes
    from grader.confined import Confined
    from grader.report.publish import publish

    console = Console()
    with Confined([MODULE]) as confined:
        judge = apart(confined)
        with Journal.read(results) as journal:
            if not apply:
                broken = show_changes(console, judge_anew(journal, journal.course, judge))
                console.print("Nothing was written; --apply writes it.")
                return FAULT if broken else 0
        with Ledger.open(results) as ledger, ledger.together():
            if broken := show_changes(console, write(ledger, judge)):
                raise GraderFault(f"{broken} submissions break a check, so nothing was written.")
        with Journal.read(results) as journal:
            publish(results, journal.rows(), journal.notes())
    console.print("Written.")
    return 0
