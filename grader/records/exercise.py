"""Exercises and submissions."""

from __future__ import annotations

from .base import Record


class Limits(Record, frozen=True, kw_only=True):
    """What one run of a probe may use."""

    seconds: float
    """Wall time of one worker; a second worker for what an interrupted one left open gets the same."""
    memory_mb: int
    """Memory beyond what the imports already hold."""


class Page(Record, frozen=True, kw_only=True):
    """The page of one misconception, as ``misconceptions.md`` of its exercise tells it."""

    misconception: str
    function: str
    """The learner's function in which it is made."""
    title: str
    why: str
    question: str
    look: str
    source: str


class Exercise(Record, frozen=True, kw_only=True):
    """One exercise, as its ``exercise.toml`` describes it."""

    slug: str
    """Directory and file stem in every room, such as ``03_partial_unfreeze``."""
    title: str
    teaches: str
    """One sentence: what the learner can do afterwards."""
    points: int
    """What the checks are worth together."""
    parts: tuple[str, ...]
    """Names of the probe's parts, in the order in which they are asked."""
    functions: tuple[str, ...]
    """Functions the learner fills in, root causes first."""
    in_runs: tuple[str, ...] = ()
    """Those of them that can take a step of the lab's training runs."""
    imports: tuple[str, ...]
    """Modules that the sandbox imports before the submission, once per zygote."""
    fixtures: tuple[str, ...]
    """Names in the manifest of the files the probe reads."""
    limits: Limits
    misconceptions: tuple[str, ...]
    """Ids in the order of their pages, for each function the most specific story first."""
    hints: tuple[str, ...]
    """Nudge, concept, near-solution."""
    afterwards: str
    """A question to think about once every point is earned."""

    def __post_init__(self) -> None:
        """Refuse functions in the lab's runs that nobody fills in; ValueError."""
        if unknown := set(self.in_runs) - set(self.functions):
            raise ValueError(f"in_runs names {', '.join(sorted(unknown))}, which is not among the functions")

    @property
    def number(self) -> str:
        """The two digits in front of the slug."""
        return self.slug[:2]

    @property
    def is_note(self) -> bool:
        """Whether learners hand in a Markdown note: there is no probe then, and nothing is run."""
        return not self.parts

    @property
    def suffix(self) -> str:
        """How the names of its files end in every room."""
        return ".md" if self.is_note else ".py"

    @property
    def filename(self) -> str:
        """The name of its file in every room."""
        return f"{self.slug}{self.suffix}"


class CellLine(Record, frozen=True, kw_only=True):
    """Where a line of the source stands in a notebook; both are counted from 1, the code cells only."""

    cell: int
    line: int


class Submission(Record, frozen=True, kw_only=True):
    """One learner's answer to one exercise, read and not yet run."""

    learner: str
    exercise: str
    path: str
    source: bytes
    """Python; for a notebook, that of its code cells."""
    sha256: str
    """Of the source."""
    cells: tuple[CellLine, ...] = ()
    """For a notebook, the place of every line of the source."""
    set_aside: tuple[str, ...] = ()
    """What of a notebook is not run, one sentence each."""
