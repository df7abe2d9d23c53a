"""What came of calling a learner's function, and where in the learner's file an exception came from."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec

from .surroundings import remark

SAID_CAP = 240
"""Characters of an exception's message in a sentence."""
FRAMES_CAP = 6
"""Calls of a traceback that are told, the innermost."""
FRAME_TEXT_CAP = 120
"""Characters of one of its lines."""
UNWRITTEN = "is still to be written"
"""What is said of a function that ends where its stub does."""
UNDEFINED = "is not defined, and a line of your file raised an exception"
"""What is said of a function that such a line may have kept from being there."""
_UNSAID = {"MemoryError": "more memory than the exercise allows"}


def spaced(*sentences: str) -> str:
    """Join those of the sentences that are there."""
    return " ".join(filter(None, sentences))


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of what a probe says in one fact; a learner's process may claim anything, of the right types."""


class Pointer(msgspec.Struct, frozen=True, kw_only=True):
    """What points at a line of the submission, the innermost one that was running."""

    line: int | None = None
    cell: int | None = None
    """Code cell whose line it is, where the submission is a notebook; never known inside."""

    @property
    def where(self) -> str:
        """The place in words; empty when it is not known."""
        if self.line is None:
            return ""
        return f"line {self.line}" if self.cell is None else f"code cell {self.cell}, line {self.line}"


class Frame(Pointer, frozen=True, kw_only=True):
    """One of the learner's lines in a traceback."""

    function: str
    text: str
    """That line."""


class Trail(Pointer, frozen=True, kw_only=True):
    """How an exception came to the line that is pointed at: the learner's own calls, and what lies below them."""

    frames: tuple[Frame, ...] = ()
    """The outermost first; nothing of the grader's is among them."""
    beyond: str = ""
    """The library that the learner's last line called and that raised it; empty when the line itself did."""

    def lines(self) -> list[str]:
        """Tell it line by line, the learner's calls first; empty where there is nothing but the line pointed at."""
        if len(self.frames) < 2 and not self.beyond:  # noqa: PLR2004  one call has no way that leads to it
            return []
        calls = [(frame, len(list(same))) for frame, same in itertools.groupby(self.frames)]
        told = [
            f"{frame.where} in {frame.function}{f' ({count} times)' * (count > 1)}: {frame.text}"
            for frame, count in calls
        ]
        return [*told, *([f"… and on inside {self.beyond}"] if self.beyond else [])]

    def shortened(self) -> tuple[Frame, ...]:
        """Return the innermost frames with short texts; a learner's process may claim anything."""
        return tuple(
            msgspec.structs.replace(frame, function=frame.function[:FRAME_TEXT_CAP], text=frame.text[:FRAME_TEXT_CAP])
            for frame in self.frames[-FRAMES_CAP:]
        )


class Raised(Trail, frozen=True, kw_only=True):
    """An exception that came out of the learner's code."""

    type: str
    kinds: tuple[str, ...] = ()
    """Names of its class and of every base class."""
    message: str = ""
    text: str = ""
    """The line that is pointed at."""
    function: str = ""
    """The learner's function it happened in; empty at import."""

    def sentence(self) -> str:
        """Name the exception and the learner's own line."""
        message = self.message or _UNSAID.get(self.type, "")
        short = message if len(message) <= SAID_CAP else f"{message[:SAID_CAP]}…"
        what = f"{self.type}: {short}" if message else self.type
        return f"{what} ({self.where}: `{self.text}`)" if self.where else what


class Answer(Told, frozen=True, kw_only=True):
    """What came of calling one of the learner's functions: one of these."""

    returned: Any = msgspec.UNSET
    """As JSON; of an object that is kept inside, the name of its type."""
    raised: Raised | None = None
    missing: str = ""
    """Name of the function that the file does not have."""
    broke_off: bool = False
    """Whether some line of the file raised, which may be why."""
    strange: str = ""
    """Type of a returned object that is neither text, number nor a collection of them."""

    @property
    def has_returned(self) -> bool:
        """Whether the call came to its end with something that could be kept."""
        return self.returned is not msgspec.UNSET

    @property
    def is_unwritten(self) -> bool:
        """Whether the call ended where a stub does."""
        return self.raised is not None and self.raised.type == "NotImplementedError"

    def raises(self, kind: str) -> bool:
        """Whether the function raised an exception of this kind."""
        return self.raised is not None and kind in (self.raised.type, *self.raised.kinds)

    def trouble(self, call: str) -> str:
        """Say why there is no usable return value; empty when there is one."""
        if self.missing and self.broke_off:
            return f"`{self.missing}` {UNDEFINED}."
        if self.missing:
            return f"Your file has no function named `{self.missing}`."
        if self.strange:
            return f"`{call}` returned an object of type {self.strange}, which is not what the contract asks for."
        if self.raised is None:
            return ""
        if self.is_unwritten:
            where = f" ({self.raised.where})" if self.raised.where else ""
            return f"`{self.raised.function or call.partition('(')[0]}` {UNWRITTEN}{where}."
        return spaced(f"`{call}` raised {self.raised.sentence()}.", remark(self.raised.type, self.raised.message))


class Call(Told, frozen=True, kw_only=True):
    """One call of a learner's function, told where nothing judges."""

    function: str
    question: str
    """The call as code, such as ``partial_unfreeze(NarrowResNet, 2)``."""
    answer: Answer
    """Without what was returned."""
