"""Tell what the code did, without judging it: evidence becomes an account, where the hidden checks are not."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from .authoring import Answer, interrupted, read_answer, shorten, why_not_reached
from .records import Account, Evidence, Exercise, Observation, Provenance, Run, Submission, Unfinished

ANSWERS_CAP = 3
"""Different answers that are told one by one for one group of questions."""
ANSWERED = "Your code answered everything. Whether the answers are right, the course's own run will judge."
READ = "What you wrote was read. Whether it is right, the course's own run will judge."
_ANSWER_FIELDS = frozenset(Answer.__struct_fields__)


def account(submission: Submission, exercise: Exercise, evidence: Evidence, provenance: Provenance) -> Account:
    """Return what was seen, and what kept the code from answering."""
    answers = {asked: list(_answers(fact)) for asked, fact in evidence.facts.items()}
    unfinished = tuple(dict.fromkeys(_unfinished(evidence, itertools.chain.from_iterable(answers.values()))))
    return Account(
        exercise=exercise.slug,
        title=exercise.title,
        learner=submission.learner,
        path=submission.path,
        observations=_observations(answers),
        unfinished=unfinished,
        next_step=f"Start here: {unfinished[0].said}" if unfinished else ANSWERED if any(answers.values()) else READ,
        set_aside=submission.set_aside,
        evidence=Run.of(evidence),
        provenance=provenance,
    )


def _answers(fact: Any) -> Iterator[Answer]:
    """Find every answer in a fact, in the order in which the questions were asked."""
    match fact:
        case dict() if fact and fact.keys() <= _ANSWER_FIELDS:
            yield read_answer(fact)
        case dict():
            for value in fact.values():
                yield from _answers(value)
        case list():
            for value in fact:
                yield from _answers(value)


def _observations(answers: dict[str, list[Answer]]) -> tuple[Observation, ...]:
    """Put questions together that got the same answers."""
    same: dict[tuple[str, ...], list[str]] = {}
    for asked, given in answers.items():
        if given:
            same.setdefault(_sentences(given), []).append(asked)
    return tuple(
        Observation(asked=asked if not others else f"{asked} (+{len(others)})", answers=sentences)
        for sentences, (asked, *others) in same.items()
    )


def _sentences(answers: list[Answer]) -> tuple[str, ...]:
    sentences = list(dict.fromkeys(map(_told, answers)))
    more = len(sentences) - ANSWERS_CAP
    return (*sentences[:ANSWERS_CAP], *([f"and {more} other answers"] if more > 0 else []))


def _told(answer: Answer) -> str:
    if answer.raised is not None:
        return f"raised {answer.raised.sentence()}"
    return answer.trouble("the function") or f"returned {shorten(answer.returned)}"


def _unfinished(evidence: Evidence, answers: Iterable[Answer]) -> Iterator[Unfinished]:
    """Say what ended too early, is missing or is still to be written; an exception may be the right answer."""
    if crash := evidence.crash:
        yield Unfinished(said=why_not_reached(evidence, ""), line=crash.line, cell=crash.cell)
    for interruption in evidence.interruptions:
        yield Unfinished(said=interrupted(interruption), line=interruption.line, cell=interruption.cell)
    for answer in answers:
        if answer.missing:
            yield Unfinished(said=answer.trouble(""))
        elif answer.raised and answer.raised.type == "NotImplementedError":
            yield Unfinished(said=answer.trouble(""), line=answer.raised.line, cell=answer.raised.cell)
