"""How long commands and charts take, as whoever gives the command waits for them."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from timing import Row, whole_process

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "scenarios" / "baseline.yaml"

PLAIN = ("outcomes", "terms", "durability", "distrust", "dance")
"""Charts of a run; what the others are of is in `STUDIES`."""

STUDIES = {
    "settlement": ("sweep", "--vary", "distrust=0:1:9", "--runs", "200"),
    "composition": ("sweep", "--vary", "distrust=0:1:9", "--runs", "200"),
    "map": ("sweep", "--vary", "distrust=0:1:5", "--vary", "rapport=0:0.2:5", "--runs", "100"),
    "scatter": ("sweep", "--vary", "distrust=0:1", "--vary", "rapport=0:0.2", "--sample", "lhs:20", "--runs", "100"),
    "differences": ("compare", "--ablate", "--no-spread", "--runs", "200"),
    "sensitivity": ("sensitivity", "--rows", "16", "--plays", "4"),
}  # fmt: skip
"""The studies of which the other charts are drawn: small ones, as a chart hardly depends on the number of runs."""


def commands(repetitions: int) -> list[Row]:
    """Return how long whole commands take: the help, and a first run to its table and to the end of its charts."""
    helps: list[float] = []
    tables: list[float] = []
    wholes: list[float] = []
    for _ in range(repetitions):
        helps.append(whole_process(["-m", "sim", "--help"], ROOT))
        for times, options in ((tables, ["--no-plot"]), (wholes, [])):
            with tempfile.TemporaryDirectory() as folder:
                times.append(whole_process(["-m", "sim", "run", str(BASELINE), "--out", folder, *options], ROOT))
    return [
        Row.of("parley --help", "s", helps),
        Row.of("parley run of the baseline, first time, table", "s", tables),
        Row.of("parley run of the baseline, first time, in all", "s", wholes),
    ]


def charts(repetitions: int) -> list[Row]:
    """Return how long it takes to draw and save a chart of each kind, in a process that has drawn one before."""
    with tempfile.TemporaryDirectory() as folder:
        made: dict[tuple[str, ...], Path] = {}
        for study in [("run", "--no-spread", "--no-plot", "--runs", "2000"), *STUDIES.values()]:
            if study not in made:
                made[study] = Path(folder) / str(len(made))
                command, *options = study
                whole_process(["-m", "sim", command, str(BASELINE), "--out", str(made[study]), *options], ROOT)
        plain, *_ = made.values()
        wanted = {**dict.fromkeys(PLAIN, plain), **{kind: made[study] for kind, study in STUDIES.items()}}
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
            times = pool.submit(_drawn, wanted, repetitions).result()
    return [Row.of(f"chart: {kind}", "s", samples) for kind, samples in times.items()]


def _drawn(wanted: dict[str, Path], repetitions: int) -> dict[str, list[float]]:
    """Draw and save charts in turn; return the seconds that each took, after one drawing that does not count."""
    from sim.output.charts import KINDS, saved
    from sim.study.results.stored_study import read

    times: dict[str, list[float]] = {kind: [] for kind in wanted}
    for repetition in range(repetitions + 1):
        for kind, folder in wanted.items():
            result = min(folder.iterdir(), key=lambda path: len(path.name))  # a comparison keeps its variants beside it
            start = time.perf_counter()
            saved(KINDS[kind].draw([read(result)], 0), result / f"{kind}.png")
            if repetition:
                times[kind].append(time.perf_counter() - start)
    return times
