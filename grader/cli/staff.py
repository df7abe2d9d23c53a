"""Looking after the course and the machine."""

from __future__ import annotations

from .app import CARE, HAS_SOLUTIONS, HAS_SPECIMENS, Names, Switch, command


@command("grade doctor", group=CARE)
def doctor() -> int:
    """Show what holds around learners' code on this machine, promise by promise, and the libraries it meets."""
    from grader.commands import staff

    return staff.doctor()


@command(
    "grade selfcheck", "grade selfcheck --exercises 03 07 --seed 7", group=CARE, where=HAS_SOLUTIONS and HAS_SPECIMENS
)
def selfcheck(
    *,
    exercises: Names = [],  # noqa: B006  cyclopts copies it
    seed: int | None = None,
    confusion: Switch = False,
    seeds: int = 3,
) -> int:
    """Check the course itself: stubs earn nothing, solutions everything, specimens their own names.

    Parameters
    ----------
    exercises
        Check only these, such as 03 07.
    seed
        The seed of every run, instead of a fresh one.
    confusion
        Instead, count which misconception was named for which specimen; all counts should be on the diagonal.
    seeds
        How many fresh seeds --confusion grades each specimen with.
    """
    from grader.commands import staff

    if confusion:
        return staff.confusion(exercises, [seed] if seed is not None else [None] * seeds)
    return staff.selfcheck(exercises, seed)
