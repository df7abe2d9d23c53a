"""The command line that every file here adds its commands to."""

from __future__ import annotations

from cyclopts import App

from grader import VERSION

app = App(
    name="grade",
    version=VERSION,
    help="Grade exercises in transfer learning: run the code once, in a sandbox, and judge what it did.\n\n"
    "Start with: grade exercises/03_partial_unfreeze.py",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
