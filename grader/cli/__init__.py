"""The ``grade`` command. Exit codes: 0 full marks, 1 not full marks, 2 usage error, 3 fault of the grader.

One file here holds the commands of one kind of user, and a distribution has the commands whose files it has. What a
command needs is imported when it runs: ``grade --help`` needs none of it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from cyclopts import CycloptsError

from grader.ending import end, failed, is_read, nobody_reads, tell
from grader.errors import FAULT, STOPPED, UNREAD, USAGE, GraderFault, UsageError
from grader.places import PACKAGE
from grader.text import clean_text, never_fail

from .app import app, run

__all__ = ["app", "main"]

for _commands in iter_modules(__path__):
    import_module(f"{__name__}.{_commands.name}")


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        never_fail(stream)
    sys.exit(end(_run(sys.argv[1:])))


def _run(words: list[str]) -> int:
    """Carry a command line out and return the exit code; whatever goes wrong is a sentence."""
    try:
        expect_one_edition(PACKAGE.parent)
        code = run(app.meta, words)
    except CycloptsError:
        code = USAGE
    except UsageError as error:
        tell(str(error))
        code = USAGE
    except GraderFault as fault:
        tell(f"The grader failed; this is not a score. {clean_text(str(fault))}")
        code = FAULT
    except KeyboardInterrupt:
        tell("Stopped.")
        code = STOPPED
    except SystemExit as left:  # which rich makes of a pipe that nobody reads
        code = UNREAD if isinstance(left.__context__, BrokenPipeError) else left.code
    except Exception as error:  # noqa: BLE001  nobody gets a score, or an exit code that looks like one
        code = _failed(error, words)
    return code if isinstance(code, int) else 0


def _failed(error: Exception, words: list[str]) -> int:
    if isinstance(error, OSError) and nobody_reads(error) and not is_read(sys.stdout):
        return UNREAD
    tell(failed(error, ["grade", *words]))
    return FAULT


def expect_one_edition(packages: Path) -> None:
    """Raise UsageError where two distributions of this grader were installed over each other, each with other files."""
    found = sorted({path.name.partition("-")[0] for path in packages.glob("transfer_grader*.dist-info")})
    if len(found) > 1:
        names = " and ".join(name.replace("_", "-") for name in found)
        raise UsageError(
            f"{names} are installed over each other in {packages}, and each has files that the other lacks. "
            "Make an environment of its own for the one that you need."
        )
