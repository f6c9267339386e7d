"""Symmetric linear systems and short sums, one a run, written over arrays of shape (runs,)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def total(parts: Iterable[Any]) -> Array:
    """Sum the terms of a linear system in the order given, the first term first.

    No 0 stands in front and there is no pairwise reordering; the terms are numbers or arrays.
    """
    return reduce(add, parts)


def solve(matrix: list[list[Array]], right: list[Array]) -> list[Array]:
    """Solve a small linear system M·x = b in every run, with M symmetric and positive definite.

    The entries of M and those of b are arrays of shape (runs,). Gaussian elimination without pivoting, which is stable
    for such matrices (Golub & Van Loan 2013, section 4.2); arguments are left alone. Meant for a handful of unknowns,
    where it beats a call of LAPACK for every run.
    """
    size = len(right)
    rows = [list(row) for row in matrix]
    solution = list(right)
    for pivot in range(size):
        for row in range(pivot + 1, size):
            factor = rows[row][pivot] / rows[pivot][pivot]
            for column in range(pivot + 1, size):
                rows[row][column] = rows[row][column] - factor * rows[pivot][column]
            solution[row] = solution[row] - factor * solution[pivot]
    for pivot in reversed(range(size)):
        for column in range(pivot + 1, size):
            solution[pivot] = solution[pivot] - rows[pivot][column] * solution[column]
        solution[pivot] = solution[pivot] / rows[pivot][pivot]
    return solution
