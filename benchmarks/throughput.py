"""How fast is the engine, beside an ordinary Mesa model of the same rules? Prints a table, and the same as JSON.

    python benchmarks/throughput.py [--runs N] [--baseline-runs N] [--repetitions N] [--json]

Everything runs in one process, in turn, and both ways must give the same results: the exit status is 1 if not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from agreement import Comparison, Estimate, compare
from contenders import Columns, Contender, batch_run, engine, whole_blocks
from timing import Row, interleaved, peak_memory, whole_process

from sim.scenario.loading import load_scenario
from sim.scenario.schema import Scenario

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "scenarios" / "baseline.yaml"


def race(case: Scenario, contenders: list[Contender], repetitions: int) -> tuple[list[Row], list[Columns]]:
    """Return speed rows and, for each contender, the outcomes of all its runs.

    The last row says how many times as fast the first contender is as the second, repetition by repetition.
    """
    timed = interleaved(
        [
            lambda repetition, one=one: one.play(case, one.runs, repetition * one.runs)  # type: ignore[misc]
            for one in contenders
        ],
        repetitions,
    )
    rows: list[Row] = []
    speeds = []
    for contender, results in zip(contenders, timed, strict=True):
        speeds.append([contender.runs / seconds for seconds, _ in results])
        rounds = [1e9 * seconds / float(columns["round"].sum()) for seconds, columns in results]
        rows.append(Row.of(f"{contender.name}, {contender.runs:,} runs", "runs/s", speeds[-1]))
        rows.append(Row.of(f"{contender.name}, a round", "ns", rounds))
    ratios = [first / second for first, second in zip(*speeds[:2], strict=True)]
    rows.append(Row.of(f"{contenders[0].name} to {contenders[1].name}", "times", ratios))
    return rows, [joined(columns for _, columns in results) for results in timed]


def joined(parts: Iterable[Columns]) -> Columns:
    """Return the runs of several repetitions as one."""
    parts = list(parts)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def memory(case: Scenario, contenders: list[Contender]) -> list[Row]:
    """Return the greatest memory of a fresh process that plays one repetition."""
    return [
        Row.of(f"{one.name}, peak memory of {one.runs:,} runs", "MB", [peak_memory(one.play, case, one.runs, 0)])
        for one in contenders
    ]


def commands(repetitions: int) -> list[Row]:
    """Return how long commands take as whole processes: the help, and a first run of 20,000 negotiations."""
    helps = [whole_process(["-m", "sim", "--help"], ROOT) for _ in range(repetitions)]
    runs = []
    for _ in range(repetitions):
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["-m", "sim", "run", str(BASELINE), "--runs", "20000", "--out", folder]
            runs.append(whole_process(arguments, ROOT))
    return [Row.of("parley --help", "s", helps), Row.of("parley run, 20,000 runs, first time", "s", runs)]


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        **{name: version(name) for name in ("mesa", "numpy", "scipy")},
    }


def line(comparison: Comparison) -> str:
    """Return a comparison as text, in columns."""

    def told(estimate: Estimate) -> str:
        low, high = estimate.interval
        return f"{estimate.mean:.4g} ({low:.4g} – {high:.4g})"

    verdict = "same" if comparison.same else "DIFFERENT"
    apart = f"{comparison.errors_apart:.1f}"
    return f"{comparison.measure:<24}{told(comparison.first):<30}{told(comparison.second):<30}{apart:>5}  {verdict}"


def data(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data."""
    both = {"engine": comparison.first, "batch_run": comparison.second}
    told = {
        name: {"mean": one.mean, "low": one.interval[0], "high": one.interval[1], "runs": one.runs}
        for name, one in both.items()
    }
    return {
        "measure": comparison.measure,
        **told,
        "errors_apart": min(comparison.errors_apart, 1e9),
        "same": comparison.same,
    }


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Time the engine against an ordinary Mesa model of the same rules.")
    parser.add_argument("--runs", type=int, default=20_000, help="the engine's runs a repetition (whole blocks)")
    parser.add_argument("--baseline-runs", type=int, default=1_000, help="the Mesa model's runs a repetition")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and return the exit status."""
    options = parsed()
    case = load_scenario(BASELINE)
    contenders = [
        Contender("engine", whole_blocks(options.runs), engine),
        Contender("mesa.batch_run", options.baseline_runs, batch_run),
    ]
    rows, outcomes = race(case, contenders, options.repetitions)
    rows += memory(case, contenders) + commands(options.repetitions)
    comparisons = compare(*outcomes)
    same = all(comparison.same for comparison in comparisons)
    if not options.json:
        print("\n".join(row.line for row in rows))
        print(f"\n{'':<24}{'engine':<30}{'mesa.batch_run':<30}standard errors apart")
        print("\n".join(line(comparison) for comparison in comparisons) + "\n")
    told = {
        "machine": machine(),
        "scenario": BASELINE.stem,
        "rows": [row.data for row in rows],
        "agreement": [data(comparison) for comparison in comparisons],
        "same": same,
    }
    print(json.dumps(told, allow_nan=False))
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
