"""How the cost of a study grows with it: time and memory up to ten million runs, worker processes, sweeps.

    python benchmarks/scaling.py [--most 1000000] [--scenario FILE] [--json FILE]

Prints a table, and with `--json` writes the figures. Every study is done in a fresh process and an empty folder.
Seconds of the parent's processor, which other work on the machine disturbs little, stand beside those of the clock;
`load_before` tells how busy the machine was. Spreads over the assumptions are left out: they cost the same whatever the
number of runs. What to expect: time per run constant within 15 % from 100,000 runs on (smaller studies share the fixed
costs among fewer runs), the parent within 500 MB, a speed-up of at least 1.6 by two processes on two free cores, and a
sweep that costs less than 20 % more than a plain ensemble of as many runs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Value
from sim.study.ensemble import run
from sim.study.sweep import sweep

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "scenarios" / "baseline.yaml"

LADDER = (10_000, 100_000, 1_000_000, 10_000_000)
"""Runs of the studies whose time and memory are measured."""

GRID = 41
"""Design points of the sweep, over mutual distrust from 0 to 1."""

SHARED, PAIRS = 300_000, 3
"""Runs of the study that two processes share (it takes over ten seconds), and how often it is done by one and by two in
turn: other work comes and goes, so that the speed-up is the median of the ratios within pairs.
"""

Figures = dict[str, Any]


def measured(*arguments: object) -> Figures:
    """Do one study in a fresh process; return what `one` measured of it."""
    command = [sys.executable, str(Path(__file__)), "--one", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with tempfile.TemporaryDirectory(prefix="parley-scaling-") as folder:
        done = subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def one(kind: str, file: str, runs: int, jobs: int) -> Figures:
    """Do one study here: `run`, `settled` (as run, with no distrust, so that nearly all settle), `sweep` or `same`.

    `same` is as many runs as those of the sweep, at its design points, one plain ensemble after the other.
    """
    scenario = load_scenario(file)
    levels: list[Value] = [index / (GRID - 1) for index in range(GRID)]
    run(scenario, 100, out="warming up")  # what is imported at first use is no part of the cost of a run
    load_before, clock, processor = os.getloadavg()[0], time.perf_counter(), _processor()
    if kind == "sweep":
        sweep(scenario, {"distrust": levels}, runs // GRID, jobs=jobs, spread=False)
    elif kind == "same":
        for level in levels:
            _ensemble(assign(scenario, {"distrust": level}), runs // GRID, jobs)
    else:
        _ensemble(assign(scenario, {"distrust": 0.0}) if kind == "settled" else scenario, runs, jobs)
    return {
        "study": kind,
        "runs": runs,
        "jobs": jobs,
        "seconds": time.perf_counter() - clock,
        "processor": _processor() - processor,
        "parent_mb": _peak(),
        "load_before": load_before,
    }


def _ensemble(scenario: Scenario, runs: int, jobs: int) -> None:
    run(scenario, runs, jobs=jobs, spread=False)


def _processor() -> float:
    """Seconds of the processor used by this process; workers, which another process starts for it, not counted."""
    times = os.times()
    return times.user + times.system


def _peak() -> float:
    """The greatest memory of this process since it was started, in MB.

    From the system's status file where there is one: getrusage also counts what the process was copied from.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def studies(file: Path, most: int) -> Iterator[Figures]:
    """Do all studies, the shortest first."""
    for runs in (step for step in LADDER if step <= most):
        yield measured("run", file, runs, 1)
    yield measured("settled", file, most, 2)
    for _ in range(PAIRS):
        for jobs in (1, 2):
            yield measured("run", file, SHARED, jobs)
    for kind in ("sweep", "same"):
        yield measured(kind, file, GRID * 10_000, 1)
    for kind in ("sweep", "run"):
        yield measured(kind, file, GRID * 1_000, 1)


def verdicts(done: list[Figures]) -> Figures:
    """Return what the figures say of the expectations."""
    ladder = [study for study in done if study["study"] == "run" and study["jobs"] == 1 and study["runs"] in LADDER]
    pace = [study["processor"] / study["runs"] for study in ladder]
    alone, shared = ([study for study in done if (study["runs"], study["jobs"]) == (SHARED, jobs)] for jobs in (1, 2))
    speed_ups = [one["seconds"] / two["seconds"] for one, two in zip(alone, shared, strict=True)]
    by_kind = {(study["study"], study["runs"]): study["processor"] for study in done if study["jobs"] == 1}
    many, few = GRID * 10_000, GRID * 1_000
    return {
        "microseconds_per_run": [round(1e6 * seconds, 2) for seconds in pace],
        "time_per_run_greatest_over_least": max(pace) / min(pace),
        "parent_mb_at_most": max(study["parent_mb"] for study in done),
        "speed_ups_of_two_processes": [round(ratio, 2) for ratio in speed_ups],
        "speed_up_of_two_processes": statistics.median(speed_ups),
        "sweep_over_ensembles": by_kind["sweep", many] / by_kind["same", many],
        "short_sweep_over_one_ensemble": by_kind["sweep", few] / by_kind["run", few],
    }


def main() -> None:
    """Measure, print a table, and perhaps write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=LADDER[-1], help="runs of the largest study (default: 10,000,000)")
    parser.add_argument("--scenario", type=Path, default=BASELINE)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        kind, file, runs, jobs = asked.one
        print(json.dumps(one(kind, file, int(runs), int(jobs))))
        return
    names = ("study", "runs", "jobs", "seconds", "processor", "parent_mb", "load_before")
    print("".join(name.rjust(12) for name in names))
    done = []
    for study in studies(asked.scenario.resolve(), asked.most):
        done.append(study)
        cells = (f"{study[name]:,.2f}" if isinstance(study[name], float) else f"{study[name]}" for name in names)
        print("".join(cell.rjust(12) for cell in cells), flush=True)
    found = verdicts(done)
    for name, value in found.items():
        print(f"{name:36}{value if isinstance(value, list) else round(value, 2)}")
    if asked.json:
        asked.json.write_text(json.dumps({"studies": done, **found}, indent=2))


if __name__ == "__main__":
    main()
