"""Exercise 08 solved in another style: stable sorts and loops, and the numbers taken from the scores themselves."""

from statistics import mean, stdev


def standard_error(summary):
    return stdev(summary.scores) / len(summary.scores) ** 0.5 if len(summary.scores) > 1 else 0.0


def choose_cheapest(summaries, *, min_recall=0.0):
    ranking = sorted(summaries, key=lambda summary: mean(summary.scores), reverse=True)
    ranking = [summary for summary in ranking if not summary.worst_recall < min_recall]
    if not ranking:
        raise ValueError("nothing is acceptable")
    bar = mean(ranking[0].scores) - standard_error(ranking[0])
    answer = None
    for summary in ranking:
        if mean(summary.scores) - bar < -1e-12:
            break
        if answer is None or summary.trainable < answer.trainable:
            answer = summary
    return answer.strategy


def next_smaller_depth(tested, chosen):
    ladder = sorted(set(tested))
    place = ladder.index(chosen)
    if place == 0:
        return None
    between = range(ladder[place - 1] + 1, chosen)
    return between[(len(between) - 1) // 2] if between else None
