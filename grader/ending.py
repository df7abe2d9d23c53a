"""Last resort of the program: trace files for unexpected exceptions, and pipes that nobody reads."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import select
import shlex
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from . import VERSION
from .errors import FAULT
from .text import clean_text


def failed(error: BaseException, command: Sequence[str]) -> str:
    """Write down an exception that nothing caught and return the sentence about it, or all where it cannot be written.

    The details go into a new file of the system's temporary folder, never into the folder of whoever is graded.
    """
    details = _details(error, command)
    told = "The grader failed; this is not a score. It is not your doing, and the same command may work again."
    try:
        return f"{told} The details are in {_keep(details)}: please hand that file to whoever runs the course."
    except OSError:
        return f"{told}\n{details}"


def _details(error: BaseException, command: Sequence[str]) -> str:
    """Return versions, command line and traceback; whatever a learner's text or name put in is harmless to look at."""
    lines = [
        f"transfer-grader {VERSION}",
        f"Python {sys.version}",
        platform.platform(),
        f"in {Path.cwd()}: {shlex.join(command)}",
        "",
        *traceback.format_exception(error),
    ]
    return clean_text("\n".join(lines))


def _keep(details: str) -> Path:
    folder = Path(tempfile.gettempdir())
    if folder == Path.cwd():  # which Python takes where there is no other
        raise FileNotFoundError(errno.ENOENT, "there is no temporary folder")
    descriptor, name = tempfile.mkstemp(prefix="grade-failed-", suffix=".txt", dir=folder)
    with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # noqa: PTH123
        file.write(details)
    return Path(name)


def nobody_reads(error: OSError) -> bool:
    """Whether an error of a write means that the pipe was closed; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL)


def write_to_nobody(stream: TextIO) -> None:
    """Have what is still to be written go nowhere, or Python's own flush at exit fails again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_read(stream: TextIO | None) -> bool:
    """Write what waits to be written; False where nobody reads it, and then what follows goes nowhere."""
    if stream is None:  # it was closed before the program began
        return True
    try:
        stream.flush()
        if not _is_closed(stream):
            return True
    except OSError as error:
        if not nobody_reads(error):
            raise
    write_to_nobody(stream)
    return False


def _is_closed(stream: TextIO) -> bool:
    """Whether the other end of a pipe is closed, where a system can be asked."""
    if not hasattr(select, "poll") or not _has_descriptor(stream):
        return False
    asked = select.poll()
    asked.register(stream.fileno(), select.POLLOUT)
    return any(answer & (select.POLLERR | select.POLLHUP) for _, answer in asked.poll(0))


def _has_descriptor(stream: TextIO) -> bool:
    try:
        return stream.fileno() >= 0
    except (OSError, ValueError):
        return False


def end(code: int) -> int:
    """Write what waits to be written and return the exit code: ours where the system cannot write it."""
    try:
        for stream in (sys.stdout, sys.stderr):
            is_read(stream)
    except OSError as error:
        tell(f"Not everything could be printed: {error.strerror}.")
        write_to_nobody(sys.stdout)
        return FAULT
    return code


def tell(sentence: str) -> None:
    """Print to standard error; what nobody reads cannot change how the program ends."""
    with contextlib.suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201  the last word
