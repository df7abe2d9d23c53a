"""The command line that every file here adds its commands to."""

from __future__ import annotations

from cyclopts import App


def _version() -> str:
    from grader.learning.edition import edition

    return edition()


app = App(
    name="grade",
    version=_version,
    version_format="plaintext",
    help="Grade exercises in transfer learning: run the code once, in a sandbox, and judge what it did.\n\n"
    "Start with: grade watch",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
