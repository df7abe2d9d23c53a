"""What all formats share: a result as rows, whoever made it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.records import Account, Grade, Outcome, Verdict

Result = Grade | Account
HIDDEN = "hidden-checks"
"""Id of the row that stands for checks that did not run."""
NOT_RUN = "The hidden checks did not run here; the course's own run will judge"


def outcomes(result: Result) -> tuple[Outcome, ...]:
    """Return the rows of a result; an account has one on the code, without points, and one that says what is missing.

    That last one never passes, so that no reader can count "all passed" where nothing was judged.
    """
    if isinstance(result, Grade):
        return result.outcomes
    verdict, message = Verdict.PASSED, ""
    if result.unfinished:
        verdict, message = Verdict.FAILED, " ".join(each.said for each in result.unfinished)
    row = Outcome(check="answers", title="The code answers", function="", points=0, verdict=verdict, message=message)
    return row, Outcome(check=HIDDEN, title=NOT_RUN, function="", points=0, verdict=Verdict.BLOCKED, message=NOT_RUN)


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
        answered = sum(result.is_complete for result in results)
        return f"{answered} of {len(results)} exercises answer; no points, the hidden checks did not run"
    points, possible = totals(results)
    return f"{points} of {possible} points"
