"""What a learner gets back: their own words harmless, their marks right, their file theirs alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.errors import UsageError
from grader.records.cohort import Refused, Ungraded
from grader.report.feedback import feedback_html, feedback_markdown
from grader.report.markdown import prose, verbatim
from grader.report.publish import file_stem, publish
from tests.cohort.pretend import grade, named, outcome, row
from tests.cohort.test_page import Balance

HOSTILE = "<script>alert(1)</script> ![x](http://x) [y](javascript:z) **b** `c` @somebody #1 | a\n# h\n- i\n\n> q"
HARMLESS = {"inline", "paragraph_open", "paragraph_close", "text", "code_inline", "softbreak"}


def tokens(markdown: str) -> list[Token]:
    found = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(markdown)
    return [each for token in found for each in (token, *(token.children or ()))]


@given(st.text(alphabet=st.sampled_from("ab1 \n\t`*_[]()<>!#&|~$\\:/.-+=@'\"{}w;"), max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    assert {token.type for token in tokens(prose(text))} <= HARMLESS


@given(st.text(max_size=60))
def test_no_text_of_any_alphabet_becomes_markup(text: str) -> None:
    assert {token.type for token in tokens(prose(text))} <= HARMLESS


@given(st.text(alphabet=st.sampled_from("ab`~<> \n\t#-"), max_size=60))
def test_what_was_printed_stays_one_block_of_code(text: str) -> None:
    assert {token.type for token in tokens(f"Before.\n\n{verbatim(text)}\n\nAfter.")} <= HARMLESS | {"code_block"}


def test_plain_sentences_stay_readable() -> None:
    sentence = "On a ResNet (2 of 5), `fc.weight` is 0.5, not -1; isn't that odd?"
    assert prose(sentence) == sentence


def test_hostile_text_is_harmless_in_both_files() -> None:
    bad = grade(
        (outcome("a", "-", message=HOSTILE),), diagnoses=(named("x", HOSTILE),), console=HOSTILE, next_step=HOSTILE
    )
    rows = [row(bad, "<b>learner</b>")]
    page = feedback_html(rows)
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    assert not parser.tags & {"script", "img", "b"}
    assert all(target.startswith("#") for target in parser.targets)
    kinds = {token.type for token in tokens(feedback_markdown(rows))}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "blockquote_open", "table_open"}
    levels = {token.tag for token in tokens(feedback_markdown(rows)) if token.type == "heading_open"}
    assert levels == {"h1", "h2", "h3"}


def test_points_are_those_that_count_and_lateness_is_explained() -> None:
    rows = [
        row(grade("+++"), days=2, free_days=1, deducted=1),
        row(grade("++", exercise="04_parameter_groups"), days=1),
        row(grade("+-", exercise="07_confusion_analysis")),
    ]
    for text in (feedback_html(rows), feedback_markdown(rows).replace("\\", "")):
        assert "It arrived 2 days late. 1 of your free days went into that." in text
        assert "Of the 3 points that you earned, 1 are taken off." in text
        assert "It arrived 1 day late. No points are taken off." in text
    assert "<strong>5</strong> of 7 points" in feedback_html(rows)


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (None, "This has not been graded yet."),
        (Ungraded(fault="Disk full."), "which is not your fault"),
        (Refused(reason="The notebook is damaged."), "The notebook is damaged."),
    ],
)
def test_what_has_no_mark_says_why_and_is_no_zero(result: Ungraded | Refused | None, sentence: str) -> None:
    rows = [row(result)]
    for text in (feedback_html(rows), feedback_markdown(rows)):
        assert sentence in text
        assert "Disk full" not in text
        assert not re.search(r"\b0</strong> of|0 of \d+ points", text)


def test_a_named_misconception_brings_its_page_along() -> None:
    rows = [row(grade("-", diagnoses=(named("blocks-reversed"),)))]
    for text in (feedback_html(rows), feedback_markdown(rows)):
        assert "Where to look: " in text


@given(st.lists(st.text(max_size=100), min_size=1, max_size=20, unique=True))
def test_everybody_has_files_of_their_own_on_every_system(learners: list[str]) -> None:
    taken: set[str] = set()
    stems = [file_stem(learner, taken) for learner in learners]
    assert len({stem.casefold() for stem in stems}) == len(stems)
    for stem in stems:
        assert re.fullmatch(r"[\w@+-][\w.@+-]{0,120}", stem)


def test_names_that_differ_only_in_case_get_files_that_differ_in_more() -> None:
    taken: set[str] = set()
    one, other = file_stem("Ann", taken), file_stem("ann", taken)
    assert one.casefold() != other.casefold()


def test_publishing_writes_the_page_and_two_files_for_each_learner(tmp_path: Path) -> None:
    rows = [row(grade(), "Ann/../x"), row(None, "ann", exercise="01"), row(grade("+++"), "Ann")]
    statistics = publish(tmp_path / "results", rows, [])
    assert statistics.learners == 3
    written = sorted(path.name for path in (tmp_path / "results").rglob("*.*"))
    assert len(written) == 7
    assert "cohort.html" in written
    assert "ann.html" in written
    texts = [path.read_text("utf-8") for path in (tmp_path / "results" / "feedback").glob("*.md")]
    assert sum("3 of 3 points" in text for text in texts) == 1


def test_publishing_without_names_writes_no_feedback(tmp_path: Path) -> None:
    publish(tmp_path, [row(grade())], [], names=False)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["cohort.html"]


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="could not be written"):
        publish(tmp_path / "file", [row(grade())], [])
