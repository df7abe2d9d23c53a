"""What is written once, in the course, and shown in several pages: the syllabus and the misconceptions.

Sphinx fills the marks in ``docs/`` while it builds; `python tools/generated.py` brings README.md up to date.
"""

from __future__ import annotations

from pathlib import Path

from grader import course
from grader.judging.diagnose import page
from grader.records import Exercise, Page

README = Path(__file__).parent.parent / "README.md"
SYLLABUS, END = "<!-- syllabus -->\n", "<!-- end of syllabus -->\n"
MISCONCEPTIONS = "<!-- misconceptions -->\n"


def fill_in(text: str) -> str:
    """Return a page of the documentation with its marks replaced."""
    return text.replace(SYLLABUS, syllabus()).replace(MISCONCEPTIONS, misconceptions())


def with_syllabus(text: str) -> str:
    """Return the README with the syllabus between its two marks brought up to date."""
    before, _, rest = text.partition(SYLLABUS)
    return before + SYLLABUS + syllabus() + END + rest.partition(END)[2]


def syllabus() -> str:
    """Return the exercises as a Markdown table."""
    rows = [f"| `{each.slug}` | {each.teaches} | {each.points} |\n" for each in course.exercises().values()]
    return "| exercise | afterwards you can | points |\n|---|---|--:|\n" + "".join(rows)


def misconceptions() -> str:
    """Return every misconception of the course as Markdown sections, by exercise."""
    return "\n".join(map(_of_exercise, course.exercises().values()))


def _of_exercise(exercise: Exercise) -> str:
    pages = "\n".join(_one(page(exercise, name)) for name in exercise.misconceptions)
    return f"## {exercise.number} {exercise.title}\n\n{pages}"


def _one(story: Page) -> str:
    return (
        f"({story.misconception})=\n### {story.title}\n\n`{story.misconception}`, about `{story.function}`. "
        f"{story.why}\n\n*{story.question}*\n\nWhere to look: {story.look}\n\nSource: {story.source}\n"
    )


if __name__ == "__main__":
    README.write_text(with_syllabus(README.read_text("utf-8")), "utf-8")
