"""Run a probe on a submission where it can do no harm, and bring back evidence.

A ``Sandbox`` makes one attempt: one worker process, from the first fact to its end, whatever that is.
``run`` turns attempts into evidence: when a worker dies in one part of the probe, a second one is asked
for the parts after it, so that one endless loop does not cost the learner the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from grader.courses import Course, built_in, current, installed
from grader.records import Ending, Evidence, Exercise, Interruption, Submission
from grader.wire.job import Setting

from .attempt import Attempt, Question, Sandbox, read_crash
from .libraries import Libraries, import_libraries
from .warm import Zygote, why_no_zygote

__all__ = ["Attempt", "Libraries", "Question", "Sandbox", "Zygote", "import_libraries", "open_sandbox", "run"]


def open_sandbox(
    exercises: Sequence[Exercise], *, warm: bool = False, fallback: bool = False, imports: bool = True
) -> Sandbox:
    """Start the strongest sandbox this system has; its imports go on in the background.

    ``warm`` prepares for many submissions; ``fallback`` asks for the weaker one by name; without ``imports`` nothing
    of what the exercises need is imported before the walls are closed.
    """
    courses = _courses()
    setting = Setting(
        imports=tuple(sorted({name for exercise in exercises for name in exercise.imports if imports})),
        memory_mb=max(exercise.limits.memory_mb for exercise in exercises),
        seconds=max(exercise.limits.seconds for exercise in exercises),
        readable=(str(current().public),) if current().public.is_dir() else (),
        hidden=_hidden(courses),
        closed=tuple(str(room) for course in courses for room in course.rooms),
    )
    why = why_no_zygote()
    if fallback or why:
        from .spawned import Spawned

        return Spawned(setting, why)
    return Zygote(setting, warm=warm)


def _courses() -> tuple[Course, ...]:
    """Return the course that is used, the built-in one and all that are installed: none is to be looked into."""
    return tuple({course.folder: course for course in (current(), built_in(), *installed())}.values())


def _hidden(courses: Iterable[Course]) -> tuple[str, ...]:
    """Name one file of every kind that must stay out of a learner's reach, of every course that is here."""
    kinds = (kind for course in courses for kind in _secrets(course))
    return tuple(str(path) for kind in kinds for path in sorted(kind)[:1])


def _secrets(course: Course) -> tuple[Iterator[Path], ...]:
    return (
        course.hidden.glob("*/checks.py"),
        course.hidden.glob("*/misconceptions.py"),
        (course.fixtures / "judge").glob("*"),
        (course.fixtures / "grader").glob("*"),
        course.solutions.glob("*.py"),
    )


def run(sandbox: Sandbox, submission: Submission, exercise: Exercise, task: Question, seed: int) -> Evidence:
    """Run the probe on a submission and return what was seen; raise SandboxFault when that is our failure."""
    from .keeping import CRASH, Keeper

    keeper = Keeper(task.door)
    attempts: list[Attempt] = []
    interruptions: list[Interruption] = []
    parts, spent = exercise.parts, 0.0
    while parts and len(attempts) < len(exercise.parts):
        attempt = sandbox.attempt(task.only(parts))
        keeper.take(attempt)
        attempts.append(msgspec.structs.replace(attempt, facts={}, arrays={}))
        interruptions += [broken for broken in attempt.broken_parts() if broken.part in exercise.parts]
        if attempt.ending is Ending.FINISHED:
            break
        interruptions.append(attempt.interruption())
        parts = _after(parts, attempt.part)
        spent += attempt.seconds
        if _timeouts(interruptions) > 1 or spent > 2 * task.seconds:
            interruptions += [_unasked(part, interruptions[-1]) for part in parts]
            break
    return Evidence(
        submission_sha256=submission.sha256,
        exercise=exercise.slug,
        seed=seed,
        plan=task.plan,
        facts={name: value for name, value in keeper.facts.items() if name != CRASH},
        arrays=keeper.arrays,
        crash=read_crash(keeper.facts[CRASH]) if CRASH in keeper.facts else None,
        interruptions=tuple(interruptions),
        console=attempts[-1].console if len(attempts) == 1 else "".join(a.console for a in attempts),
        seconds=round(sum(attempt.seconds for attempt in attempts), 3),
        peak_mb=max(attempt.peak_mb for attempt in attempts),
        wall=attempts[0].wall,
        versions={"python": sys.version.split()[0], **attempts[0].versions},
        turned_away=keeper.turned_away,
    )


def _after(parts: tuple[str, ...], part: str) -> tuple[str, ...]:
    """Return the parts behind the interrupted one; none when even the import did not end."""
    return parts[parts.index(part) + 1 :] if part in parts else ()


def _timeouts(interruptions: list[Interruption]) -> int:
    return sum(interruption.ending is Ending.TIMED_OUT for interruption in interruptions)


def _unasked(part: str, cause: Interruption) -> Interruption:
    return Interruption(part=part, ending=cause.ending, seconds=0.0, detail="not asked any more")
