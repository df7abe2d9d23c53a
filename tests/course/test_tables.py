"""No table answers for the work: where a question stands, what it is called and how large it is do not tell its answer.

What is right is taken from our own solution, whose answers are looked at as words, and as place and rank of what was
chosen among what there was to choose from. A table is learned on half of the seeds and tried on the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.pipeline import observe
from grader.places import SOLUTIONS
from grader.records import Evidence, Exercise

SEEDS = range(2_000, 2_050)
OBJECT = "returns"
"""Stands for everything that a table cannot hold."""
MARGIN = 0.15
"""A table may be right so much more often than one answer for all questions; with few questions that is luck."""
FEW = 3
"""Answers to a kind of question that are this many or fewer, for each seed, tell nothing."""
TRAINS = {"06_compare_strategies": ("real_comparison",)}
"""Parts that train for a long time."""
CODE = [each for each in course.exercises().values() if not each.is_note]


class Question(NamedTuple):
    """One question: of which kind it is, what can be seen of it without looking into it, and what is right."""

    kind: str
    keys: dict[str, Any]
    answers: dict[str, Any]
    """By way of telling."""


@pytest.mark.slow
@pytest.mark.parametrize("exercise", CODE, ids=lambda each: each.slug)
def test_no_table_does_better_than_one_answer_for_all(sandbox: Sandbox, exercise: Exercise) -> None:
    drawn = [list(questions(seen(exercise, sandbox, seed))) for seed in SEEDS]
    if {each.answers["word"] for half in drawn for each in half} == {OBJECT}:
        pytest.skip("every right answer is an object or a number of its own: no table can hold it")
    known, asked = (list(chain(*half)) for half in (drawn[::2], drawn[1::2]))
    assert better(known, asked) == []


def seen(exercise: Exercise, sandbox: Sandbox, seed: int) -> Evidence:
    left = TRAINS.get(exercise.slug, ())
    quick = msgspec.structs.replace(exercise, parts=tuple(part for part in exercise.parts if part not in left))
    return observe(discover(SOLUTIONS / exercise.filename, learner="learner-01"), quick, sandbox, seed)


def questions(evidence: Evidence) -> Iterator[Question]:
    """Yield every question with what a table can hold of its answer."""
    rows = {str(row["id"]): row for row in _rows(evidence.plan) if "id" in row}
    for fact, told in evidence.facts.items():
        kind, *parts = fact.split("/")
        row = next((rows[part] for part in parts if part in rows), {})
        for place, answer in enumerate(_answers(told)):
            word = _word(answer, row)
            keys = {"name": fact, "place": (tuple(parts[-1:]), place), "size": _size(row)}
            yield Question(kind, keys, _told(word, row))


def _rows(plan: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every row of a plan, wherever it lies."""
    inside = plan.values() if isinstance(plan, Mapping) else plan if isinstance(plan, list) else ()
    if isinstance(plan, Mapping):
        yield plan
    for each in inside:
        yield from _rows(each)


def _answers(told: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every answer in what a fact tells."""
    if isinstance(told, Mapping) and {"returned", "raised"} & told.keys():
        yield told
    elif isinstance(told, Mapping | list):
        for each in told.values() if isinstance(told, Mapping) else told:
            yield from _answers(each)


def _word(answer: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Return an answer that a table can hold: what was raised, a whole number, or a word of the question's own."""
    if raised := answer.get("raised"):
        return f"raises {raised['type']}"
    returned = answer.get("returned")
    is_own = isinstance(returned, str) and any(returned in each.values() for each in _rows(row))
    return str(returned) if returned is None or is_own or isinstance(returned, int) else OBJECT


def _size(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(len(value) for value in row.values() if isinstance(value, list | dict))


def _told(found: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the word, the place of what was chosen among the question's own rows, and its rank by their numbers."""
    rows = next((v for v in row.values() if isinstance(v, list) and v and all(isinstance(r, dict) for r in v)), [])
    chosen = [each for each in rows if found in each.values()]
    if len(chosen) != 1:
        return {"word": found}
    numbers = [name for name, value in chosen[0].items() if isinstance(value, int | float)]
    ranks = {f"rank by {name}": sum(each[name] < chosen[0][name] for each in rows) for name in numbers}
    return {"word": found, "row": rows.index(chosen[0]), **ranks}


def better(known: list[Question], asked: list[Question]) -> list[str]:
    """Say which tables, learned from the known questions, are right about the asked ones more often than one answer."""
    ways = dict.fromkeys((each.kind, way) for each in asked for way in each.answers)
    return [told for kind, way in ways for told in _better(*(_of(half, kind, way) for half in (known, asked)), way)]


def _of(half: list[Question], kind: str, way: str) -> list[Question]:
    return [each for each in half if each.kind == kind and way in each.answers]


def _better(past: list[Question], now: list[Question], way: str) -> Iterator[str]:
    if not past or len(now) <= FEW * len(SEEDS) / 2:
        return
    constant = right({}, past, now, "", way)
    for key in ("name", "place", "size"):
        share = right(table(past, key, way), past, now, key, way)
        if share > constant + MARGIN:
            yield f"{now[0].kind}: {way} by {key} is right {share:.0%} of the time, one answer {constant:.0%}"


def table(past: list[Question], key: str, way: str) -> dict[Any, Any]:
    """Learn the usual answer for each key."""
    counts: dict[Any, Counter[Any]] = defaultdict(Counter)
    for each in past:
        counts[each.keys[key]][each.answers[way]] += 1
    return {name: found.most_common(1)[0][0] for name, found in counts.items()}


def right(learned: dict[Any, Any], past: list[Question], now: list[Question], key: str, way: str) -> float:
    """Return the share of the questions that a table answers rightly; what it does not know gets the usual answer."""
    usual = Counter(each.answers[way] for each in past).most_common(1)[0][0]
    return sum(learned.get(each.keys.get(key), usual) == each.answers[way] for each in now) / len(now)
