"""Misconception pages, lists and selfcheck findings in the terminal."""

from __future__ import annotations

import string
from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.isolate import Libraries
from grader.records import Exercise, Page, Wall
from grader.text import clean_text


def draw_page(page: Page) -> RenderableType:
    """Return the page of one misconception."""
    head = (Text(page.title, style="bold"), Text(f"{page.misconception} · in {page.function}", style="dim"))
    sections = (
        Text(page.why),
        Text(page.question, style="italic"),
        Text(f"Where to look: {page.look}"),
        Text(f"Source: {page.source}", style="dim"),
    )
    return Group(*head, *(Padding(section, (1, 0, 0, 0)) for section in sections))


def show_page(console: Console, page: Page) -> None:
    """Print the page of one misconception."""
    console.print(draw_page(page))


def show_list(console: Console, exercise: Exercise, pages: Sequence[Page]) -> None:
    """Print the misconceptions of one exercise."""
    table = Table(title=f"{exercise.slug}  {exercise.title}", title_justify="left", box=box.SIMPLE, show_header=False)
    for page in pages:
        table.add_row(Text(page.misconception, style="cyan"), Text(page.title))
    console.print(table)


def show_wall(console: Console, wall: Wall) -> None:
    """Print the level, every promise that does not hold, and every attempt of the doctor."""
    console.print(Text(f"Level {wall.level}: {wall.summary}", style="bold"))
    for promise in wall.missing:
        console.print(Text(f"  missing: {promise}", style="yellow"))
    table = Table(box=box.SIMPLE, show_header=False)
    for name, result in wall.details.get("attempts", {}).items():
        table.add_row(Text(name), Text(result, style="red" if result == "allowed" else "green"))
    console.print(table)
    for name in (
        "landlock_abi",
        "seccomp",
        "no_new_privs",
        "uid_is_root",
        "capabilities",
        "network",
        "kernel",
    ):
        if name in wall.details:
            console.print(Text(f"{name}: {wall.details[name]}", style="dim"))


def show_libraries(console: Console, libraries: Libraries) -> None:
    """Print the versions that learners' code meets, what cannot be imported, and whether torchvision fits torch."""
    console.print(Text(" · ".join(f"{name} {version}" for name, version in libraries.versions.items())))
    for name, why in libraries.failed.items():
        console.print(Text(f"{name} cannot be imported here: {clean_text(why)}", style="red"))
    if "torchvision" in libraries.versions:
        lent = libraries.operators_lent
        console.print(Text(_OPERATORS_LENT if lent else _PAIR_FITS, style="yellow" if lent else "green"))


_PAIR_FITS = "torch and torchvision belong together."
_OPERATORS_LENT = (
    "torchvision was built for another torch than this one and lacks its compiled operators. The grader declares them, "
    "so nothing changes here; outside of it, `import torchvision` fails until both are installed from one place."
)


def show_finding(console: Console, what: str, detail: str, *, held: bool) -> None:
    """Print one line of the self-check."""
    mark, style = ("✓", "green") if held else ("✗", "red")
    console.print(Text.assemble((mark, style), f" {what}", "" if held else f": {detail}"))


def show_confusion(console: Console, title: str, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
    """Print a matrix of specimens (rows) and named misconceptions (columns, by letter; the last is none)."""
    letters = string.ascii_letters[: len(names)]
    wide = max(len(str(count)) for line in counts for count in line)
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    table.add_column("specimen", no_wrap=True)
    table.add_column(Text(" ".join(letter.rjust(wide) for letter in (*letters, "none"))), no_wrap=True)
    for row, (name, line) in enumerate(zip(names, counts, strict=True)):
        cells = [
            Text((str(count) if count else "·").rjust(wide), "green" if row == column else "red" if count else "dim")
            for column, count in enumerate(line)
        ]
        table.add_row(f"{letters[row]} {name}", Text(" ").join(cells))
    whole = Measurement.get(console, console.options.update(max_width=1000), table).maximum
    Console(file=console.file, width=max(whole, console.width)).print(table)  # cut off, it would say nothing
