"""How the time of a run grows with points, dimensions and width, beside the floor of its matrix products.

Gaussian points and labels, a balanced start at 1e-3, until the loss has fallen to ESCAPED of its start. One size at a
time is doubled from BASE; the exponents are slopes of log(seconds) by least squares. The floor is the time of the
products alone: every right-hand side takes two, of m rows, d columns and n points, at the speed that NumPy has for them
on one thread. Seconds are those of the processor, so that other programs disturb them little.

Run as `python benchmarks/growth.py`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import time

import numpy as np

from early_alignment import Dataset, Simulation, make_start, simulate

BASE = {"n": 50, "d": 20, "m": 200}
FACTORS = (0.5, 1.0, 2.0, 4.0)
ESCAPED, LONGEST = 0.9, 200.0
TOLERANCE, SCALE, SEED = 1e-6, 1e-3, 0


def run_of(n: int, d: int, m: int) -> tuple[float, Simulation]:
    """Seconds of the processor, and the run."""
    rng = np.random.default_rng(SEED)
    data = Dataset.from_arrays(rng.standard_normal((n, d)), rng.standard_normal(n))
    start = make_start(m, SCALE, SEED, d=d)
    target = ESCAPED * float(np.mean(data.y**2)) / 2
    began = time.process_time()
    found = simulate(data, start, LONGEST, tolerance=TOLERANCE, until_loss=target)
    return time.process_time() - began, found


def floor(n: int, d: int, m: int, right_hand_sides: int) -> float:
    """Seconds of as many pairs of products."""
    rng, repeats = np.random.default_rng(SEED), max(3, int(2e8 / (n * d * m)))
    w, X, slopes = rng.standard_normal((m, d)), rng.standard_normal((n, d)), rng.standard_normal((m, n))
    began = time.process_time()
    for _ in range(repeats):
        w @ X.T
        slopes @ X
    return (time.process_time() - began) / repeats * right_hand_sides


def main() -> None:
    """Print the table."""
    run_of(10, 10, 20)  # what is compiled is loaded
    print(f"## Growth of a run until the loss is {ESCAPED:g} of its start\n")
    print("| n | d | m | seconds | steps | right-hand sides | events | seconds an event | floor, s |")
    print("|---" * 9 + "|")
    for name in BASE:
        sizes, seconds = [], []
        for factor in FACTORS:
            chosen = BASE | {name: int(BASE[name] * factor)}
            taken, found = run_of(**chosen)
            sizes.append(chosen[name])
            seconds.append(taken)
            least = floor(**chosen, right_hand_sides=found.right_hand_sides)
            cells = f"{taken:.3g} | {found.steps:,} | {found.right_hand_sides:,} | {found.events:,}"
            row = " | ".join(str(value) for value in chosen.values())
            print(f"| {row} | {cells} | {taken / max(found.events, 1):.2g} | {least:.2g} |", flush=True)
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"| **exponent in {name}** | | | **{slope:.2f}** | | | | | |", flush=True)


if __name__ == "__main__":
    main()
