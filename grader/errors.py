"""Exceptions that are not the learner's trouble. The learner's own trouble is data: it is part of the evidence.

    Exception
    ├── UsageError            the user asked for something that cannot be done        exit code 2
    └── GraderFault           we failed; nobody gets a score                          exit code 3
        ├── FixtureFault      a shipped file is missing or is not what the manifest says
        ├── CourseFault       a plan, probe, check or misconception of ours is wrong
        └── SandboxFault      the process that should run the submission cannot be had

Each carries a sentence that stands alone: what happened, to which file, and what to do next.
"""

from typing import Final

from .text import clean_line

USAGE: Final = 2
FAULT: Final = 3
"""Also when a cohort has submissions that nobody could grade."""
STOPPED: Final = 130
"""After Ctrl-C or a signal, as shells have it."""
UNREAD: Final = 141
"""When nobody reads on, as in ``grade 03 | head -1``; as shells have it."""


class UsageError(Exception):
    """The user's request cannot be carried out as it stands.

    The sentence is cleaned and on one line, because the names of files that learners made stand in it.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(clean_line(sentence))


class GraderFault(Exception):
    """Something of ours is broken. It is never counted against a learner."""


class FixtureFault(GraderFault):
    """A shipped fixture is missing, or its bytes differ from the manifest."""


class CourseFault(GraderFault):
    """A file of the course (plan, probe, check, misconception) does not do what it must."""


class SandboxFault(GraderFault):
    """The sandbox could not be started, or it stopped answering."""
