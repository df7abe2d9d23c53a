"""What a folder of results says: about the cohort, to each learner, to other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .app import TEACH, Names, Switch, command
from .export import export

Target = Annotated[Path | None, Parameter(name="--to")]


@command("grade cohort results", "grade cohort results --anonymous", group=TEACH)
def cohort(results: Path, /, *, anonymous: Switch = False) -> int:
    """Write the page about the cohort, and feedback for each learner.

    Parameters
    ----------
    results
        The folder of results that grade batch wrote.
    anonymous
        Write only the page, and one in which nobody is named.
    """
    from grader.commands import results as deeds

    return deeds.cohort(results, anonymous=anonymous)


@command("grade similar results", "grade similar submissions --exercises 03", group=TEACH)
def similar(source: Path, /, *, exercises: Names = [], to: Path | None = None) -> int:  # noqa: B006  cyclopts copies it
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
    from grader.commands import similar as deeds

    return deeds.similar(source, exercises, to)


@command("grade export csv results --to marks.csv", "grade export csv results --by-learner", among=export)
def csv(results: Path, /, *, to: Target = None, exercises: Names = [], by_learner: Switch = False) -> int:  # noqa: B006  as above
    """Write one line per answer as CSV, or one line per learner.

    Parameters
    ----------
    results
        The folder of results that grade batch wrote.
    to
        The file to write [default: standard output].
    exercises
        Only these, such as 03 07.
    by_learner
        One line per learner with a column per exercise.
    """
    from grader.commands import results as deeds

    return deeds.export_csv(results, to, exercises, by_learner=by_learner)


@command("grade export json results --to grades.json", among=export)
def json(results: Path, /, *, to: Target = None, exercises: Names = []) -> int:  # noqa: B006  as above
    """Write everything as JSON.

    Parameters
    ----------
    results
        The folder of results that grade batch wrote.
    to
        The file to write [default: standard output].
    exercises
        Only these, such as 03 07.
    """
    from grader.commands import results as deeds

    return deeds.export_json(results, to, exercises)


@command("grade export junit results --to junit.xml", among=export)
def junit(results: Path, /, *, to: Target = None, exercises: Names = []) -> int:  # noqa: B006  as above
    """Write a suite per answer as JUnit XML.

    Parameters
    ----------
    results
        The folder of results that grade batch wrote.
    to
        The file to write [default: standard output].
    exercises
        Only these, such as 03 07.
    """
    from grader.commands import results as deeds

    return deeds.export_junit(results, to, exercises)


@command("grade export canvas results --template gradebook.csv --to filled.csv", among=export)
def canvas(
    results: Path,
    /,
    *,
    template: Path,
    to: Path,
    column: Names = [],  # noqa: B006  as above
    exercises: Names = [],  # noqa: B006  as above
    without: Names = [],  # noqa: B006  as above
    scale: Switch = False,
) -> int:
    """Fill the gradebook that Canvas exported, ready to be imported.

    Parameters
    ----------
    results
        The folder of results that grade batch wrote.
    template
        The gradebook, as Canvas exported it.
    to
        Where the filled gradebook goes.
    column
        Which column is whose, such as 03="Homework 2"; its title, its number or the whole heading.
    exercises
        Fill only these, such as 03 07.
    without
        Leave out these learners, who are in the results and not in the gradebook.
    scale
        Convert where the gradebook counts up to another number of points than the exercise.
    """
    from grader.commands import results as deeds

    return deeds.export_canvas(results, template, to, columns=column, exercises=exercises, without=without, scale=scale)


@command("grade export moodle results --template in.csv --to out.csv --exercises 03", among=export)
def moodle(
    results: Path,
    /,
    *,
    template: Path,
    to: Path,
    column: Names = [],  # noqa: B006  as above
    comments: str | None = None,
    exercises: Names = [],  # noqa: B006  as above
    without: Names = [],  # noqa: B006  as above
    scale: Switch = False,
) -> int:
    """Fill the offline grading worksheet that Moodle exported for one assignment, ready to be uploaded.

    Parameters
    ----------
    results
        The folder of results that grade batch wrote.
    template
        The worksheet, as Moodle exported it.
    to
        Where the filled worksheet goes.
    column
        The heading of the grades where it is not "Grade", such as 03=Bewertung.
    comments
        The heading of a column that gets what to do next, such as "Feedback comments"; full cells stay.
    exercises
        The exercise that the assignment is about, such as 03.
    without
        Leave out these learners, who are in the results and not in the worksheet.
    scale
        Convert where the worksheet counts up to another number of points than the exercise.
    """
    from grader.commands import results as deeds

    return deeds.export_moodle(
        results,
        template,
        to,
        columns=column,
        comments=comments,
        exercises=exercises,
        without=without,
        scale=scale,
    )
