"""Summary of a batch on one screen: a line for each exercise, then what a person has to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.records import Ending, Grade
from grader.records.cohort import Note, Refused, Row, Topic, Ungraded
from grader.statistics import IMPORT, ExerciseFigures, summarise

from .journal import Journal, Scope
from .rejudge import Change
from .versions import warning

SHOWN = 10
"""Lines of one kind; the rest is counted."""
_COLUMNS = ("answers", "graded", "full", "mean", "late", "timed out", "crashed")
_CRASHES = (IMPORT, Ending.EXITED.value, Ending.KILLED.value)


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
    """Figures of a cohort and lines about it, made in one pass over its rows."""

    def __init__(self, journal: Journal, scope: Scope) -> None:
        self.ungraded, self.refused, self.open = _Lines(), _Lines(), 0
        rows = journal.rows(learners=scope.learners, exercises=scope.exercises)
        self._exercises = summarise(map(self._read, rows), ()).exercises
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
        problems |= {topic.words.heading: lines for topic, lines in self._notes.items()}
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

    def _read(self, row: Row) -> Row:
        """Return a row whose lines are taken down."""
        match row.result:
            case Ungraded(fault=fault):
                self.ungraded.add(f"{row.learner} {row.exercise}: {fault}")
            case Refused(reason=reason):
                self.refused.add(f"{row.learner} {row.exercise}: {reason}")
            case None:
                self.open += 1
            case Grade():
                pass
        return row

    def _table(self) -> Table:
        table = Table(box=box.SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column("exercise", no_wrap=True)
        for name in _COLUMNS:
            table.add_column(name, justify="right", no_wrap=True)
        for exercise in self._exercises:
            table.add_row(exercise.slug, *_cells(exercise))
        return table


def _cells(exercise: ExerciseFigures) -> Iterator[str]:
    marks, endings = exercise.marks, exercise.cost.endings if exercise.cost else {}
    yield str(marks.graded + sum(exercise.without_mark.values()))
    yield str(marks.graded)
    yield str(marks.full)
    yield f"{marks.mean:.1f}/{marks.possible}" if marks.graded else ""
    yield str(marks.late)
    yield str(endings.get(Ending.TIMED_OUT.value, 0))
    yield str(sum(endings.get(how, 0) for how in _CRASHES))


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
