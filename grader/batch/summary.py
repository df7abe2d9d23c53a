"""What came of a batch, on one screen: a line for each exercise, then what a person has to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.cohort import Note, Refused, Row, Topic, Ungraded
from grader.records import Ending, Grade

from .journal import Journal, Scope
from .rejudge import Change
from .versions import warning

SHOWN = 10
"""Lines of one kind; the rest is counted."""
_CRASHES = (Ending.EXITED, Ending.KILLED)
_COLUMNS = ("answers", "graded", "full", "mean", "late", "timed out", "crashed")
_TITLES = {
    Topic.MISSING: "Handed in nothing",
    Topic.UNKNOWN: "Not on the roster",
    Topic.CONTRADICTION: "Name and number contradict each other",
    Topic.EMPTY: "Nothing recognised",
    Topic.LEFT_ASIDE: "Second files, not graded",
    Topic.REFUSED: "Not opened",
}


class _Lines:
    """Some lines of one kind, and how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self.shown: list[str] = []

    def add(self, line: str) -> None:
        """Count a line, and keep it while there are few."""
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append(line)


class Summary:
    """Counts over a cohort, made in one pass over its rows."""

    def __init__(self, journal: Journal, scope: Scope) -> None:
        self.ungraded, self.refused, self.open = _Lines(), _Lines(), 0
        self.graded = 0
        self._tally: dict[str, Counter[str]] = {}
        for row in journal.rows(learners=scope.learners, exercises=scope.exercises):
            self._count(row)
        self._versions = warning(journal.versions())
        self._notes: dict[Topic, _Lines] = {topic: _Lines() for topic in Topic}
        for note in journal.notes():
            self._notes[note.topic].add(_told(note))

    @property
    def is_complete(self) -> bool:
        """Whether nothing was left ungraded through a fault of ours, or for want of time."""
        return not (self.ungraded.count or self.open)

    def show(self, console: Console) -> None:
        """Print it."""
        console.print(self._table())
        problems = {"Ungraded through a fault of ours, to try again with --retry-ungraded": self.ungraded}
        problems |= {"Nothing that could be graded": self.refused}
        problems |= {_TITLES[topic]: lines for topic, lines in self._notes.items()}
        for title, lines in problems.items():
            if lines.count:
                console.print(Text(f"{title}: {lines.count}", style="bold"))
                for line in lines.shown:
                    console.print(Text(f"  {line}"))
                if lines.count > SHOWN:
                    console.print(Text(f"  … and {lines.count - SHOWN} more"))
        if self._versions:
            console.print(Text(self._versions, style="yellow"))
        if self.open:
            console.print(Text(f"Still to be graded: {self.open}", style="bold"))

    def _count(self, row: Row) -> None:
        tally = self._tally.setdefault(row.exercise, Counter())
        tally["answers"] += 1
        match row.result:
            case Grade() as grade:
                self.graded += 1
                tally["graded"] += 1
                tally["full"] += grade.full_marks
                tally["points"] += row.points or 0
                tally["late"] += bool(row.late and row.late.days)
                tally["timed out"] += grade.evidence.ending is Ending.TIMED_OUT
                tally["crashed"] += bool(grade.evidence.crash) or grade.evidence.ending in _CRASHES
                tally["possible"] = grade.possible
            case Ungraded(fault=fault):
                self.ungraded.add(f"{row.learner} {row.exercise}: {fault}")
            case Refused(reason=reason):
                self.refused.add(f"{row.learner} {row.exercise}: {reason}")
            case None:
                self.open += 1

    def _table(self) -> Table:
        table = Table(box=box.SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column("exercise", no_wrap=True)
        for name in _COLUMNS:
            table.add_column(name, justify="right", no_wrap=True)
        for exercise, tally in sorted(self._tally.items()):
            mean = f"{tally['points'] / tally['graded']:.1f}/{tally['possible']}" if tally["graded"] else ""
            table.add_row(exercise, *(mean if name == "mean" else str(tally[name]) for name in _COLUMNS))
        return table


def _told(note: Note) -> str:
    return f"{note.learner}: {note.text}" if note.learner else note.text


def show_changes(console: Console, changes: Iterable[Change]) -> int:
    """Print every mark that becomes another as soon as it is known, then the counts; return how many break a check."""
    count: Counter[str] = Counter()
    for change in changes:
        name = f"{change.who} {change.job.exercise}"
        if change.fault:
            console.print(Text(f"{name}: {change.fault}", style="red"))
        elif change.changes_marks and change.new is not None:
            old = change.old.earned if change.old else "none"
            checks = " ".join(change.checks())
            console.print(Text(f"{name}: {old} → {change.new.earned} of {change.new.possible}  {checks}"))
        count["all"] += 1
        count["marks"] += change.changes_marks
        count["words"] += change.changes_words
        count["broken"] += bool(change.fault)
    console.print(
        f"{count['all']} submissions judged anew: {count['marks']} get other marks, {count['words']} the same marks "
        f"in other words, {count['broken']} break a check.",
        highlight=False,
    )
    return count["broken"]
