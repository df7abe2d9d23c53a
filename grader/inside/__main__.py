"""``python -m grader.inside zygote FD``, ``python -m grader.inside once SETTING`` or ``… debug LOOK``.

Started by ``grader.isolate`` only: as a warm process that forks one confined worker per job; where a fork is not
safe (macOS, Windows), as a process for a single job; or without any walls, for a debugger.
"""

import sys


def main() -> None:
    """Start what the command line names."""
    match sys.argv[1:]:
        case ["zygote", control]:
            from .zygote import serve

            serve(int(control))
        case ["once", setting]:
            from grader.wire.job import Setting
            from grader.wire.messages import decode

            from .once import once

            once(decode(setting, Setting))
        case ["debug", look]:
            from grader.wire.job import Look
            from grader.wire.messages import decode

            from .debug import debug

            debug(decode(look, Look))
        case _:
            sys.exit(__doc__)


main()
