"""Screens besides a grade: the board, hints, and a result cut to the height of the window."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.records import Exercise
from grader.text import clean_line

from .board import Board, BoardRow
from .folder import Folder, solution_path
from .state import State
from .words import line

_STYLES = {
    State.NOT_BEGUN: "dim",
    State.BEGUN: "yellow",
    State.PARTLY: "yellow",
    State.SOLVED: "green",
    State.ANSWERS: "yellow",
}


def draw_board(board: Board) -> RenderableType:
    """Return all exercises with their state, and what was learned last."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(no_wrap=True)
    table.add_column("exercise")
    table.add_column("state", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    for row in board.rows:
        mark = ">" if row is board.next else "✓" if row.state is State.SOLVED else " "
        style = "bold" if row is board.next else ""
        number = Text(f"{mark} {row.exercise.number}", style=style)
        title = Text(row.exercise.title, style=style, overflow="ellipsis", no_wrap=True)
        table.add_row(number, title, _state(row), Text(str(row.exercise.points)))
    parts: list[RenderableType] = [_bar(board.solved / len(board.rows)).append(f"  {standing(board)}", "bold")]
    parts += [Text(), table]
    if board.learned:
        parts += [Text(), Text.assemble(("Learned last: ", "dim"), board.learned.teaches)]
    parts += [
        Text(f"What was remembered of {row.exercise.slug} cannot be read; grade it again.", style="yellow")
        for row in board.rows
        if row.is_forgotten
    ]
    return Group(*parts)


def _bar(share: float, width: int = 18) -> Text:
    """Return a bar that needs no colour to be read."""
    filled = round(share * width)
    return Text.assemble(("█" * filled, "green"), ("░" * (width - filled), "dim"))


def standing(board: Board) -> str:
    """Say how far the learner is."""
    if not board.is_judged:
        return f"{board.answered} of {len(board.rows)} answer everything; the course's own run gives points"
    return f"{board.solved} of {len(board.rows)} solved · {board.earned} of {board.possible} points"


def _state(row: BoardRow) -> Text:
    told = f"{row.earned} of {row.exercise.points}" if row.state is State.PARTLY else row.state.value
    return Text(told, style=_STYLES[row.state])


def draw_next(board: Board, here: Path) -> RenderableType:
    """Return what to do next, as commands."""
    row = board.next
    if row is None:
        return Text("There is nothing left to do.", style="bold green")
    if row.file is None:
        step = (f"grade reset {row.exercise.number}", "brings the file back")
    else:
        step = ("grade watch", f"checks {shown(row.file, here)} on every save")
    title = (f"{row.exercise.number} {row.exercise.title}", "bold")
    return Group(Text.assemble(("Next: ", "dim"), title), _steps(step))


def draw_afterwards(board: Board, exercise: Exercise, folder: Folder, here: Path) -> RenderableType:
    """Return where the learner stands after a grade, and what there is to do, from elsewhere beginning with ``cd``."""
    row, following = board.row(exercise), board.after(exercise)
    steps = []
    if row.is_open:
        steps.append((f"grade hint {exercise.number}", "a hint; there are three"))
    elif solution_path(exercise).is_file():
        steps.append((f"grade solution {exercise.number}", "how the course solves it"))
    is_inside = here.resolve().is_relative_to(folder.root)
    if not row.is_open and following and following.file:
        path = shown(following.file, here if is_inside else folder.root)
        steps.append((line("grade", path), "the next one"))
    if steps and not is_inside:
        steps.insert(0, (line("cd", folder.root), "where your course is"))
    return Group(Text(standing(board)), _steps(*steps))


def _steps(*steps: tuple[str, str]) -> Table:
    """Return commands, each with what it does."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for command, what in steps:
        table.add_row(Text(command, style="cyan"), Text(what))
    return table


def shown(path: Path, here: Path) -> str:
    """Return a path as somebody in ``here`` would type it, if no name in it is out of the ordinary."""
    return clean_line(str(path.relative_to(here) if path.is_relative_to(here) else path))


def reset_told(exercise: Exercise, kept: Path | None, here: Path) -> str:
    """Say what a reset did, and where the learner's version is."""
    told = f"{exercise.slug} is the untouched stub."
    return f"{told} Your version is {shown(kept, here)}" if kept else told


def draw_hints(exercise: Exercise, given: int, again: str) -> RenderableType:
    """Return the hints that were given so far, the newest last; ``again`` asks for the next one."""
    names = ("A nudge", "The concept", "Nearly the solution")
    parts: list[RenderableType] = [Text(f"{exercise.slug}  {exercise.title}", style="bold")]
    for index, (name, hint) in enumerate(zip(names, exercise.hints, strict=True), 1):
        if index <= given:
            style = "" if index == given else "dim"
            parts += [Text(), Text(f"{index}. {name}", style="bold cyan" if index == given else "dim")]
            parts.append(Padding(Text(hint, style=style), (0, 0, 0, 3)))
    left = len(exercise.hints) - given
    more = f"{left} more: {again}" if left else "These are all the hints."
    return Group(*parts, Text(), Text(more, style="dim"))
