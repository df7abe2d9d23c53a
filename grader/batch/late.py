"""Late policies: how much is deducted and why. The raw points stay in every grade.

A policy is a TOML file::

    kind = "percentage"                      # none, zero, constant, percentage or late-days
    penalty = 10                             # percent of the points earned, or points, per started day
    grace_minutes = 15                       # so much late is still on time
    late_days = 4                            # late-days only: free days each learner has for the whole course
    deadline = 2026-11-20T23:59:00+01:00     # for every exercise that is not named below
    believe_commits = true                   # in clones, take the time of the commit, which learners can set
    [deadlines]
    03_partial_unfreeze = 2026-11-27T23:59:00+01:00

``zero`` takes everything, ``constant`` so many points a day, ``percentage`` so many percent of what was earned a day,
rounded in the learner's favour. With ``late-days`` a learner's free days are spent on the earliest deadlines
first, and days beyond them cost the percentage. A time without a zone is this machine's.
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from grader import course, files
from grader.errors import UsageError
from grader.records import Grade, Record
from grader.records.cohort import Clock, Lateness, Row

SIZE_CAP = 1 << 20
_DAY = timedelta(days=1)


class LateRule(enum.Enum):
    """How points are taken off."""

    NONE = "none"
    ZERO = "zero"
    CONSTANT = "constant"
    PERCENTAGE = "percentage"
    LATE_DAYS = "late-days"


class LatePolicy(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One course's rule for late work."""

    kind: LateRule
    penalty: int = 0
    """Points or percent per started day."""
    grace_minutes: int = 0
    late_days: int = 0
    deadline: datetime | None = None
    """None where only the exercises named in ``deadlines`` have one."""
    deadlines: Mapping[str, datetime] = {}
    """By slug."""
    believe_commits: bool | None = None
    """Whether a commit's time counts, which learners can set; None where staff did not say."""

    def deadline_of(self, exercise: str) -> datetime | None:
        """Return the deadline of an exercise in UTC, or None."""
        deadline = self.deadlines.get(exercise, self.deadline)
        return deadline.astimezone(UTC) if deadline else None


def read_policy(path: Path) -> LatePolicy:
    """Read a policy; raise UsageError in a sentence when it cannot be used."""
    try:
        policy = msgspec.convert(tomllib.loads(files.read(path, SIZE_CAP, follow=True).decode()), LatePolicy)
    except files.Unreadable as why:
        raise UsageError(f"The late policy {path} cannot be read: {why}.") from why
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"The late policy {path} is not usable: {error}. docs/batch.md shows one.") from error
    return msgspec.structs.replace(policy, deadlines=_checked(policy, path))


def _checked(policy: LatePolicy, path: Path) -> dict[str, datetime]:
    """Return the deadlines by slug; raise UsageError for a policy that could not be meant."""
    found = {name: course.recognise(name) for name in policy.deadlines}
    if unknown := [name for name, exercise in found.items() if exercise is None]:
        raise UsageError(f"The late policy {path} gives a deadline to {unknown[0]!r}, which is no exercise.")
    if min(policy.penalty, policy.grace_minutes, policy.late_days) < 0:
        raise UsageError(f"The late policy {path} holds a negative number.")
    if policy.deadline is None and not policy.deadlines:
        raise UsageError(f"The late policy {path} names no deadline.")
    if policy.kind in (LateRule.CONSTANT, LateRule.PERCENTAGE) and not policy.penalty:
        raise UsageError(f"The late policy {path} is {policy.kind.value} and needs a penalty above 0.")
    if policy.kind is LateRule.LATE_DAYS and not policy.late_days:
        raise UsageError(f"The late policy {path} is late-days and needs late_days above 0.")
    return {exercise.slug: policy.deadlines[name] for name, exercise in found.items() if exercise}


def expect_decided(policy: LatePolicy, clocks: Iterable[tuple[str, Clock]]) -> None:
    """Raise UsageError where only learners' own word says when something arrived, and staff did not say what it counts.

    ``clocks`` are exercises with the clocks that there are for them.
    """
    if policy.kind is LateRule.NONE or policy.believe_commits is not None:
        return
    if any(clock is Clock.COMMIT and policy.deadline_of(exercise) for exercise, clock in clocks):
        raise UsageError(
            "The late policy meets answers whose only time is that of a commit, which learners set on their own "
            "computers. Write `believe_commits = true` into the policy to count it all the same, or "
            "`believe_commits = false` to count when the file came onto this machine; a column `arrived` in the "
            "roster comes before both."
        )


def settle(policy: LatePolicy, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield one learner's rows with what being late costs; free days go to the earliest deadlines first."""
    days_left = policy.late_days if policy.kind is LateRule.LATE_DAYS else 0
    rows = list(rows)
    settled = {}
    for row in sorted(rows, key=lambda row: policy.deadline_of(row.exercise) or datetime.max.replace(tzinfo=UTC)):
        deadline = policy.deadline_of(row.exercise)
        if deadline is None or not isinstance(row.result, Grade):
            continue
        days = _days_late(row.arrived, deadline, policy.grace_minutes)
        free = min(days, days_left)
        days_left -= free
        deducted = _deducted(policy, days - free, row.result.earned)
        settled[row.exercise] = Lateness(deadline=deadline, days=days, free_days=free, deducted=deducted)
    for row in rows:
        yield msgspec.structs.replace(row, late=settled.get(row.exercise))


def _days_late(arrived: datetime, deadline: datetime, grace_minutes: int) -> int:
    """Count the started days after the deadline; the grace forgives a little, and is not added to it."""
    late = arrived - deadline
    if late <= timedelta(minutes=grace_minutes):
        return 0
    return -(-late // _DAY)


def _deducted(policy: LatePolicy, days: int, earned: int) -> int:
    """Return the points that so many days cost, never more than were earned."""
    match policy.kind:
        case _ if days <= 0:
            return 0
        case LateRule.NONE:
            return 0
        case LateRule.ZERO:
            return earned
        case LateRule.CONSTANT:
            return min(earned, days * policy.penalty)
        case LateRule.PERCENTAGE | LateRule.LATE_DAYS:
            return min(earned, earned * days * policy.penalty // 100)
