"""Take in a cohort's submissions: recognise the layout, read each learner's files, store the answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from rich.console import Console
from rich.progress import Progress

from grader.confined import Confined
from grader.errors import UsageError
from grader.records import Exercise

from .intake import Errand, Handed, Layout, Shelf, apart, survey, take_in
from .journal import Ledger, Scope
from .late import expect_decided
from .roster import Roster


def receive(
    ledger: Ledger,
    confined: Confined,
    shelf: Shelf,
    wanted: Sequence[Exercise],
    named: Layout | None,
    *,
    forgets: bool,
) -> None:
    """Let the ledger hold what lies on a shelf; say how far that is.

    ``named`` is the layout where staff named it. Raise UsageError, with nothing changed, where the layout is in doubt,
    where somebody is gone and the ledger does not ``forget`` them, and where it is not decided whose clock counts.
    """
    console, policy, submissions = Console(), ledger.policy, shelf.root
    roster, known = Roster.of(tuple(ledger.learners())), ledger.known(submissions)
    seen = survey(
        shelf,
        named or ledger.layout(submissions),
        lambda name: name in known or roster.find(name, "") is not None,
    )
    naming = roster.naming([lot.owner for lot in seen.lots])
    with ledger.together(), Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar, ask = progress.add_task("Reading what was handed in", total=len(seen.lots)), apart(confined)

        def read(errand: Errand) -> Handed:
            progress.advance(bar)
            return ask(errand)

        believes = policy is None or policy.believe_commits is not False
        handed_in = take_in(seen, wanted, read, reads_commits=believes)
        found = chain(map(naming.recognise, handed_in), naming.notes())
        ledger.receive(submissions, found, seen.laid, forgets=forgets)
        if policy is not None:
            expect_decided(policy, ledger.clocks())
    if confined.missing:
        told = f"Learners' files were read with limits of time and memory only: {'; '.join(confined.missing)}."
        console.print(told, style="yellow", highlight=False, markup=False)


def limit(ledger: Ledger, scope: Scope) -> None:
    """Let a batch be about some learners and exercises; raise UsageError for a learner who handed nothing in."""
    known = {row.learner for row in ledger.rows(learners=scope.learners)} if scope.learners else set()
    if unknown := set(scope.learners) - known:
        raise UsageError(f"Nobody called {min(unknown)!r} handed anything in.")
    ledger.limit(scope)
