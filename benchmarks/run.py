"""How fast is the engine, and beside what? Prints one table, and writes the same as JSON if asked.

    python benchmarks/run.py [--full] [--json FILE]

The engine in one process and in two, the same rules as an ordinary Mesa model under `batch_run` and as one compiled
loop (needs numba: the extra `benchmarks`), the random numbers alone; memory; studies from ten thousand runs on;
commands and charts. What is compared is measured in turn, and the ratios are those within repetitions. All ways of
playing must give the same results: the exit status is 1 if not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agreement import Comparison, Estimate, compare
from commands import BASELINE, charts, commands
from contenders import Contender, batch_run, draws, engine, whole_blocks
from race import Result, race
from scaling import LADDER, measured
from timing import Row, peak_memory

from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.execution.executors import Workers

PARTS = ("loop", "studies", "memory", "commands", "charts", "growth")
"""What can be left out."""

ENGINE, BATCH_RUN, COMPILED = "engine", "mesa.batch_run", "compiled loop"


def speed(
    case: Scenario, runs: int, batch_runs: int, repetitions: int, with_loop: bool
) -> tuple[list[Row], dict[str, Result]]:
    """Return rows on one process, and what each contender did."""
    runs = whole_blocks(runs)
    contenders = [Contender(ENGINE, runs, engine), Contender(BATCH_RUN, batch_runs, batch_run)]
    if with_loop and find_spec("numba") is None:
        print("no compiled loop: numba is missing (pip install parley-sim[benchmarks])", file=sys.stderr)
    elif with_loop:
        from compiled import CompiledLoop

        contenders.append(Contender(COMPILED, runs, CompiledLoop(case, runs, repetitions)))
    done = race(case, contenders, repetitions)
    rows = [row for result in done.values() for row in result.rows]
    rows.append(done[ENGINE].times_as_fast_as(done[BATCH_RUN]))
    if COMPILED in done:
        rows.append(done[COMPILED].times_as_fast_as(done[ENGINE]))
    return rows, done


def random_numbers(case: Scenario, runs: int, repetitions: int) -> list[Row]:
    """Return how long the engine's random numbers take by themselves, and which share of its time that is."""
    runs = whole_blocks(runs)
    done = race(case, [Contender(ENGINE, runs, engine), Contender("random numbers", runs, draws)], repetitions)
    alone = done["random numbers"]
    shares = [100 * mine / whole for mine, whole in zip(alone.seconds, done[ENGINE].seconds, strict=True)]
    spent = [1e9 * s / r for s, r in zip(alone.seconds, done[ENGINE].rounds, strict=True)]
    return [
        Row.of("random numbers alone, a round", "ns", spent),
        Row.of("random numbers alone, of the engine's time", "%", shares),
    ]


def studies(case: Scenario, runs: int, repetitions: int) -> list[Row]:
    """Return how fast whole studies are, results on disk included, in one process and in two that are kept."""
    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder, Workers(1) as one, Workers(2) as two:
        for repetition in range(-1, repetitions):
            for jobs, workers in ((1, one), (2, two)):
                start = time.perf_counter()
                run(case, runs, out=Path(folder) / f"{jobs}-{repetition}", spread=False, workers=workers)
                if repetition >= 0:  # the first time starts the processes
                    times[jobs].append(time.perf_counter() - start)
    ratios = [alone / shared for alone, shared in zip(times[1], times[2], strict=True)]
    return [
        Row.of(f"study of {runs:,} runs, one process", "runs/s", [runs / seconds for seconds in times[1]]),
        Row.of(f"study of {runs:,} runs, two processes", "runs/s", [runs / seconds for seconds in times[2]]),
        Row.of("two processes to one", "times", ratios),
    ]


def growth(most: int) -> list[Row]:
    """Return time and memory of studies of more and more runs, each in a fresh process."""
    rows = []
    for runs in (step for step in LADDER if step <= most):
        study = measured("run", str(BASELINE), runs, 1)
        rows.append(Row.of(f"study of {runs:,} runs, a run", "µs", [1e6 * study["seconds"] / runs]))
        rows.append(Row.of(f"study of {runs:,} runs, peak memory", "MB", [study["parent_mb"]]))
    return rows


def memory(case: Scenario, runs: int, batch_runs: int) -> list[Row]:
    """Return the greatest memory of a fresh process that plays."""
    return [
        Row.of(f"{name}, {count:,} runs, peak memory", "MB", [peak_memory(play, case, count, 0)])
        for name, count, play in ((ENGINE, whole_blocks(runs), engine), (BATCH_RUN, batch_runs, batch_run))
    ]


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
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
    both = {"engine": comparison.first, "other": comparison.second}
    told = {
        name: {"mean": one.mean, "low": one.interval[0], "high": one.interval[1], "runs": one.runs}
        for name, one in both.items()
    }
    apart = min(comparison.errors_apart, 1e9)
    return {"measure": comparison.measure, **told, "errors_apart": apart, "same": comparison.same}


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=32_768, help="runs a repetition (made whole blocks)")
    parser.add_argument("--batch-runs", type=int, default=1_000, help="runs a repetition under batch_run")
    parser.add_argument("--study-runs", type=int, default=327_680, help="runs of the studies in one process and two")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--most", type=int, default=1_000_000, help="runs of the largest study")
    parser.add_argument("--full", action="store_true", help="go on to ten million runs")
    parser.add_argument("--without", nargs="*", choices=PARTS, default=[], help="what to leave out")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and return the exit status."""
    asked = parsed()
    case = load_scenario(BASELINE)
    told: list[Row] = []

    def tell(rows: list[Row]) -> None:
        told.extend(rows)
        print("\n".join(row.line for row in rows), flush=True)

    rows, done = speed(case, asked.runs, asked.batch_runs, asked.repetitions, "loop" not in asked.without)
    tell(rows)
    tell(random_numbers(case, asked.runs, asked.repetitions))
    parts: dict[str, Callable[[], list[Row]]] = {
        "studies": lambda: studies(case, asked.study_runs, asked.repetitions),
        "memory": lambda: memory(case, asked.runs, asked.batch_runs),
        "commands": lambda: commands(asked.repetitions),
        "charts": lambda: charts(asked.repetitions),
        "growth": lambda: growth(LADDER[-1] if asked.full else asked.most),
    }
    for part, measure in parts.items():
        if part not in asked.without:
            tell(measure())
    agreement = {
        name: compare(done[ENGINE].outcomes, done[name].outcomes) for name in (BATCH_RUN, COMPILED) if name in done
    }
    for name, comparisons in agreement.items():
        print(f"\n{'':<24}{'engine':<30}{name:<30}standard errors apart")
        print("\n".join(line(comparison) for comparison in comparisons))
    same = all(comparison.same for comparisons in agreement.values() for comparison in comparisons)
    if asked.json:
        figures = {
            "machine": machine(),
            "scenario": BASELINE.stem,
            "rows": [row.data for row in told],
            "agreement": {name: [data(each) for each in comparisons] for name, comparisons in agreement.items()},
            "same": same,
        }
        asked.json.write_text(json.dumps(figures, indent=2, allow_nan=False), encoding="utf-8")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
