"""The floor of all compute: the checks of every submission in one process that has imported everything.

    python warm.py CHECKS.py SUBMISSION.py ...

Prints, as JSON, the checks that each submission passes and the seconds that they took.
"""

import json
import sys
import time
from pathlib import Path
from types import ModuleType

FUNCTIONS = ("freeze_backbone", "make_param_groups", "replace_head")


def main() -> None:
    """Grade the first submission once more than the others, to be warm."""
    checks, *submissions = map(Path, sys.argv[1:])
    sys.modules["submission"] = _submission(submissions[0])
    names: dict[str, object] = {"__name__": "checks"}
    exec(compile(checks.read_text("utf-8"), str(checks), "exec"), names)
    _grade(submissions[0], names)
    print(json.dumps([_grade(path, names) for path in submissions]))


def _submission(path: Path) -> ModuleType:
    module = ModuleType("submission")
    exec(compile(path.read_text("utf-8"), str(path), "exec"), vars(module))
    return module


def _grade(path: Path, names: dict[str, object]) -> tuple[int, float]:
    started = time.perf_counter()
    module = _submission(path)
    names.update({name: getattr(module, name) for name in FUNCTIONS})
    passed = sum(_passes(check) for name, check in names.items() if name.startswith("test_"))
    return passed, time.perf_counter() - started


def _passes(check: object) -> bool:
    try:
        check()  # type: ignore[operator]
    except Exception:  # noqa: BLE001  a check that breaks has not passed
        return False
    return True


if __name__ == "__main__":
    main()
