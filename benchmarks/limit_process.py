"""The limit of small starts: seconds and saddles, beside a simulation at a tiny scale.

The process is computed for a dense start on the published data, and for a start of 200 neurons on Gaussian ones. Beside
it the flow of 200 neurons at lambda = 1e-40 to 1.5 times the last escape, by the engine; that run uses neither the
clocks nor the saddles, and at that scale they may still be some percent off. The least of `REPEATS` runs counts, after
a run that compiles. Run as `python benchmarks/limit_process.py`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import time

import numpy as np

from early_alignment import PUBLISHED, Dataset, Limit, Start, limit_process, make_start, simulate

SEED = 0
REPEATS = 2
WIDTH = 200
SCALE = 1e-40
SHAPES = ((10, 3), (20, 4))


def gaussian(n: int, d: int) -> Dataset:
    rng = np.random.default_rng(SEED)
    return Dataset.from_arrays(rng.standard_normal((n, d)), rng.standard_normal(n), name=f"{n} in R^{d}")


def least(run) -> tuple[float, object]:
    used = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = run()
        used.append(time.perf_counter() - start)
    return min(used), result


def line(data: Dataset, start: Start | None) -> str:
    seconds, limit = least(lambda: limit_process(data, start))
    assert isinstance(limit, Limit)
    small = make_start(WIDTH, SCALE, SEED, "balanced", data.d)
    until = 1.5 * limit.saddles[-1].time * -np.log(SCALE)
    simulated, _ = least(lambda: simulate(data, small, until))
    end = "fits" if limit.interpolates else f"loss {limit.loss:.4g}"
    sure = "" if limit.determined else "  (not determined)"
    return f"{data.name:<20} {len(limit.saddles):>7} {seconds:>8.2f} {simulated:>10.2f}  {end}{sure}"


def main() -> None:
    limit_process(Dataset.published("non-orthogonal-toy"))
    print("the limit of small starts; seconds, beside a flow of 200 neurons at 1e-40")
    print(f"{'data':<20} {'saddles':>7} {'limit':>8} {'simulated':>10}  end")
    for name in PUBLISHED:
        print(line(Dataset.published(name), None), flush=True)
    for n, d in SHAPES:
        data = gaussian(n, d)
        print(line(data, make_start(WIDTH, 1.0, SEED, "balanced", d)), flush=True)


if __name__ == "__main__":
    main()
