"""Damaged results folders by the ten thousand, of which every one has to end in a message and none in a traceback.

A mutation changes one file of a small results folder: a value, a key or a byte of its JSON, a column, a value or the
name of a part, an array of counts, or what kind of file it is. It then goes through everything that reads results.

    python benchmarks/damage.py 30000 --seed 1

Each mutation follows from its number alone: `--only 1234` does one again, and shows the traceback if it has one.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from rich.console import Console

from sim import compare, load_scenario, results, run, sensitivity, sweep
from sim.cli import main
from sim.output.tables.study_list_table import render_study_list
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.comparison import kept_comparisons
from sim.study.design.design_points import Value
from sim.study.results.stored_study import NoResultError
from sim.study.sensitivity import kept_sensitivities
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.database import identifier
from sim.study.study_listing import studies

ROOT = Path(__file__).parents[1]
RUNS = 40
ROWS, PLAYS = 256, 8
"""A sensitivity study that is just large enough for indices, so that these are changed too."""
ODD: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 0.5, -0.5, 1.5, 1e308, 5e-324, 10**30, -(10**30), "", "often", "0.5", "=1+1",
    "../x", "a\nb", 'x" --', "'; DROP", "\x00", "\x1b[2J", "\u202e", "$\\frac{", "{{ 7 }}", "<b>", [], {}, [None],
    {"p": 0.5}, [[[[[[]]]]]],
)  # fmt: skip
"""What a value is replaced by."""

RAW = ("NaN", "-Infinity", "1e999", "1" * 400, "9" * 5000, '"\\ud800"', "[" * 3000 + "]" * 3000, "[" * 60 + "]" * 60)
"""What a value is replaced by as JSON writes it, where Python could not."""

SEVERAL = ("run", "sweep", "sample")


@cache
def case() -> Scenario:
    """A scenario with ranges, guarantor, mediator and events, that settles now and then."""
    return load_scenario(ROOT / "tests" / "study" / "data" / "small.yaml")


def sound(out: Path) -> dict[str, Path]:
    """Make sound results of every kind in folders of their own; return the studies' folders by kind."""
    plain = run(case(), RUNS, out=out / "run", name="run").folder
    sensitivity(case(), rows=ROWS, plays=PLAYS, out=out / "run", name="run")
    compare({"run": case(), "wary": assign(case(), {"distrust": 0.8})}, RUNS, out=out / "run", spread=False)
    grid: dict[str, list[Value]] = {"distrust": [0.2, 0.5], "mediator.style": [None, "formulation"]}
    swept = sweep(case(), grid, 10, out=out / "sweep", name="sweep").folder
    sampled = sweep(case(), {"distrust": [0.1, 0.9]}, 10, out=out / "sample", name="sample", sample="lhs:4").folder
    return dict(zip(SEVERAL, (plain, swept, sampled), strict=True))


@dataclass(frozen=True)
class Mutation:
    """What was changed, in words, in which folder."""

    words: str
    folder: Path


@contextmanager
def mutated(folders: dict[str, Path], number: int) -> Iterator[Mutation]:
    """Change one file of one of the folders, and put it back afterwards."""
    chance = random.Random(number)
    folder = folders[chance.choice(SEVERAL)]
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix in (".json", ".parquet", ".npy")
    )
    weights = [6 if path.parent == folder else 2 if path.suffix == ".json" else 1 for path in files]
    (path,) = chance.choices(files, weights)
    content = path.read_bytes()
    ways: dict[str, Callable[[Path, bytes, random.Random], str]] = {".json": _json, ".parquet": _part, ".npy": _array}
    before = set(path.parent.iterdir())
    try:
        change = _kind if chance.random() < 0.04 else ways[path.suffix]
        yield Mutation(f"{path.relative_to(folder)}: {change(path, content, chance)}", folder)
    finally:
        for extra in set(path.parent.iterdir()) - before:
            shutil.rmtree(extra) if extra.is_dir() and not extra.is_symlink() else extra.unlink()
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        path.unlink(missing_ok=True)
        path.write_bytes(content)


def _json(path: Path, content: bytes, chance: random.Random) -> str:
    """Change a value, a key or a byte of a JSON file."""
    if chance.random() < 0.25:
        return _bytes(path, content, chance)
    data = json.loads(content)
    spots = list(_spots(data))
    within, key = chance.choice(spots)
    way = chance.choice(("odd", "odd", "odd", "raw", "delete", "rename", "copy", "nudge", "twice"))
    text = None
    if way == "raw":
        within[key] = "RAW VALUE"
        text = json.dumps(data).replace('"RAW VALUE"', chance.choice(RAW))
    elif way == "twice" and isinstance(within, dict):
        text = json.dumps(data).replace(f"{json.dumps(key)}:", f"{json.dumps(key)}: 0, {json.dumps(key)}:", 1)
    elif way == "delete":
        del within[key]
    elif way == "rename" and isinstance(within, dict):
        within[chance.choice(('x" --', "", "52", "a.b", "\x00", "other", "=1"))] = within.pop(key)
    elif way == "copy":
        other, place = chance.choice(spots)
        within[key] = other[place]
    elif way == "nudge" and isinstance(within[key], int | float) and not isinstance(within[key], bool):
        within[key] = chance.choice((within[key] + 1, -within[key], within[key] * 1.001, within[key] * 10**9))
    else:
        within[key] = chance.choice(ODD)
    try:
        path.write_text(text or json.dumps(data))
    except (RecursionError, ValueError):  # a copy into itself
        path.write_text("{}")
    return f"{way} {key}"


def _spots(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value in plain data: what it lies in, and under which key."""
    for key in list(data) if isinstance(data, dict) else range(len(data)):
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _spots(data[key])


def _bytes(path: Path, content: bytes, chance: random.Random) -> str:
    """Change, cut or repeat bytes."""
    changed, place = bytearray(content), chance.randrange(len(content))
    way = chance.choice(("flip", "cut", "repeat", "zero", "nothing"))
    if way == "flip":
        changed[place] ^= 1 << chance.randrange(8)
    elif way == "zero":
        changed[place : place + 16] = bytes(16)
    elif way == "repeat":
        changed[place:place] = content[place : place + 60]
    else:
        changed = changed[: place if way == "cut" else 0]
    path.write_bytes(bytes(changed))
    return f"{way} at {place}"


def _part(path: Path, content: bytes, chance: random.Random) -> str:
    """Change a part: with or without its checksum, its name, a column's name or type, a value."""
    way = chance.choice(("bytes", "checked bytes", "name", "column", "drop", "type", "value", "value"))
    stem = path.name.removesuffix(".parquet").rpartition(".")[0]
    if way in ("bytes", "checked bytes"):
        words = _bytes(path, content, chance)
    elif way == "name":
        known = [int(digits) for digits in re.findall(r"\d+", stem)]
        numbers = [number + chance.choice((0, 0, 1, 99)) for number in known]
        words = stem = "points-{:06d}-{:06d}.runs-{:010d}-{:010d}".format(*numbers)
    else:
        words = _table(path, way, chance)
    if way != "bytes":
        path.rename(path.with_name(f"{stem}.{zlib.crc32(path.read_bytes()):08x}.parquet"))
    return f"{way} {words}"


def _table(path: Path, way: str, chance: random.Random) -> str:
    """Write a part anew with one column changed."""
    with duckdb.connect() as connection:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        names = [name for name, *_ in described]
        name = chance.choice(names)
        column = identifier(name)
        odd = chance.choice(
            ("NULL", "'=1+1'", "-1", "1e300", "'nan'::DOUBLE", "'inf'::DOUBLE", "2147483647", "''", "0.5")
        )
        kind = chance.choice(("DOUBLE", "VARCHAR", "INTEGER"))
        called = identifier(chance.choice(("x", 'a" --', "terms.x", "=1", "filename")))
        new = {
            "column": f"{column} AS {called}",
            "drop": "",
            "type": f"CAST({column} AS VARCHAR) AS {column}",
            "value": f"CASE WHEN run = 1 THEN TRY_CAST({odd} AS {kind}) ELSE {column} END AS {column}",
        }[way]
        chosen = ", ".join(filter(None, (new if each == name else identifier(each) for each in names)))
        target = path.with_suffix(".new")
        try:
            connection.execute(f"COPY (SELECT {chosen} FROM read_parquet('{path}')) TO '{target}' (FORMAT parquet)")
        except duckdb.Error:
            return "nothing"
    target.replace(path)
    return f"{name} {odd if way == 'value' else ''}"


def _array(path: Path, content: bytes, chance: random.Random) -> str:
    """Change an array of counts, with its checksum right."""
    number = path.name.partition(".")[0]
    array = np.load(io.BytesIO(content))
    others: list[Any] = [
        array + 1000,
        -array,
        array.T,
        array[:1],
        array.astype(float),
        array.astype(object),
        array * np.nan,
    ]
    new = io.BytesIO()
    if chance.random() < 0.5:
        words = _bytes(path, content, chance)
    else:
        words = str(place := chance.randrange(len(others)))
        np.save(new, others[place], allow_pickle=True)
        path.write_bytes(new.getvalue())
    path.rename(path.with_name(f"{number}.{zlib.crc32(path.read_bytes()):08x}.npy"))
    return words


def _kind(path: Path, content: bytes, chance: random.Random) -> str:
    """Put something that is no ordinary file in the place of one, or nothing."""
    path.unlink()
    way = chance.choice(("nothing", "folder", "pipe", "link", "lost link", "gigabyte"))
    if way == "folder":
        path.mkdir()
    elif way == "pipe":
        os.mkfifo(path)
    elif way == "link":
        path.symlink_to("/etc/passwd")
    elif way == "lost link":
        path.symlink_to("/nowhere/at/all")
    elif way == "gigabyte":
        with path.open("wb") as file:
            file.truncate(1 << 30)
    return way


def readers(folder: Path) -> dict[str, Callable[[], object]]:
    """Everything that reads results, by name."""
    page, table = folder.parents[1] / "page.html", folder.parents[1] / "table.csv"
    return {
        "open": lambda: results(folder.parent)[folder.name].to_frame("points"),
        "list": lambda: Console(file=io.StringIO()).print(render_study_list(list(studies(folder.parent)))),
        "beside": lambda: (kept_sensitivities(folder), kept_comparisons(folder)),
        "runs": lambda: results(folder.parent)[folder.name].to_frame("runs"),
        "export": lambda: command("export", folder, "--to", "csv", "--what", "runs", "--out", table),
        "resuming": lambda: _resume(folder),
        "plot": lambda: command("plot", folder, "--out", folder.parents[1]),
        "report": lambda: command("report", folder, "--out", page),
    }


def chosen(number: int, thorough: bool) -> list[str]:
    """Which readers a mutation goes through: all of them, or the first and two of those that are quick."""
    names = ["open", "list", "beside", "runs", "export", "resuming", "plot", "report"]
    return names if thorough else [names[0], *random.Random(number + 1).sample(names[1:4], 2)]


def _resume(folder: Path) -> None:
    """Ask again for the study in a folder."""
    out, name = folder.parent, folder.name
    if name.startswith("run"):
        run(case(), RUNS, out=out, name="run")
        sensitivity(case(), rows=ROWS, plays=PLAYS, out=out, name="run")
    elif name.startswith("sample"):
        sweep(case(), {"distrust": [0.1, 0.9]}, 10, out=out, name="sample", sample="lhs:4")
    else:
        sweep(case(), {"distrust": [0.2, 0.5], "mediator.style": [None, "formulation"]}, 10, out=out, name="sweep")


def command(*words: object) -> None:
    """Give a command in this process. Raises StorageError for one that fails, RuntimeError for an odd ending."""
    told = io.StringIO()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(told):
            main([str(word) for word in words])
    except SystemExit as ending:
        if ending.code not in (0, None):
            message = told.getvalue()
            if ending.code not in (1, 2) or not message.strip():
                raise RuntimeError(f"exit code {ending.code}: {message}") from None
            raise StorageError(message) from None


@dataclass
class Trial:
    """What became of one mutation: how each reader ended, and the longest refusal in seconds."""

    mutation: str
    endings: dict[str, str]
    longest: float = 0.0


def trial(folders: dict[str, Path], number: int, thorough: bool = True) -> Trial:
    """Let everything read one mutated folder. Whatever is no clear refusal is raised, with a note of the mutation."""
    with mutated(folders, number) as mutation, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Trial(mutation.words, {})
        known = readers(mutation.folder)
        for name in chosen(number, thorough):
            start = time.perf_counter()
            try:
                known[name]()
                found.endings[name] = "read"
            except (StorageError, NoResultError):
                found.endings[name] = "refused"
                found.longest = max(found.longest, time.perf_counter() - start)
            except Exception as error:
                error.add_note(f"mutation {number}, {mutation.words}, in {name}")
                raise
    return found


def _report(counts: Counter[str], slowest: tuple[float, str], failed: int, seconds: float) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ends = ", ".join(f"{ending} {count:,}" for ending, count in sorted(counts.items()))
    print(f"{ends}; {failed} tracebacks; {seconds:.0f} s")
    print(f"longest refusal {slowest[0]:.2f} s ({slowest[1]}); peak memory of the process {memory:.0f} MB")


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mutations", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1, help="number of the first mutation, in millions")
    parser.add_argument(
        "--thorough", type=float, default=0.05, help="share of mutations that are drawn and resumed too"
    )
    parser.add_argument("--only", type=int, help="do one mutation alone, by its number")
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    slowest, failed, start = (0.0, ""), 0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        folders = sound(Path(folder) / "results")
        first = asked.seed * 10**6
        for number in [asked.only] if asked.only is not None else range(first, first + asked.mutations):
            thorough = asked.only is not None or random.Random(-number).random() < asked.thorough
            try:
                found = trial(folders, number, thorough)
            except Exception:
                failed += 1
                traceback.print_exc()
                continue
            counts.update(found.endings.values())
            slowest = max(slowest, (found.longest, f"{number}: {found.mutation}"))
            if (number - first) % 1000 == 999:
                _report(counts, slowest, failed, time.perf_counter() - start)
    _report(counts, slowest, failed, time.perf_counter() - start)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(_main())
