"""Exercise 01 from end to end: sound solutions pass, every specimen gets its own name, what is odd gets none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox, open_sandbox
from grader.pipeline import grade
from grader.places import EXERCISES, SOLUTIONS, SPECIMENS
from grader.records import Grade

EXERCISE = course.exercises()["01_replace_head"]
SECOND = Path(__file__).parent.parent / "solutions" / "01_replace_head.py"
SEED = 20_260
Graded = Callable[..., Grade]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox([EXERCISE], warm=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def solution() -> str:
    return (SOLUTIONS / "01_replace_head.py").read_text("utf-8")


@pytest.fixture
def graded(sandbox: Sandbox, tmp_path: Path) -> Graded:
    def run(source: str, seed: int = SEED) -> Grade:
        path = tmp_path / "01_replace_head.py"
        path.write_text(source, "utf-8")
        return grade(discover(path, learner="learner-01"), sandbox, seed)

    return run


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_solutions_earn_everything_on_every_seed(graded: Graded, solution: str, seed: int) -> None:
    for source in (solution, SECOND.read_text("utf-8")):
        result = graded(source, seed)
        assert (result.earned, result.possible, result.diagnoses) == (10, 10, ()), result.outcomes


def test_the_stub_earns_nothing_and_says_what_to_do_first(graded: Graded) -> None:
    result = graded((EXERCISES / "01_replace_head.py").read_text("utf-8"))
    assert result.earned == 0
    assert result.diagnoses == ()
    assert result.next_step.startswith("Start with `replace_head`: `replace_head` is still to be written (line ")


@pytest.mark.parametrize("name", EXERCISE.misconceptions)
def test_a_specimen_is_named_after_its_misconception(graded: Graded, name: str) -> None:
    specimen = SPECIMENS / EXERCISE.slug / f"{name.replace('-', '_')}.py"
    result = graded(specimen.read_text("utf-8"))
    assert [diagnosis.misconception for diagnosis in result.diagnoses] == [name]
    assert result.earned < result.possible


def test_every_specimen_and_every_page_has_its_counterpart() -> None:
    names = {name.replace("-", "_") for name in EXERCISE.misconceptions}
    assert {path.stem for path in (SPECIMENS / EXERCISE.slug).glob("*.py")} == names
    pages = Path(str(course.part(EXERCISE, "facts").__file__)).parent / "misconceptions"
    assert {path.stem for path in pages.glob("*.py")} == names


ODD = {
    "transposed": (
        "    setattr(owner, name, new)",
        "    new.weight.data = new.weight.data.T\n    setattr(owner, name, new)",
    ),
    "always a bias": ("bias=old.bias is not None", "bias=True"),
    "always float32": ("        dtype=old.weight.dtype,\n", ""),
    "one class more": ("        num_classes,\n", "        num_classes + 1,\n"),
    "first of the stack": ("linears[-1]", "linears[0]"),
    "last of the stack": ("linears[-1]", "list(model.classifier._modules)[-1]"),
    "old rows shuffled": (
        "    setattr(owner, name, new)",
        "    new.weight.data[:3] = old.weight.data[:3].flip(0)\n    setattr(owner, name, new)",
    ),
    "half precision": ("    setattr(owner, name, new)", "    setattr(owner, name, new.half())"),
    "old rows halved": (
        "    setattr(owner, name, new)",
        "    new.weight.data[:3] = old.weight.data[:3] / 2\n    setattr(owner, name, new)",
    ),
    "not a number": (
        "    setattr(owner, name, new)",
        "    nn.init.constant_(new.weight, float('nan'))\n    setattr(owner, name, new)",
    ),
    "a scalar for a weight": (
        "    setattr(owner, name, new)",
        "    new.weight.data = new.weight.data.sum()\n    setattr(owner, name, new)",
    ),
    "another error": ("raise ValueError", "raise TypeError"),
    "nothing done": ("    setattr(owner, name, new)\n", ""),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unknown_mistake_is_described_and_not_named(graded: Graded, solution: str, name: str) -> None:
    right, wrong = ODD[name]
    assert right in solution
    result = graded(solution.replace(right, wrong))
    assert result.earned < result.possible
    assert result.diagnoses == ()


@pytest.mark.parametrize("body", ["return 7", "return model", "raise ValueError(num_classes)", "return type(model)"])
def test_doing_nothing_earns_nothing(graded: Graded, body: str) -> None:
    assert graded(f"def replace_head(model, num_classes):\n    {body}\n").earned == 0
