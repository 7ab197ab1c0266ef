"""The least norm that interpolates, with its proved bracket: seconds, beside the floor of enumerating the patterns.

Three columns of seconds: the patterns alone; all of `least_norm`, its exact proof included; and the proof
checked again. The Stewart data are 40 points on a line with bias; the others are Gaussian, rounded to 3 decimals. The
least of `REPEATS` runs counts; CVXPY is loaded before. Run as `python benchmarks/least_norm.py`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import time
from fractions import Fraction

import numpy as np

from early_alignment import Dataset, least_norm
from early_alignment.numerics.interpolation.cells import find_cells
from early_alignment.numerics.interpolation.certificate import check
from early_alignment.numerics.interpolation.program import ConvexSolverMissing

SEED = 0
REPEATS = 2
SHAPES = ((10, 3), (20, 3), (40, 3), (20, 4))


def random_data(n: int, d: int) -> Dataset:
    rng = np.random.default_rng(SEED)
    inputs = [[Fraction(f"{value:.3f}") for value in row] for row in rng.standard_normal((n, d))]
    return Dataset.from_arrays(inputs, [Fraction(f"{value:.3f}") for value in rng.standard_normal(n)])


def seconds(run) -> float:
    used = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        used.append(time.perf_counter() - start)
    return min(used)


def main() -> None:
    try:
        least_norm(random_data(2, 2))
    except ConvexSolverMissing as missing:
        print(f"least norm: not measured, {missing}")
        return
    print("least norm of an interpolating ReLU network, with a proved bracket; seconds")
    print(
        f"{'data':<10} {'n':>3} {'d':>2} {'patterns':>8} {'enumerate':>9} {'all':>6} {'check':>6} "
        f"{'lower':>14} {'upper':>14} {'width':>8} {'neurons':>7}"
    )
    for name, data in (("stewart", Dataset.published("stewart")), *(("gaussian", random_data(*s)) for s in SHAPES)):
        result = least_norm(data)
        floor = seconds(lambda data=data: find_cells(data.inputs))
        whole = seconds(lambda data=data: least_norm(data))
        checked = seconds(
            lambda data=data, result=result: check(result.certificate, data.inputs, data.labels, Fraction(0))
        )
        width = (result.upper - result.lower) / result.upper
        print(
            f"{name:<10} {data.n:>3} {data.d:>2} {result.cells:>8} {floor:>9.3f} {whole:>6.2f} {checked:>6.2f} "
            f"{result.lower:>14.8f} {result.upper:>14.8f} {width:>8.1e} {len(result.a):>7}",
            flush=True,
        )


if __name__ == "__main__":
    main()
