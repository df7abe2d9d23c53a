"""Search over learning rates, the same for every strategy, whether those in `scenarios.toml` are as good as any.

    python -m benchmarks rates                      all scenarios, some twenty minutes of one core
    python benchmarks/rates.py [SCENARIO ...]       some of them, printed and not kept

Each strategy gets a third, one and three times its peak rate, head and backbone apart where both learn, on four seeds
that no table uses, judged on the validation set alone. "Best" is what the rule of the course cannot tell from the
highest mean of the grid; a highest that is not today's lies at the grid's edge, and a wider one might hold better
still. Where the answer would be another with every strategy at its highest mean, those rates are run once more on the
sixteen seeds of the tables: the highest of nine has been lucky too. Gates are not looked at.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fixtures import catalogue, measure, scenarios, tuned
from grader.adaptation import records, rule
from grader.inside import strategies

FACTORS = (1 / 3, 1.0, 3.0)
SEEDS = range(100, 104)
Rates = tuple[float, float]
"""Peak rates of head and backbone."""


def main() -> None:
    """Print what was found, scenario by scenario."""
    torch.set_num_threads(1)
    known = list(catalogue.scenario_rows())
    print(f"mean validation accuracy over {len(SEEDS)} seeds; * what stands in scenarios.toml, ^ the highest")
    for name in sys.argv[1:] or known:
        print(f"\n{name}", flush=True)
        search(scenarios.load(name))


def search(scenario: strategies.Scenario) -> None:
    """Print one scenario's grids and what follows from them."""
    now, highest = dict(scenario.recipe.rates), {}
    today, best = {}, {}
    for strategy in measure.ORDER:
        grid = {rates: row_of(scenario, strategy, rates) for rates in around(now[strategy])}
        highest[strategy] = max(grid, key=lambda rates: (grid[rates].mean, rates == now[strategy]))
        today[strategy], best[strategy] = grid[now[strategy]], grid[highest[strategy]]
        for line in shown(grid, now[strategy], highest[strategy]):
            print(line, flush=True)
    found = tuned.Found(measure.answer(today), measure.answer(best))
    print(tuned.line(found), flush=True)
    if found.today != found.tuned:
        again(scenario, highest)


def around(rates: Rates) -> Iterator[Rates]:
    """Yield the grid around a pair of rates."""
    head, backbone = rates
    for one, other in product(FACTORS, FACTORS if backbone else FACTORS[1:2]):
        yield head * one, backbone * other


def at(scenario: strategies.Scenario, rates: dict[str, Rates]) -> strategies.Scenario:
    """Return the scenario with other rates."""
    return dataclasses.replace(scenario, recipe=dataclasses.replace(scenario.recipe, rates=rates))


def row_of(scenario: strategies.Scenario, strategy: str, rates: Rates) -> measure.Row:
    """Train one strategy at one pair of rates, and look at the validation set alone."""
    changed, (inputs, labels) = at(scenario, {strategy: rates}), scenario.validation
    models = [measure.trained(changed, strategy, seed)[0] for seed in SEEDS]
    truth, said = measure.letters(labels), [measure.letters(strategies.predict(model, inputs)) for model in models]
    trainable = sum(p.numel() for p in models[0].parameters() if p.requires_grad)
    return measure.Row(strategy, trainable, truth, records.outcomes(truth, said))


def shown(grid: dict[Rates, measure.Row], now: Rates, highest: Rates) -> Iterator[str]:
    """Yield a strategy's verdict, and a line for each rate of the head."""
    mean, error = measure.gain(grid[now], grid[highest])
    verdict = "among the best" if mean <= error + rule.ROUNDING else "NOT among the best"
    yield f"  {grid[now].strategy}: today's is {verdict}, short of the highest by {mean:.3f} ± {error:.3f} se"
    for head in dict.fromkeys(rates[0] for rates in grid):
        marks = {rates: "*" * (rates == now) + "^" * (rates == highest) for rates in grid}
        cells = "".join(f"  {r[1]:8.2g}: {row.mean:.3f}{marks[r]:2}" for r, row in grid.items() if r[0] == head)
        yield f"    head {head:<7.2g} backbone{cells}"


def again(scenario: strategies.Scenario, highest: dict[str, Rates]) -> None:
    """Print what the sixteen seeds of the tables say at those rates, on the validation set and on the hidden test."""
    changed = at(scenario, highest)
    of = {name: [measure.run(changed, name, seed) for seed in range(measure.SEEDS)] for name in measure.ORDER}
    test = measure.letters(scenarios.hidden_labels(scenario.name))
    runs = measure.Runs({"validation": measure.letters(scenario.validation[1]), "test": test}, of)
    for part in measure.PARTS:
        table = runs.table(part)
        means = ", ".join(f"{name} {row.mean:.3f} ± {row.std:.3f} sd" for name, row in table.items())
        print(f"  over {measure.SEEDS} seeds, {part}: {measure.answer(table)}; {means}", flush=True)


if __name__ == "__main__":
    main()
