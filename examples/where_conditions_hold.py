"""How often do (C) and (P) hold, and where do small networks end? (theory.md 9.1 and 9.2)

    python examples/where_conditions_hold.py [--sets N] [--seed S] [--out where_conditions_hold.csv]

Draws data sets in dimensions 2 to 4 whose points correlate positively, asks for a certificate by condition (C) and by
the path condition (P), and follows one small network on each. The table counts, and the CSV has a row for each set.
"""

import argparse
import csv
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from early_alignment import Dataset, Undecided, certify_by_limit_path, certify_every_start, make_start, simulate

SCALE, WIDTH = 1e-6, 20
AT_THE_FIT = 1e-6
"""A network is at the least-squares fit when no output is farther from it."""
COLUMNS = ("dimension", "points", "log10 lambda_0 by (C)", "log10 lambda_0 by (P)", "distance from least squares")


def random_data(rng: np.random.Generator) -> Dataset:
    """Three to six points around a common direction, with positive products, and labels from 1/8 to 2."""
    d = int(rng.integers(2, 5))
    while True:
        n = int(rng.integers(max(3, d), 7))
        points = rng.integers(-8, 9, (n, d)) + int(rng.integers(2, 9)) * np.eye(d, dtype=int)[0]
        if np.linalg.matrix_rank(points) == d and np.all(points @ points.T > 0):
            inputs = tuple(tuple(Fraction(int(value), 8) for value in point) for point in points)
            return Dataset(inputs, tuple(Fraction(int(value), 8) for value in rng.integers(1, 17, n)))


def exponent(prove: Callable[[Dataset], object], data: Dataset) -> float:
    """log10 of the certified lambda_0; NaN where no certificate is found."""
    try:
        return -float(prove(data).constants.exponent)
    except Undecided:
        return math.nan


def distance(data: Dataset, seed: int) -> float:
    """How far the outputs of one small balanced network end from the least-squares fit; NaN without a live neuron."""
    start = make_start(WIDTH, SCALE, seed, d=data.d)
    if not np.any((start.w @ data.X.T > 0).any(axis=1) & (start.a > 0)):
        return math.nan
    b = data.y @ data.X / data.n
    slowest = float(np.linalg.eigvalsh(data.X.T @ data.X / data.n)[0])
    fit = np.linalg.lstsq(data.X, data.y, rcond=None)[0]
    time = 4 * math.log(1 / SCALE) / float(np.linalg.norm(b)) + 60 / (slowest * float(np.linalg.norm(fit)))
    flow = simulate(data, start, time, tolerance=1e-9)
    return float(np.max(np.abs(flow.outputs[-1] - data.X @ fit)))


def counted(rows: Sequence[tuple[float, ...]]) -> list[str]:
    """For each way to prove it: how many sets, and how many of the networks on them end at the fit."""
    lines = []
    kinds = {
        "(C)": lambda row: not math.isnan(row[2]),
        "(P)": lambda row: not math.isnan(row[3]),
        "neither": lambda row: math.isnan(row[2]) and math.isnan(row[3]),
    }
    for name, belongs in kinds.items():
        chosen = [row for row in rows if belongs(row)]
        followed = [row for row in chosen if not math.isnan(row[4])]
        ended = sum(row[4] <= AT_THE_FIT for row in followed)
        lines.append(f"{name:8} {len(chosen):4} of {len(rows)} sets, {ended} of {len(followed)} networks at the fit")
    return lines


def main() -> None:
    """Draw, certify, follow, count."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sets", type=int, default=100, help="data sets (default 100)")
    options.add_argument("--seed", type=int, default=0, help="seed of the data and of the starts (default 0)")
    options.add_argument("--out", type=Path, default=Path("where_conditions_hold.csv"), help="the table")
    chosen = options.parse_args()
    rng, rows = np.random.default_rng(chosen.seed), []
    for number in range(chosen.sets):
        data = random_data(rng)
        proofs = [exponent(prove, data) for prove in (certify_every_start, certify_by_limit_path)]
        rows.append((data.d, data.n, *proofs, distance(data, chosen.seed + number)))
    with chosen.out.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(COLUMNS)
        table.writerows([row[0], row[1], *(f"{value:.6g}" for value in row[2:])] for row in rows)
    print("\n".join(counted(rows)))
    print(f"written: {chosen.out}")


if __name__ == "__main__":
    main()
