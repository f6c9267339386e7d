"""Mutated scenarios, study files and changes by the ten thousand: each is taken, or refused in words.

    python benchmarks/hostile.py 100000 --seed 1

Each mutation follows from its number alone: `--only 1234` does one again. Prints how many were taken and refused, every
traceback, and the longest time and the most memory that one took. Times are of the processor, memory is the process's.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.design.study_files import read_study

ROOT = Path(__file__).parents[1]
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
FILES = sorted((ROOT / "scenarios").glob("*.yaml"))
STUDIES = sorted((ROOT / "scenarios" / "studies").glob("*.yaml"))
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2, 0.5, 1.5, 1e308, 5e-324, float("nan"), float("inf"), 10**30, "", "often", "NO",
    "0x1", "1:30", "a.b", "*", "x" * 3000, "e\u0301" * 500, "\u202eevil", "\x1b[2J", "'", '"', "{", "}}", "---", "&a",
    "*a", "!!python/name:os", [], {}, [[]], [None], [0, 1], {"range": [0, 1]}, {"range": [1, 0]}, {"range": [0.5, 0.5]},
    {"beta": [1e-9, 3e-9]},
    {"beta": [1e300, 2]}, {"mean": 0, "sd": 1e-300, "range": [-1, 1]}, {"value": {"value": 1}}, {"reading": "guarded"},
    {"claim": "no-such"}, {"shared": "a", "range": [0, 1]}, list(range(300)), {str(n): n for n in range(300)},
)  # fmt: skip
"""What a value, or a key, is replaced by."""


@cache
def _plain(text: str) -> str:
    """Return a YAML text as JSON, which is read anew for every mutation in less time."""
    return json.dumps(yaml.safe_load(text))


def odd(dice: random.Random) -> Any:
    """Return something that seldom belongs there, of its own."""
    return deepcopy(dice.choice(ODD))


def places(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every part of plain data, but for the whole."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [each for key, value in inner for each in ((*way, key), *places(value, (*way, key)))]


def mutate_tree(text: str, dice: random.Random) -> str:
    """Return a scenario with one to four values or keys replaced, removed, doubled or put elsewhere."""
    data = json.loads(_plain(text))
    for _ in range(dice.randint(1, 4)):
        known = places(data)
        if not known:
            break
        *way, last = dice.choice(known)
        holder = data
        for key in way:
            holder = holder[key]
        match dice.randrange(4):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, dict):
                key = odd(dice)
                holder[key if isinstance(key, str | int | float | None) else str(key)[:40]] = holder.pop(last)
            case 2:
                *other, end = dice.choice(known)
                try:
                    source = data
                    for key in (*other, end):
                        source = source[key]
                    holder[last] = deepcopy(source)
                except (KeyError, IndexError, TypeError):
                    holder[last] = odd(dice)
            case _:
                holder[last] = odd(dice)
    return yaml.dump(data, Dumper=DUMPER, allow_unicode=True, sort_keys=False)


def mutate_bytes(text: str, dice: random.Random) -> bytes:
    """Return a text with some bytes replaced, removed, repeated or moved."""
    content = bytearray(text.encode())
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(content) + 1)
        piece = content[at : at + dice.choice((1, 2, 8, 64))]
        match dice.randrange(4):
            case 0:
                content[at : at + len(piece)] = dice.randbytes(dice.randint(0, 4))
            case 1:
                content[at:at] = piece * dice.choice((1, 2, 50))
            case 2:
                content[at:at] = dice.choice(
                    (b"{", b"[" * 40, b"}", b": ", b"- ", b"\t", b"\n", b"&a ", b"*a ", b"<<: ", b"\0")
                )
            case _:
                del content[at : at + len(piece)]
    return bytes(content)


def case(number: int, seed: int, folder: Path) -> Callable[[], object]:
    """Return what one mutation has the program do."""
    dice = random.Random(f"{seed}:{number}")
    study = dice.random() < 0.1
    text = dice.choice(STUDIES if study else FILES).read_text(encoding="utf-8")
    changed = (
        mutate_bytes(text, dice) if dice.random() < 0.4 else mutate_tree(text, dice).encode(errors="surrogatepass")
    )
    if study:
        (folder / "studies" / "mutated.yaml").write_bytes(changed)
        return lambda: read_study(folder / "studies" / "mutated.yaml")
    if dice.random() < 0.15:
        path = dice.choice(
            ("distrust", "mediator", "guarantors.eu", "parties.*.reservation", "events.0.set", "labels.us", "x" * 2000)
        )
        change = {path: odd(dice)} if dice.random() < 0.5 else [f"{path}={odd(dice)}"]
        return lambda: load_scenario(folder / "baseline.yaml", change)
    (folder / "mutated.yaml").write_bytes(changed)
    return lambda: load_scenario(folder / "mutated.yaml", strict=dice.random() < 0.2)


def main() -> None:
    """Do mutations and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mutations", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    ends: Counter[str] = Counter()
    longest, which = 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "scenarios"
        (folder / "studies").mkdir(parents=True)
        for file in FILES:
            (folder / file.name).write_bytes(file.read_bytes())
        (Path(name) / "seeds").symlink_to(ROOT / "seeds")
        numbers = range(options.mutations) if options.only is None else [options.only]
        for number in numbers:
            act = case(number, options.seed, folder)
            begin = time.process_time()
            try:
                act()
                ends["taken"] += 1
            except ScenarioError as error:
                ends["refused"] += 1
                if options.only is not None:
                    print(error)
            except Exception:
                ends["traceback"] += 1
                print(f"mutation {number}:")
                traceback.print_exc()
            took = time.process_time() - begin
            if took > longest:
                longest, which = took, number
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{dict(ends)}; longest {longest:.2f} s (mutation {which}); {peak:.0f} MB at most, imports included")


if __name__ == "__main__":
    main()
