"""Exercise 08 solved in another style: stable sorts, a walk up the costs, and gains over the best."""


def choose_cheapest(summaries, gain, *, min_recall=0.0):
    ranking = sorted(summaries, key=lambda summary: summary.trainable)
    ranking = [summary for summary in ranking if not summary.worst_recall_error < min_recall - summary.worst_recall]
    if not ranking:
        raise ValueError("nothing is acceptable")
    ranking.sort(key=lambda summary: summary.mean, reverse=True)
    best = ranking[0]
    for summary in sorted(ranking, key=lambda summary: summary.trainable):
        mean, error = gain(best, summary)
        if mean + error > -1e-12:
            return summary.strategy


def next_smaller_depth(tested, chosen):
    ladder = sorted(set(tested))
    place = ladder.index(chosen)
    if place == 0:
        return None
    between = range(ladder[place - 1] + 1, chosen)
    return between[(len(between) - 1) // 2] if between else None
