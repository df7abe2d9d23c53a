"""How the documentation is built: ``python -m sphinx -W -b html docs build/site``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import generated

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "transfer-grader"
extensions = ["myst_parser"]
myst_enable_extensions = ["attrs_block", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
html_extra_path = ["grade.schema.json"]
suppress_warnings = ["misc.highlighting_failure"]  # the figure of the line is no program


def setup(app: Sphinx) -> None:
    """Put what is made from the course where a page asks for it."""
    app.connect("source-read", _fill_in)


def _fill_in(_app: Sphinx, _name: str, source: list[str]) -> None:
    source[0] = generated.fill_in(source[0])
