"""What `pip wheel .` puts into the wheel: all that staff get, with the rooms beside the package inside it."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CourseData(BuildHookInterface[Any]):
    """Adds exercises, fixtures and, for staff, solutions; an editable installation finds them in the checkout."""

    def dependencies(self) -> list[str]:
        """Name what ``grader.handout.contents`` imports: an isolated build has nothing else."""
        return ["jinja2>=3.1", "msgspec>=0.20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name every file that goes in; ``grader.handout.contents`` decides for both distributions."""
        if version != "standard":
            return
        sys.path.insert(0, str(Path(self.root)))
        from grader.handout.contents import everything

        build_data["force_include"] |= {str(path): place for place, path in everything().items()}
