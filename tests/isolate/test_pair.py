"""torch and torchvision as they come: wheels that belong together, and wheels that do not.

The stand-ins are a torchvision's ``__init__`` and ``extension`` over the installed one's Python files, so that both
pairs can be tried whichever is installed.
"""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course
from grader.discover import discover
from grader.isolate import open_sandbox
from grader.pipeline import grade
from grader.places import SOLUTIONS

REPOSITORY = Path(__file__).parents[2]
INSTALLED = Path(str(importlib.metadata.distribution("torchvision").locate_file("torchvision")))
NMS = "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"

BELONGING = f"""
import torch
OPERATORS = torch.library.Library("torchvision", "DEF")
OPERATORS.define({NMS!r})
"""
"""A wheel that belongs to the torch beside it registers its operators when it is imported."""
FOREIGN = """
import torch
from . import extension
extension.tried = vars(extension).get("tried", 0) + 1

@torch.library.register_fake("torchvision::nms")
def describe(dets, scores, threshold):
    return dets
"""
"""A wheel for another torch has no operators and describes them all the same, at the end of its first modules."""
EXTENSION = "def __getattr__(name):\n    return lambda *_: False\n"
"""Has no operators and no libraries, whatever it is asked for."""
BROKEN = "import torch\nraise RuntimeError('Tensors ran out')\n"

Import = Callable[[str, str], subprocess.CompletedProcess[str]]


@pytest.fixture
def import_beside(tmp_path: Path) -> Import:
    """Import something in a fresh process whose torchvision begins as the text says, and print an expression."""

    def run(beginning: str, lines: str) -> subprocess.CompletedProcess[str]:
        package = tmp_path / "torchvision"
        package.mkdir()
        (package / "extension.py").write_text(EXTENSION, "utf-8")
        path = f"__path__ = [{str(package)!r}, {str(INSTALLED)!r}]\n"
        (package / "__init__.py").write_text(f"{path}{beginning}from . import models\n", "utf-8")
        program = f"import sys\nsys.path[:0] = [{str(tmp_path)!r}, {str(REPOSITORY)!r}]\n{lines}"
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    return run


MODELS = (
    "import grader.inside.models, torchvision\nfrom grader.inside.pair import operators_lent\nprint(operators_lent())"
)


def test_operators_are_not_declared_before_the_wheel_that_has_them(import_beside: Import) -> None:
    done = import_beside(BELONGING, MODELS)
    assert (done.stdout, done.returncode) == ("False\n", 0), done.stderr


def test_operators_that_the_wheel_lacks_are_lent(import_beside: Import) -> None:
    done = import_beside(FOREIGN, MODELS)
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr


def test_submodules_of_the_failed_import_are_imported_anew(import_beside: Import) -> None:
    done = import_beside(FOREIGN, "import grader.inside, torchvision.extension\nprint(torchvision.extension.tried)")
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr


def test_any_other_failure_is_told_as_it_is(import_beside: Import) -> None:
    done = import_beside(BROKEN, "import grader.inside, torchvision")
    assert done.returncode == 1
    assert done.stderr.endswith("RuntimeError: Tensors ran out\n")


@pytest.mark.parametrize("slug", [slug for slug, each in course.exercises().items() if not each.is_note])
def test_learners_may_import_torchvision_in_every_exercise_alone(slug: str, tmp_path: Path) -> None:
    path = tmp_path / f"{slug}.py"
    path.write_text("import torchvision, torchmetrics\n" + (SOLUTIONS / path.name).read_text("utf-8"), "utf-8")
    with open_sandbox([course.exercises()[slug]]) as sandbox:
        assert grade(discover(path, learner="learner-01"), sandbox).full_marks
