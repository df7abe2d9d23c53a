"""``python -m grader.inside zygote FD``, ``python -m grader.inside once SETTING`` or ``… debug SETTING``.

Started by ``grader.isolate`` only: as a warm process that forks one confined worker per job; where a fork is not
safe (macOS, Windows), as a process for a single job; or without any walls, for a debugger.
"""

import json
import sys


def main() -> None:
    """Start what the command line names."""
    match sys.argv[1:]:
        case ["zygote", control]:
            from .zygote import serve

            serve(int(control))
        case ["once", setting]:
            from .once import once

            once(**json.loads(setting))
        case ["debug", setting]:
            from .debug import debug

            debug(**json.loads(setting))
        case _:
            sys.exit(__doc__)


main()
