"""What all export formats share: a result as rows."""

from __future__ import annotations

from collections.abc import Sequence

from grader.records import Account, Grade, Outcome, Verdict

Result = Grade | Account
HIDDEN = "hidden-checks"
"""Id of the row that stands for checks that did not run."""
NOT_RUN = "Not judged here; the course's own run will judge"
OPEN = "Something is still open"


def outcomes(result: Result) -> tuple[Outcome, ...]:
    """Return the rows of a result; an account has one for all that is still open, and one that says what did not run.

    None of them ever passes, so that no reader can count "all passed" where nothing was judged.
    """
    if isinstance(result, Grade):
        return result.outcomes
    message = " ".join(each.said for each in result.unfinished)
    row = Outcome(check="open", title=OPEN, function="", points=0, verdict=Verdict.FAILED, message=message)
    last = Outcome(check=HIDDEN, title=NOT_RUN, function="", points=0, verdict=Verdict.BLOCKED, message=NOT_RUN)
    return (row, last) if result.unfinished else (last,)


def earned(outcome: Outcome) -> int:
    """Return the points of a row."""
    return outcome.points if outcome.verdict is Verdict.PASSED else 0


def totals(results: Sequence[Result]) -> tuple[int, int]:
    """Return the points earned and possible in all results together."""
    rows = [outcome for result in results for outcome in outcomes(result)]
    return sum(map(earned, rows)), sum(outcome.points for outcome in rows)


def judged(results: Sequence[Result]) -> bool:
    """Whether the hidden checks ran."""
    return all(isinstance(result, Grade) for result in results)


def headline(results: Sequence[Result]) -> str:
    """Say in a line what came of all results."""
    if not judged(results):
        left = sum(not result.is_complete for result in results)
        return f"Not judged; something is still open in {left or 'none'} of {len(results)} exercises"
    points, possible = totals(results)
    return f"{points} of {possible} points"
