"""Named random streams: independent, reproducible random numbers for every decision of every actor.

They are the same whoever asks and whatever else runs. Runs are numbered and simulated in blocks of `BLOCK`. A stream is
seeded from (seed, kind, block, name) and yields one number for every run of the block in each round, so run n meets the
same random numbers in an ensemble of a hundred or ten million, in this process or another, in this scenario or the one
beside it. Names carry the actor's name, not its place in a list. A stream nobody reads costs nothing; one read late
first catches up.

Source: common random numbers by synchronised streams (Law 2015, section 11.2).
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import NDArray

from sim.negotiation.equations.run_axis import EVERYWHERE, Places, select_runs

BLOCK = 16384
"""Runs in a block; part of the rules' version, since it fixes which numbers a run meets."""

Numbers = NDArray[np.float64]


class Streams:
    """Random streams of some runs for one seed: uniform and normal random numbers by stream name and round.

    `numbers` are the runs' numbers, all of one block. Random numbers come a round at a time: `uniform` and `normal`
    return one number a run, in the order of `numbers`, for the round asked for. Rounds of one stream are asked for in
    rising order. Raises ValueError if there are no runs, they are not all of one block, or a round is asked for that is
    gone.
    """

    def __init__(self, seed: int, numbers: NDArray[np.int64]) -> None:
        blocks = np.unique(numbers // BLOCK)
        if blocks.size != 1:
            raise ValueError(f"the runs must be of one block of {BLOCK} runs, not of {blocks.size}")
        self.seed, self.block = seed, int(blocks[0])
        self._mine = _slice(numbers - self.block * BLOCK)
        self._sources: dict[str, SFC64] = {}
        self._rounds: dict[str, int] = {}

    def uniform(self, name: str, round_: int, places: Places | slice = EVERYWHERE) -> Numbers:
        """Numbers in [0, 1), multiples of 2^-32, for a round (counted from 1), shape (runs,) or (places,)."""
        bits = self._bits(name, round_, BLOCK // 2).view(np.uint32)
        return np.asarray(select_runs(bits[self._mine], places) * _UNIT)

    def normal(self, name: str, round_: int, places: Places | slice = EVERYWHERE) -> Numbers:
        """Standard normal numbers for a round (counted from 1), shape (runs,) or (places,); of 65,536 values."""
        bits = self._bits(name, round_, BLOCK // 4).view(np.uint16)
        return np.asarray(_normals().take(select_runs(bits[self._mine], places)))

    def _bits(self, name: str, round_: int, words: int) -> NDArray[np.uint64]:
        """Return a round's random bits for the whole block, in words of 64."""
        read = self._rounds.get(name, 0)
        if round_ <= read:
            raise ValueError(f"stream {name!r} has been read up to round {read}: round {round_} is gone")
        if not read:
            self._sources[name] = _source(self.seed, "luck", self.block, name)
        self._rounds[name] = round_
        for _ in range(round_ - read):
            bits: NDArray[np.uint64] = self._sources[name].random_raw(words)
        return bits


_UNIT = 2.0**-32


@cache
def _normals() -> Numbers:
    """The standard normal distribution as 65,536 equally likely numbers, the middles of its quantiles.

    They are stretched by .001 per cent so that their variance is 1; their kurtosis is 2.999.
    """
    from scipy.special import ndtri  # takes .2 s to import

    quantiles = ndtri((np.arange(1 << 16) + 0.5) / (1 << 16))
    return np.asarray(quantiles / quantiles.std())


def draw_range_points(seed: int, numbers: NDArray[np.int64], path: str) -> Numbers:
    """Return the uniform random numbers of the stream at which a parameter's range is read in some runs.

    Points in [0, 1) for the runs `numbers` of one block. One stream a path, apart from every stream of a decision: the
    same assumptions can be played out with other random numbers.
    """
    block = int(numbers[0]) // BLOCK
    places = numbers - block * BLOCK
    return Generator(_source(seed, "assumption", block, path)).random(int(places.max()) + 1)[places]


def _slice(places: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """Return neighbouring places as a slice: it takes no copy."""
    first = int(places[0])
    return slice(first, first + len(places)) if np.all(np.diff(places) == 1) else places


def _source(seed: int, kind: str, block: int, name: str) -> SFC64:
    label = int.from_bytes(hashlib.blake2b(f"{kind}:{name}".encode(), digest_size=16).digest(), "little")
    return SFC64(SeedSequence([seed, block, label]))
