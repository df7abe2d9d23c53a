"""Where the rooms of the house are."""

from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).resolve().parent.parent
"""The folder that holds ``exercises/``, ``solutions/`` and ``fixtures/``."""
EXERCISES: Final = HOUSE / "exercises"
SOLUTIONS: Final = HOUSE / "solutions"
FIXTURES: Final = HOUSE / "fixtures"
SPECIMENS: Final = HOUSE / "tests" / "specimens"
COURSE: Final = Path(__file__).resolve().parent / "course"
INSIDE: Final = Path(__file__).resolve().parent / "inside"
