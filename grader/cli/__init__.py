"""Words become calls, and calls an exit code: 0 full marks, 1 not, 2 a usage error, 3 a fault of ours.

One file here holds the words of one kind of user, and a distribution has the words whose files it has; what each
command does is in ``grader.commands``, in the file of the same name, and is imported only when the command runs:
``grade --help`` needs none of it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from cyclopts import CycloptsError

from grader.errors import FAULT, STOPPED, USAGE, GraderFault, UsageError
from grader.places import PACKAGE
from grader.text import clean_text, never_fail

from .app import app

__all__ = ["app", "main"]

for _words in iter_modules(__path__):
    import_module(f"{__name__}.{_words.name}")


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        never_fail(stream)
    try:
        expect_one_edition(PACKAGE.parent)
        code = app(sys.argv[1:], exit_on_error=False, print_error=True)
    except CycloptsError:
        code = USAGE
    except UsageError as error:
        print(clean_text(str(error)), file=sys.stderr)
        code = USAGE
    except GraderFault as fault:
        print(f"The grader failed; this is not a score. {clean_text(str(fault))}", file=sys.stderr)
        code = FAULT
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        code = STOPPED
    sys.exit(code if isinstance(code, int) else 0)


def expect_one_edition(packages: Path) -> None:
    """Raise UsageError where two distributions of this grader were installed over each other, each with other files."""
    found = sorted({path.name.partition("-")[0] for path in packages.glob("transfer_grader*.dist-info")})
    if len(found) > 1:
        names = " and ".join(name.replace("_", "-") for name in found)
        raise UsageError(
            f"{names} are installed over each other in {packages}, and each has files that the other lacks. "
            "Make an environment of its own for the one that you need."
        )
