"""Where the course's folders are: in a checkout beside the package, in an installed wheel inside it."""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
_PACKED: Final = PACKAGE / "data"
ROOT: Final = _PACKED if _PACKED.is_dir() else PACKAGE.parent
"""The folder that holds ``exercises/`` and ``fixtures/`` and, for staff, ``solutions/`` and ``tests/specimens/``."""
EXERCISES: Final = ROOT / "exercises"
SOLUTIONS: Final = ROOT / "solutions"
FIXTURES: Final = ROOT / "fixtures"
SPECIMENS: Final = ROOT / "tests" / "specimens"
CONSTRAINTS: Final = ROOT / "constraints.txt"
"""One version of everything, for marks that can be repeated; learners get it beside their wheel."""
COURSE: Final = PACKAGE / "course"
