"""Grading a whole cohort, and judging it anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from grader import course
from grader.errors import FAULT, STOPPED, GraderFault, UsageError
from grader.text import shown

if TYPE_CHECKING:
    from grader.batch.executor import Executor
    from grader.batch.journal import Ledger, Scope
    from grader.batch.judge import Judge
    from grader.confined import Confined


def batch(
    submissions: Path,
    *,
    out: Path,
    exercises: Sequence[str],
    learners: Sequence[str],
    jobs: int | None,
    seed: int | None,
    late: Path | None,
    roster: Path | None,
    retry_ungraded: bool,
    layout: str | None,
    forget_missing: bool,
    scheduler: str | None,
    weaker_wall: bool,
) -> int:
    """Grade what a cohort handed in; 0 when nothing is left ungraded, 3 when something is, 130 when stopped.

    Raise UsageError for what cannot be carried out as it stands.
    """
    course.expect_judges("grade batch")
    from grader.batch.intake import READER, Layout, open_shelf
    from grader.batch.journal import Ledger, Scope
    from grader.batch.judge import MODULE as JUDGE
    from grader.batch.late import read_policy
    from grader.batch.receiving import receive
    from grader.batch.roster import read_roster
    from grader.confined import Confined

    wanted = course.chosen(exercises)
    scope = Scope([each.slug for each in wanted], learners)
    policy = read_policy(late) if late else None
    people = read_roster(roster).learners if roster else None
    shelf = open_shelf(submissions)
    with (
        Ledger.open(out, seed) as ledger,
        closing(_executor(scope.exercises, jobs, scheduler, weaker_wall=weaker_wall)) as executor,
        Confined([READER, JUDGE]) as confined,
    ):
        ledger.use_course(course.VERSION)
        with ledger.together():
            ledger.keep(policy, people)
            named = Layout(layout) if layout else None
            receive(ledger, confined, shelf, wanted, named, forgets=forget_missing)
        _limit(ledger, scope)
        if retry_ungraded:
            ledger.forget_faults()
        return _grade(ledger, executor, confined, scope, out, weaker_wall=weaker_wall)


def _limit(ledger: Ledger, scope: Scope) -> None:
    """Let the batch be about some learners and exercises; raise UsageError for a learner nobody knows."""
    known = {row.learner for row in ledger.rows(learners=scope.learners)} if scope.learners else set()
    if unknown := set(scope.learners) - known:
        raise UsageError(f"Nobody called {min(unknown)!r} handed anything in.")
    ledger.limit(scope)


def _executor(exercises: Collection[str], jobs: int | None, scheduler: str | None, *, weaker_wall: bool) -> Executor:
    if scheduler is not None:
        try:
            from grader.batch.cluster import Cluster
        except ImportError as error:
            raise UsageError("--scheduler needs Dask: pip install 'transfer-grader[cluster]'.") from error
        print(f"Asking the Dask scheduler at {scheduler} for workers …")
        return Cluster(scheduler, exercises, weaker_wall=weaker_wall)
    from grader.batch.executor import Local, cores

    return Local(exercises, jobs or cores())


def _grade(
    ledger: Ledger, executor: Executor, confined: Confined, scope: Scope, out: Path, *, weaker_wall: bool
) -> int:
    """Grade what is open, with a picture of how far it is, and say what came of it."""
    from rich.console import Console

    from grader.batch.coordinator import grade_open
    from grader.batch.judge import apart
    from grader.batch.observing import require
    from grader.batch.progress import Display
    from grader.batch.summary import Summary
    from grader.batch.versions import installed, warning
    from grader.report.publish import publish

    console = Console()
    to_run, to_judge = ledger.count()
    console.print(f"{to_run} submissions to run, {to_judge} only to judge; seed {ledger.seed}.", highlight=False)
    if to_run and (told := warning([*ledger.versions(), installed()])):
        console.print(told, style="yellow", highlight=False)
    try:
        if to_run:
            require(executor.wall(), weaker_wall=weaker_wall)
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


def rejudge(results: Path, *, apply: bool) -> int:
    """Judge stored evidence with the checks as they are now, and show what changes; 3 when a check breaks.

    With ``apply`` it is written; when a check breaks, nothing is, and GraderFault is raised.
    """
    course.expect_judges("grade rejudge")
    from grader.batch.judge import MODULE, apart
    from grader.confined import Confined

    with Confined([MODULE]) as confined:
        return _rejudge(results, apart(confined), apply=apply)


def _rejudge(results: Path, judge: Judge, *, apply: bool) -> int:
    from rich.console import Console

    from grader.batch.journal import Journal, Ledger
    from grader.batch.rejudge import rejudge as judge_anew
    from grader.batch.rejudge import write
    from grader.batch.summary import show_changes
    from grader.report.publish import publish

    console = Console()
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
