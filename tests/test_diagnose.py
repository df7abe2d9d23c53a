"""A misconception is a page and a function; where one lacks the other, the course says which, and no grade is given."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader import courses
from grader.errors import CourseFault
from grader.judging import diagnose
from grader.records import Exercise

SECTIONS = ("Why it matters: It is.", "Ask yourself: Is it?", "Where to look: There.", "Source: A book.")
Told = Callable[[str, str], list[tuple[str, str]]]


def page(name: str, *sections: str) -> str:
    return "\n\n".join((f"### {name}: It is wrong", *(sections or SECTIONS)))


def pages(*sections: str, function: str = "partial_unfreeze") -> str:
    return "\n\n".join(("# Misconceptions", "Whatever is said before them.", f"## {function}", *sections)) + "\n"


def functions(*names: str) -> str:
    return "\n\n".join(f"def {name}(seen): return None" for name in names)


@pytest.fixture
def told(exercise: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Lay pages and functions into an exercise of a course, and return each id with the function that recognises it."""
    folder = tmp_path / f"99_{tmp_path.name}"
    folder.mkdir()
    monkeypatch.setattr(courses._Choice, "used", replace(courses.current(), hidden=tmp_path))

    def stories(markdown: str, code: str) -> list[tuple[str, str]]:
        for name, text in (("misconceptions.md", markdown), ("misconceptions.py", code)):
            if text:
                (folder / name).write_text(text, "utf-8")
        importlib.invalidate_caches()
        found = diagnose.stories(replace(exercise, slug=folder.name))
        return [(story.page.misconception, getattr(story.recognise, "__name__", "")) for story in found]

    return stories


def test_a_page_goes_with_the_public_function_of_its_name(told: Told) -> None:
    code = "from os.path import join\n\nLIMIT = 1\n\n" + functions("one_id", "_helper", "two_id")
    found = told(pages(page("one-id"), page("two-id")), code)
    assert found == [("one-id", "one_id"), ("two-id", "two_id")]


def test_an_exercise_may_have_none(told: Told) -> None:
    assert told("", "") == []


@pytest.mark.parametrize(
    ("markdown", "code", "said"),
    [
        (pages(page("a-b")), functions("a_b", "c_d"), "recognises c-d, and misconceptions.md has no page of it"),
        (pages(page("a-b"), page("c-d")), functions("a_b"), "a page of c-d, and nothing recognises it"),
        (pages(page("a-b"), page("a-b")), functions("a_b"), "misconceptions.md has two pages of a-b"),
        (pages(page("a-b")), functions("a_b", "a_b"), "misconceptions.py has two functions for a-b"),
        (pages(page("a-b"), page("c-d")), functions("c_d", "a_b"), "in another order: c-d stands where a-b does"),
        (pages(page("a-b"), function="quux"), functions("a_b"), "no function quux, which a-b is about"),
        (
            pages(page("a-b", *SECTIONS[:3])),
            functions("a_b"),
            "The page of a-b needs a title and exactly these sections",
        ),
        (pages(page("a-b", *SECTIONS, SECTIONS[0])), functions("a_b"), "exactly these sections"),
        (pages(page("a-b", *SECTIONS[:3], "Source: ")), functions("a_b"), "exactly these sections"),
        (pages("### a-b", *SECTIONS), functions("a_b"), "The page of a-b needs a title"),
        ("", functions("a_b"), "recognises a-b, and misconceptions.md has no page of it"),
        (pages(page("a-b")), "", "misconceptions.py cannot be imported"),
    ],
)
def test_what_is_wrong_between_pages_and_functions_is_said(told: Told, markdown: str, code: str, said: str) -> None:
    with pytest.raises(CourseFault) as fault:
        told(markdown, code)
    assert said in str(fault.value)


def test_neither_naming_nor_showing_them_imports_what_recognises_them() -> None:
    shown = (
        "import sys; from grader import course; from grader.judging.diagnose import page; "
        "[page(each, name) for each in course.exercises().values() for name in each.misconceptions]; "
        "print([name for name in sys.modules if name.endswith(('.misconceptions', '.seen', '.checks'))])"
    )
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
