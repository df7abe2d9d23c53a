"""Looking after the course and the machine."""

from __future__ import annotations

from .app import app


@app.command
def doctor() -> int:
    """Show how strong the walls around learners' code are on this machine, promise by promise."""
    from grader.commands import staff

    return staff.doctor()


@app.command
def selfcheck(*, seed: int | None = None) -> int:
    """Check the course itself: stubs earn nothing, solutions everything, specimens their own names.

    Parameters
    ----------
    seed
        The seed of every run, instead of a fresh one.
    """
    from grader.commands import staff

    return staff.selfcheck(seed)
