"""What a folder of results says about the cohort, to each learner, and of what is alike.

What cannot be done as it was typed raises UsageError.
"""

from __future__ import annotations

from pathlib import Path

from grader.errors import UsageError
from grader.text import shown

from .app import NONE, TEACH, Names, Results, Switch, command


@command("grade cohort results", "grade cohort results --anonymous", group=TEACH)
def cohort(results: Results, /, *, anonymous: Switch = False) -> int:
    """Write the page about the cohort, and feedback for each learner.

    Parameters
    ----------
    anonymous
        Write only the page, and one in which nobody is named.
    """
    from grader.batch.journal import Journal
    from grader.report.publish import FEEDBACK, PAGE, publish

    with Journal.read(results) as journal:
        statistics = publish(results, journal.rows(), journal.notes(), names=not anonymous)
    print(f"{shown(results / PAGE)} is about {statistics.learners:,} learners.")
    if not anonymous:
        print(f"{shown(results / FEEDBACK)} has two files for each of them.")
    return 0


@command("grade similar results", "grade similar submissions --exercises 03", group=TEACH)
def similar(source: Path, /, *, exercises: Names = NONE, to: Path | None = None) -> int:
    """List pairs of submissions with unusually much in common: something to look at, never a verdict.

    Parameters
    ----------
    source
        The folder of results that grade batch wrote, or the submissions themselves.
    exercises
        Compare only these, such as 03 07.
    to
        Where the page with both files side by side goes [default: similar.html in the folder of results, or here].
    """
    from rich.console import Console

    from grader import files
    from grader.batch.alike import compared
    from grader.batch.journal.schema import NAME
    from grader.report.similar import show_similar, similar_html

    is_results = (source / NAME).is_file()
    comparisons = compared(source, exercises, is_results=is_results)
    show_similar(Console(), comparisons)
    path = to or (source if is_results else Path()) / "similar.html"
    try:
        files.write_text(path, similar_html(comparisons), within=None if to or not is_results else source)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{shown(path)} shows both files of each pair: something to look at, not a verdict on anybody.")
    return 0
