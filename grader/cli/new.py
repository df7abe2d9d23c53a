"""Beginning an exercise or a misconception, for authors of a course.

What cannot be done as it was typed raises UsageError.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.text import shown

from .app import CARE, command, commands

_LINES = (
    "grade new exercise 10_count_trainable",
    "grade new misconception counts-tensors --exercise 03 --function count",
)
new = commands("new", *_LINES, group=CARE, told="Begin an exercise or a misconception: files to go on from.")


@command("grade new exercise 10_count_trainable", among=new)
def exercise(slug: str, /) -> int:
    """Write every file of a new exercise, with texts that are marked TODO; no file is overwritten.

    Parameters
    ----------
    slug
        Its number and the name of its first function, such as 10_count_trainable.
    """
    from grader.courses import current
    from grader.drafting import begin_exercise

    _tell(begin_exercise(slug))
    print(f"\nIt asks for twice a number until it is yours. Then: grade selfcheck --exercises {slug[:2]}")
    if current().is_built_in:
        print("docs/adding-an-exercise.md says what the other checks of this repository need.")
    return 0


@command("grade new misconception counts-tensors --exercise 03 --function count_trainable", among=new)
def misconception(name: str, /, *, exercise: str, function: str) -> int:
    """Add a page, a function that recognises nothing yet, and a specimen to an exercise.

    Parameters
    ----------
    name
        Its id, such as counts-tensors.
    exercise
        The exercise, such as 03.
    function
        The learner's function in which the mistake is made.
    """
    from grader import course
    from grader.drafting import begin_misconception

    named = course.named(exercise)
    written = begin_misconception(name, named, function)
    _tell(written)
    print(
        f"\nThe specimen is the solution until you put the mistake in. Then: grade selfcheck --exercises {named.number}"
    )
    return 0


def _tell(written: Sequence[Path]) -> None:
    here = Path.cwd()
    for path in written:
        print(shown(path.relative_to(here) if path.is_relative_to(here) else path))
