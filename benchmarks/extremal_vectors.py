"""How far complete extremal vectors go: the largest n finished in a time limit, by route and dimension, and growth.

Random Gaussian points rounded to 6 decimals, labels +-1 at random, leak 0. Each run is a process of its own, limited in
time and in memory, and counts only if `complete` is true. Run as `python benchmarks/extremal_vectors.py [SECONDS]`.
"""

from __future__ import annotations

import math
import multiprocessing
import resource
import sys
import time
from fractions import Fraction

import numpy as np

MEMORY = 2 << 30
SEED = 1
SIZES = {
    ("sort", 2): (1000, 10_000, 30_000, 100_000, 200_000, 300_000),
    ("arrangement", 2): (1000, 3000, 6000, 9000, 12_000),
    ("arrangement", 3): (100, 300, 600, 1000, 1400, 1800, 2300),
    ("arrangement", 4): (40, 80, 120, 160, 200, 250, 300),
    ("arrangement", 5): (20, 30, 40, 50, 60, 75, 90),
    ("tree", 2): (6, 8, 10, 12, 14, 16, 20),
    ("tree", 3): (6, 8, 10, 12, 14, 16, 20),
    ("tree", 4): (6, 8, 10, 12, 14, 16, 20),
    ("tree", 5): (6, 8, 10, 12, 14, 16, 20),
}


def random_data(n: int, d: int):
    rng = np.random.default_rng([SEED, n, d])
    inputs = [tuple(Fraction(f"{value:.6f}") for value in row) for row in rng.standard_normal((n, d))]
    return inputs, [Fraction(int(sign)) for sign in rng.choice([-1, 1], n)]


def run(n: int, d: int, route: str, limit: float, answer) -> None:
    from early_alignment.numerics.extremal.vectors import extremal_vectors_of

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    inputs, pulls = random_data(n, d)
    start = time.perf_counter()
    try:
        result = extremal_vectors_of(inputs, pulls, Fraction(0), route, limit)
    except MemoryError:
        return
    used = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((result.complete, used, len(result.vectors), peak))


def measure(n: int, d: int, route: str, limit: float):
    """(complete, seconds, vectors, peak MiB), or None when the limit on time or memory stopped the run."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=run, args=(n, d, route, limit, sender))
    process.start()
    sender.close()
    try:
        finished = receiver.poll(limit + 10.0)
        return receiver.recv() if finished else None
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def growth_exponent(sizes: list[int], seconds: list[float]) -> float:
    """The slope of log(seconds) against log(n) over the upper half of the sizes that took more than 50 ms."""
    pairs = [(n, used) for n, used in zip(sizes, seconds, strict=True) if used > 0.05][-4:]
    if len(pairs) < 2:
        return math.nan
    return float(np.polyfit(np.log([n for n, _ in pairs]), np.log([used for _, used in pairs]), 1)[0])


def main(limit: float = 60.0) -> None:
    print(f"complete extremal vectors: largest n tried that finished in {limit:g} s and 2 GiB")
    print(f"{'route':<12} {'d':>2} {'largest n':>10} {'seconds':>8} {'vectors':>8} {'MiB':>6} {'growth':>7}")
    for (route, d), tried in SIZES.items():
        done: list[tuple[int, float, int, float]] = []
        for n in tried:
            outcome = measure(n, d, route, limit)
            if outcome is None or not outcome[0] or outcome[1] > limit:
                break
            done.append((n, *outcome[1:]))
        if not done:
            print(f"{route:<12} {d:>2} {'none':>10}")
            continue
        n, used, vectors, peak = done[-1]
        exponent = growth_exponent([row[0] for row in done], [row[1] for row in done])
        print(f"{route:<12} {d:>2} {n:>10} {used:>8.1f} {vectors:>8} {peak:>6.0f} {exponent:>7.2f}", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
