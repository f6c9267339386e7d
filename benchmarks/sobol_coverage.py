"""Play functions with known Sobol' indices as runs, and count how often the intervals of a study cover them.

Design and estimators are the program's own; the indices are closed forms. The rows of a group meet common random
numbers, in the extreme form: a run succeeds where its number is below the share. Prints the table of
docs/explanation/statistics.md.

    python benchmarks/sobol_coverage.py [--studies N] [--rows N …]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal

from sim.study.execution.sensitivity_rows import design
from sim.study.statistics.sensitivity_sample_size import reason_for_none
from sim.study.statistics.sobol_indices import Decomposition, GroupCounts, decompose

NOISE = (0.02, 0.2, 0.5)

HEAD = (
    "| case | base rows | plays | noise | indices given | bias, first | bias, total "
    "| coverage, first | coverage, total |",
    "|---|---|---|---|---|---|---|---|---|",
)

Array = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """A share with known indices: `share` takes points (…, factors), uniform in [0, 1]."""

    name: str
    share: Callable[[Array], Array]
    mean: float
    variance: float
    first: Array
    total: Array

    def plays(self, noise: float) -> int:
        """How many plays of a row leave so large a share of noise in the variance of rows."""
        return max(2, round((self.mean - self.mean**2 - self.variance) / self.variance * (1 - noise) / noise))


def additive() -> Case:
    """½ + Σ c·(x − ½): variances add up, and nothing interacts."""
    slopes = np.array([0.3, 0.2, 0.1])
    parts = slopes**2 / 12
    shares = parts / parts.sum()
    return Case("additive", lambda x: 0.5 + (x - 0.5) @ slopes, 0.5, float(parts.sum()), shares, shares)


def product() -> Case:
    """¼·Π (1 + a·(2x − 1)): Π (1 + a²/3) − 1 in all (Sobol' 1993)."""
    swings = np.array([0.9, 0.6, 0.3])
    parts = swings**2 / 3
    whole = float(np.prod(1 + parts)) - 1
    total = parts * (whole + 1) / (1 + parts) / whole
    share: Callable[[Array], Array] = lambda x: 0.25 * np.prod(1 + swings * (2 * x - 1), axis=-1)  # noqa: E731
    return Case("product", share, 0.25, whole / 16, parts / whole, total)


def steep(low: float = 0.4, high: float = 0.6, at: float = 0.5, width: float = 0.1) -> Case:
    """From `low` to `high` by Φ((w·Φ⁻¹(x) − at)/width): moments are bivariate normal probabilities."""
    weights = np.array([0.8, 0.5, 0.3])
    squares = weights**2
    scale = width**2 + squares.sum()
    edge = -at / np.sqrt(scale)

    def joint(correlation: float) -> float:
        covariance = [[1.0, correlation], [correlation, 1.0]]
        return float(multivariate_normal([0.0, 0.0], covariance).cdf([edge, edge])) - float(ndtr(edge)) ** 2

    whole = joint(squares.sum() / scale)
    first = np.array([joint(square / scale) for square in squares]) / whole
    total = 1 - np.array([joint((squares.sum() - square) / scale) for square in squares]) / whole
    share: Callable[[Array], Array] = lambda x: low + (high - low) * ndtr((ndtri(x) @ weights - at) / width)  # noqa: E731
    mean = low + (high - low) * float(ndtr(edge))
    return Case("steep", share, mean, (high - low) ** 2 * whole, first, total)


def play(case: Case, units: Array, plays: int, random: np.random.Generator) -> GroupCounts:
    """Return the counts of a design whose rows are played so often, a group on common random numbers.

    Of nested events both happen as often as the rarer, and how often each does is multinomial.
    """
    shares = case.share(units).reshape(-1, units.shape[1] + 2)
    order = np.argsort(shares, axis=1)
    steps = np.diff(np.take_along_axis(shares, order, axis=1), axis=1, prepend=0.0, append=1.0)
    wins = np.empty(shares.shape, dtype=np.int64)
    np.put_along_axis(wins, order, random.multinomial(plays, steps)[:, :-1].cumsum(axis=1), axis=1)
    base, exchanged, second = wins[:, 0], wins[:, 1:-1], wins[:, -1]
    with_base, with_second = (np.minimum(exchanged, row[:, None]) for row in (base, second))
    return GroupCounts(wins, with_base, with_second, np.minimum(base, second))


def line(case: Case, rows: int, noise: float, studies: int) -> str:
    """Return a line of the table: bias by the largest of the factors, coverage by the lowest and the highest."""
    plays = case.plays(noise)
    random = np.random.default_rng(1)
    made = [decompose(play(case, design(len(case.first), rows, seed), plays, random), plays) for seed in range(studies)]
    given = [study for study in made if reason_for_none(study) is None]
    about = f"| {case.name} | {rows} | {plays:,} | {100 * noise:.0f} % | {100 * len(given) / studies:.0f} % |"
    if len(given) < studies / 20:
        return f"{about} – | – | – | – |"
    return f"{about} {' | '.join(_figures(given, case))} |"


def _figures(given: list[Decomposition], case: Case) -> Iterator[str]:
    biases, coverages = [], []
    for kind, known in (("first", case.first), ("total", case.total)):
        found = [getattr(study, kind) for study in given]
        errors = np.array([indices.values for indices in found]).mean(axis=0) - known
        covered = np.mean([(indices.low <= known) & (known <= indices.high) for indices in found], axis=0)
        biases.append(f"{errors[np.argmax(np.abs(errors))]:+.3f}".replace("-", "−"))
        coverages.append(f"{covered.min():.3f}–{covered.max():.3f}")
    yield from biases
    yield from coverages


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--studies", type=int, default=400, help="studies behind each line (400)")
    parser.add_argument("--rows", type=int, nargs="+", default=[512, 64], help="base rows (512 64)")
    options = parser.parse_args()
    print("\n".join(HEAD))
    for rows in options.rows:
        for case in (additive(), product(), steep()):
            for noise in NOISE:
                print(line(case, rows, noise, options.studies), flush=True)


if __name__ == "__main__":
    main()
