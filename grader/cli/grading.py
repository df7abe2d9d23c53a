"""Grading files, and explaining what was named."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from .app import COMMANDS, ELSEWHERE, HAS_MISCONCEPTIONS, LEARN, Switch, app, command


@app.default
def file(
    paths: Annotated[list[Path], Parameter(negative=(), show_default=False)] = [],  # noqa: B006  cyclopts copies it
    /,
    *,
    exercise: str | None = None,
    learner: str | None = None,
    seed: int | None = None,
    format: Literal["text", "json"] = "text",  # noqa: A002  the option is called --format
    report: Path | None = None,
    weaker_wall: Switch = False,
    evidence: Path | None = None,
    debug: Switch = False,
) -> int:
    """Grade one or more files and say what was seen; without a file, show where you stand.

    Parameters
    ----------
    paths
        Your exercises by number, such as 03, or files, such as exercises/03_partial_unfreeze.py.
    exercise
        Which exercise it is, such as 03, when the file's name does not tell.
    learner
        Whose file it is, for the report.
    seed
        Repeat a run: the number that an earlier report names.
    format
        text for people, json for the Grade record alone on standard output.
    report
        Where the HTML report goes [default: reports/EXERCISE.html; with json, none].
    weaker_wall
        Run even where the walls around the code do not hold; only for code that you trust.
    evidence
        What the adaptation note is compared with; example names the course's own [default: 09_evidence.json beside it].
    debug
        Run one file without a sandbox, so that breakpoint() works; the result does not count.
    """
    from grader.learning import words

    paths = words.files(paths, words.Commands(COMMANDS, ELSEWHERE))
    if debug or not paths:
        from grader.commands import learning

        return learning.debug(paths, exercise=exercise, seed=seed) if debug else learning.board()
    from grader.commands import grading

    return grading.grade_files(
        paths,
        exercise=exercise,
        learner=learner,
        seed=seed,
        as_json=format == "json",
        report=report,
        weaker_wall=weaker_wall,
        evidence=evidence,
    )


@command("grade explain", "grade explain 03", "grade explain blocks-reversed", group=LEARN, where=HAS_MISCONCEPTIONS)
def explain(misconception: str | None = None, /) -> int:
    """Explain a misconception that a report named, or list them all.

    Parameters
    ----------
    misconception
        Its id, such as blocks-reversed; the number of an exercise, such as 03, lists those of that exercise.
    """
    from grader.commands import grading

    return grading.explain(misconception)
