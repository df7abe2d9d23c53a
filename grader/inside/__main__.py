"""``python -m grader.inside zygote FD SETTING`` or ``python -m grader.inside once SETTING``.

Started by ``grader.isolate`` only: as a warm process that forks one confined worker per job, or, where a
fork is not safe (macOS, Windows), as a process for a single job.
"""

import json
import sys


def main() -> None:
    """Start what the command line names."""
    match sys.argv[1:]:
        case ["zygote", control, setting]:
            from .zygote import Setting, serve

            serve(int(control), Setting(**json.loads(setting)))
        case ["once", setting]:
            from .once import once

            once(**json.loads(setting))
        case _:
            sys.exit(__doc__)


main()
