"""The progress board: a pure function of the learner's files and of what is remembered about them."""

from __future__ import annotations

from pathlib import Path

from grader import course
from grader.discover import discover
from grader.errors import UsageError
from grader.records import Exercise, Record

from .folder import Folder
from .progress import Progress, recall
from .state import State, state


class BoardRow(Record, frozen=True, kw_only=True):
    """One exercise on the board."""

    exercise: Exercise
    file: Path | None
    state: State
    earned: int
    progress: Progress
    is_forgotten: bool
    """Whether what was remembered cannot be read any more."""

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self.state not in (State.SOLVED, State.ANSWERS)


class Board(Record, frozen=True, kw_only=True):
    """All exercises."""

    rows: tuple[BoardRow, ...]
    is_judged: bool
    """Whether there are hidden checks, which give points."""

    @property
    def next(self) -> BoardRow | None:
        """The first exercise with something left to do."""
        return next((row for row in self.rows if row.is_open), None)

    @property
    def learned(self) -> Exercise | None:
        """What was completed last, whatever became of the file since."""
        done = [(row.progress.completed, row.exercise) for row in self.rows if row.progress.completed]
        return max(done, key=lambda pair: pair[0])[1] if done else None

    @property
    def solved(self) -> int:
        """How many exercises are solved; what only answers is not, where nothing judges it."""
        return sum(row.state is State.SOLVED for row in self.rows)

    @property
    def answered(self) -> int:
        """How many exercises answer everything that is asked, judged or not."""
        return sum(not row.is_open for row in self.rows)

    @property
    def earned(self) -> int:
        """Points of the files as they are now."""
        return sum(row.earned for row in self.rows)

    @property
    def possible(self) -> int:
        """Points of the whole course."""
        return sum(row.exercise.points for row in self.rows)

    def row(self, exercise: Exercise) -> BoardRow:
        """Return the row of an exercise."""
        return next(row for row in self.rows if row.exercise == exercise)

    def after(self, exercise: Exercise) -> BoardRow | None:
        """Return the next open exercise behind this one, beginning again at the first; None when it is the last."""
        place = self.rows.index(self.row(exercise))
        behind = (*self.rows[place + 1 :], *self.rows[:place])
        return next((row for row in behind if row.is_open), None)


def board(folder: Folder) -> Board:
    """Look at every file of the course."""
    rows = tuple(_row(folder, exercise) for exercise in course.exercises().values())
    return Board(rows=rows, is_judged=course.judges())


def sha256(file: Path, exercise: Exercise) -> str | None:
    """Return the digest of the source that would be graded; None when there is nothing to grade."""
    try:
        return discover(file, exercise=exercise.slug).sha256
    except UsageError:
        return None


def _row(folder: Folder, exercise: Exercise) -> BoardRow:
    file, remembered = folder.file(exercise), recall(folder, exercise)
    progress = remembered or Progress()
    result = progress.of(sha256(file, exercise)) if file else None
    return BoardRow(
        exercise=exercise,
        file=file,
        state=state(result, is_stub=file is None or folder.is_stub(file, exercise)),
        earned=(result.earned or 0) if result else 0,
        progress=progress,
        is_forgotten=remembered is None,
    )
