"""Pairs that have unusually much in common, among people who all answer the same question."""

from __future__ import annotations

import random
import re
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from grader.places import EXERCISES, SOLUTIONS
from grader.report.similar import show_similar, similar_html
from grader.similarity import FEW, Compared, Comparison, compare
from grader.similarity.syntax import Token, names, normalised
from grader.similarity.winnow import LENGTH, WINDOW, fingerprints, hashes
from tests.similarity.writers import disguised, independent

SLUG = "03_partial_unfreeze"
STUB = (EXERCISES / f"{SLUG}.py").read_bytes()
NOTHING = np.empty(0, np.uint64)


def shape(source: str) -> list[str]:
    return [token.text for token in normalised(source.encode(), frozenset({"depth"}))]


def test_names_texts_numbers_comments_and_layout_play_no_part() -> None:
    one = 'def f(depth):\n    """Say."""\n    total = depth + 1  # one\n    return print("a", total)\n'
    other = 'def f(depth):\n\n  # Else.\n  x_1 = (\n    depth\n  ) + 200\n\n  return print("b", x_1)\n'
    assert shape(one) == shape(other.replace("(\n    depth\n  )", "depth"))
    assert "total" not in shape(one)


def test_what_everybody_calls_the_same_stays() -> None:
    assert shape("for a in len(depth.numel):\n    return a") == [
        *("for", "name", "in", "len", "(", "depth", ".", "numel", ")", ":", "return", "name")
    ]


@given(st.binary(max_size=200))
def test_nothing_that_was_handed_in_breaks_it(source: bytes) -> None:
    for token in normalised(source, frozenset()):
        assert token.line >= 1
    names(source)


@pytest.mark.parametrize(
    "source", [b"((((", b"def f(:\n  x = '", b"a\n   b\n c\n", b"-" * 100_000, b"(" * 50_000, b"\0\0x"]
)
def test_code_with_mistakes_can_be_compared_too(source: bytes) -> None:
    assert isinstance(normalised(source, frozenset()), list)


WORDS = st.lists(st.sampled_from("abcdef"), min_size=LENGTH + WINDOW - 1, max_size=40)


@given(WORDS, WORDS, WORDS)
def test_whoever_shares_enough_in_a_row_shares_a_fingerprint(
    shared: list[str], one: list[str], other: list[str]
) -> None:
    def prints(words: list[str]) -> dict[int, int]:
        return fingerprints(hashes([Token(word, 1) for word in words]), NOTHING)

    assert set(prints(one + shared)) & set(prints(shared + other))


def test_what_the_stub_holds_is_nobodys_own() -> None:
    common = names(STUB)
    given_hashes = hashes(normalised(STUB, common))
    assert fingerprints(given_hashes, given_hashes) == {}
    solution = (SOLUTIONS / f"{SLUG}.py").read_bytes()
    assert fingerprints(hashes(normalised(solution, common)), given_hashes)


def cohort(seed: int, size: int, copies: int) -> tuple[Comparison, set[tuple[str, str]]]:
    """Compare people who work alone and some who copied from one of them and hid it; return who those are."""
    rng = random.Random(seed)
    sources = [independent(rng) for _ in range(size)]
    copied = set()
    for original in rng.sample(range(size), copies):
        copied.add((f"learner-{original:03}", f"learner-{len(sources):03}"))
        sources.append(disguised(sources[original], rng))
    works = [Compared(learner=f"learner-{place:03}", source=text.encode()) for place, text in enumerate(sources)]
    return compare(SLUG, works, STUB), copied


def test_most_disguised_copies_are_in_a_short_list() -> None:
    found = 0
    for seed in range(4):
        comparison, copied = cohort(seed, 120, 5)
        listed = [pair for pair in comparison.pairs if (pair.first.learner, pair.second.learner) in copied]
        assert len(comparison.pairs) <= 15
        assert all(pair.share > 2 * comparison.usual for pair in listed)
        found += len(listed)
    assert found >= 17


def test_a_cohort_in_which_nobody_copied_has_a_short_list_too() -> None:
    comparison, _ = cohort(7, 120, 0)
    assert comparison.compared == 120
    assert len(comparison.pairs) <= 10
    assert 0.1 < comparison.usual < 0.5


def test_what_everybody_writes_makes_nobody_stand_out() -> None:
    same = independent(random.Random(1)).encode()
    comparison = compare(SLUG, [Compared(learner=str(place), source=same) for place in range(20)], STUB)
    assert comparison.pairs == ()


def test_an_identical_pair_among_others_stands_out() -> None:
    rng = random.Random(3)
    own = "def helper(m):\n    return {k: sorted(v.shape, reverse=True)[::-1] for k, v in m.state_dict().items()}\n"
    sources = [independent(rng) for _ in range(30)] + [independent(rng) + own * 3] * 2
    works = [Compared(learner=str(place), source=text.encode()) for place, text in enumerate(sources)]
    best = compare(SLUG, works, STUB).pairs[0]
    assert {best.first.learner, best.second.learner} == {"30", "31"}
    assert best.share == pytest.approx(1)
    assert best.first_lines == best.second_lines


def test_few_and_empty_submissions_are_not_compared() -> None:
    works = [Compared(learner=str(place), source=STUB) for place in range(3)]
    works += [Compared(learner="x", source=b""), Compared(learner="y", source=independent(random.Random(1)).encode())]
    comparison = compare(SLUG, works, STUB)
    assert comparison.without_own == ("0", "1", "2", "x")
    assert comparison.compared == 1 < FEW
    assert comparison.pairs == ()


def test_marked_lines_hold_what_both_have() -> None:
    comparison, copied = cohort(0, 120, 5)
    pair = next(pair for pair in comparison.pairs if (pair.first.learner, pair.second.learner) in copied)
    for work, lines in ((pair.first, pair.first_lines), (pair.second, pair.second_lines)):
        code = [number for number, line in enumerate(work.source.decode().splitlines(), 1) if line.strip()]
        assert lines <= set(code)
        assert len(lines) > len(code) / 2


def test_the_page_is_a_list_to_look_at_and_nothing_in_it_is_live() -> None:
    rng = random.Random(3)
    bad = (
        independent(rng)
        + "\n# <script>alert(1)</script> \x1b[31m\u202e\n"
        + "x = [1, 2, 3]\ny = {v: v for v in x}\n" * 5
    )
    sources = [independent(rng) for _ in range(30)] + [bad, bad]
    works = [Compared(learner=f"<b>{place}</b>", source=text.encode()) for place, text in enumerate(sources)]
    page = similar_html([compare(SLUG, works, STUB)])
    assert not re.search(r"<(script|b|img)\b", page)
    assert "&lt;script&gt;alert(1)" in page
    assert "\x1b" not in page
    assert "not a finding about anybody" in page
    assert "talk with both people" in page
    for word in ("cheat", "plagiar", "suspect", "guilt", "fraud"):
        assert word not in page.lower()


def test_the_terminal_says_how_many_stand_out() -> None:
    out = StringIO()
    few = compare(SLUG, [], STUB)
    show_similar(Console(file=out, width=80), [cohort(0, 120, 5)[0], few])
    assert "03_partial_unfreeze: 125 submissions," in out.getvalue()
    assert "too few to know what is usual" in out.getvalue()
