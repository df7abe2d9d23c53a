"""The comparison in which all is real, judged by what only the trusted side knows.

The labels of the hidden test never enter a sandbox. What every trained model predicted for it came back, so scores
that were made up, or that no training gives, do not agree with it. Where those labels are not, the validation set
takes its place: then the score of a run has to be what its predictions give.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np

from grader.adaptation import rule
from grader.authoring import NotReached, Waits, expect

from .records import Summary
from .seen import Seen, same_number
from .truth import farthest_apart, known_answer, labels, std

NUMBERS = "This follows from the numbers in your summaries; put those right first, and look here again."


def expect_right_choice(seen: Seen, rows: Sequence[Summary]) -> None:
    """Fail unless the runs are what training gives, and lead to the known answer; the summaries must tell them."""
    chosen = _choose([_row(seen, row) for row in rows])
    accuracies = _unseen_accuracies(seen)
    _expect_plausible(seen, accuracies)
    unseen = _choose([_unseen_row(seen, name, accuracies) for name in seen.real.names])
    borne_out = chosen == unseen == known_answer(seen.task["name"])
    told = f"{seen.real.title} ({seen.task['about']}), the rule chooses `{chosen}` from your summaries"
    expect(borne_out, f"{told}, and that is not borne out by what the same models answer for unseen inputs.")


def _unseen_accuracies(seen: Seen) -> list[float]:
    """Return the accuracy of every real run's model on inputs that it was not trained on."""
    right = labels(seen.task["name"], seen.predicted)
    if seen.predictions.shape[1] != len(right):
        raise NotReached("predictions")
    return [float(np.mean(predicted == right)) for predicted in seen.predictions]


def _expect_plausible(seen: Seen, accuracies: Sequence[float]) -> None:
    _, validation, _ = (each * len(seen.task["classes"]) for each in seen.task["each"])
    for run, accuracy in zip(seen.real.runs, accuracies, strict=True):
        where = f"{seen.real.title}, the model of `{run.build.strategy}` with seed {run.seed}"
        told = f"{where} is said to score {run.score:.3f}, and is right for {accuracy:.3f} of the unseen inputs."
        expect(abs(run.score - accuracy) <= farthest_apart(run.score, validation, seen.predictions.shape[1]), told)


def _row(seen: Seen, summary: Summary) -> Any:
    """Return a summary as the rule takes it; block the check when it does not tell what its runs were."""
    runs = seen.real.of(summary.strategy)
    right = _summarised(summary.strategy, runs[0].build.trainable, [run.score for run in runs])
    numbers = ("trainable", "mean", "std", "n", "worst_recall")
    if not all(same_number(getattr(summary, name), getattr(right, name)) for name in numbers):
        raise Waits(NUMBERS)
    return right


def _unseen_row(seen: Seen, name: str, accuracies: Sequence[float]) -> Any:
    """Return a strategy as the rule takes it, with accuracies on unseen inputs for scores."""
    found = [(run, each) for run, each in zip(seen.real.runs, accuracies, strict=True) if run.build.strategy == name]
    return _summarised(name, found[0][0].build.trainable, [accuracy for _, accuracy in found])


def _summarised(name: str, trainable: int, scores: Sequence[float]) -> Summary:
    return Summary(
        strategy=name,
        trainable=trainable,
        mean=fmean(scores),
        std=std(scores),
        n=len(scores),
        scores=tuple(scores),
        worst_recall=1.0,
    )


def _choose(rows: Sequence[Summary]) -> str:
    return str(rule.pick(rows).strategy)
