"""Output files of a comparison: the evidence, a page about it, and a template of the note."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from grader import adaptation, files
from grader.adaptation import Adaptation, Comparison
from grader.errors import UsageError
from grader.note import evidence_name, the_note
from grader.text import shown

from .note import handing_in, template
from .page import html
from .table import show_written


def leave(
    console: Console, comparisons: Sequence[Comparison], out: Path, place: tuple[Path, Path | None], *, note: bool
) -> None:
    """Write the evidence, together with what is already there of another modality, and what is made of it.

    ``place`` is the folder for the evidence, and the one that it lies within. Raise UsageError for what cannot be
    written.
    """
    (folder, within), exercise = place, the_note()
    path, blank = folder / evidence_name(exercise), folder / exercise.filename
    evidence = adaptation.merged(_earlier(console, path), comparisons)
    written = [path, out / "comparison.html"]
    try:
        adaptation.write(path, evidence, within=within)
        files.write_text(written[1], html(evidence))
        if note and _is_new(console, blank):
            written.append(blank)
            files.write_text(blank, template(exercise, evidence), within=within)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}. --out names another folder.") from None
    show_written(console, evidence, written)
    console.print(handing_in(exercise, path), markup=False, highlight=False, soft_wrap=True)


def _is_new(console: Console, path: Path) -> bool:
    if path.exists():
        console.print(f"{shown(path)} is there already and was left as it is.", style="yellow", markup=False)
        return False
    return True


def _earlier(console: Console, path: Path) -> Adaptation:
    """Read what an earlier comparison left; what is no sound evidence is replaced, and that is said."""
    if not path.exists():
        return Adaptation(comparisons=())
    try:
        return adaptation.read(path)
    except UsageError as trouble:
        console.print(f"It is replaced: {trouble}", style="yellow", markup=False)
        return Adaptation(comparisons=())
