"""Nearly orthogonal data in many dimensions: the flow engine beside full-batch gradient descent in PyTorch.

n Gaussian points in d = 2n dimensions, labelled by a teacher of 6 ReLU neurons; a balanced start at 1e-20; up to the
time 1.4 log(1/lambda). The loss of the largest case, which examples/high_dimensional.py draws, is then within 1% of
where it ends; small ones may still be at a saddle. The engine works in coordinates of the span of the inputs. It is
stopped after BUDGET seconds: they are then a lower bound, and the time that was reached says how far from the end it
was. Descent is on (1/n) sum (h - y)^2 in steps of 1e-3 by autograd on one thread, as in `flow_torch.py`: COUNTED steps
are timed, and scaled by count. A ratio is that of descent to ours: below 1 descent is faster.

Run as `python benchmarks/high_dimensional.py`.
"""

from __future__ import annotations

import os

from early_alignment import TorchNetwork

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import time

import numpy as np
from flow_problem import DESCENT_STEP, TIME_OF_A_STEP, BenchmarkFlow, missing

from early_alignment import Dataset, make_start, simulate

SIZES = ((5, 20), (10, 30), (15, 50), (20, 60), (75, 200))
"""(points, students)."""
TEACHERS, SEED, SCALE = 6, 0, 1e-20
UNTIL = -1.4 * float(np.log(SCALE))
BUDGET = 60.0
COUNTED = 3_000


class Spent(Exception):
    """The engine has used up its seconds; `args` are the seconds and the time reached."""


def problem_of(n: int, width: int) -> BenchmarkFlow:
    """The data in all d dimensions, with a start."""
    rng, d = np.random.default_rng(SEED), 2 * n
    X, v = rng.standard_normal((n, d)), rng.standard_normal((TEACHERS, d)) / np.sqrt(d)
    data = Dataset.from_arrays(X, np.maximum(X @ v.T, 0.0) @ rng.choice([-1.0, 1.0], TEACHERS))
    start = make_start(width, SCALE, SEED, d=d)
    return BenchmarkFlow(f"{n} points, d = {d}, {width} students", data, start.a, start.w)


def ours(problem: BenchmarkFlow) -> tuple[float, float, float | None]:
    """Seconds, the time reached, and the loss at the end if it got there."""
    basis = np.linalg.qr(problem.data.X.T)[0]
    data, began = Dataset.from_arrays(problem.data.X @ basis, problem.data.y), time.perf_counter()

    def progress(reached: float, _loss: float) -> None:
        if time.perf_counter() - began > BUDGET:
            raise Spent(time.perf_counter() - began, reached)

    times = np.append(0.0, np.geomspace(2e-3, UNTIL, 300))
    try:
        run = simulate(data, TorchNetwork(problem.a, problem.w @ basis), UNTIL, times=times, progress=progress)
    except Spent as spent:
        seconds, reached = spent.args
        return seconds, reached, None
    return time.perf_counter() - began, run.time, float(run.losses[-1])


def descent(problem: BenchmarkFlow) -> tuple[float, float]:
    """Seconds of all steps up to UNTIL, scaled from COUNTED, and the milliseconds of one."""
    import torch
    from flow_torch import TorchNetwork, by_autograd, seconds_of

    torch.set_num_threads(1)
    each = min(seconds_of(by_autograd(TorchNetwork(problem)), COUNTED // 3) for _ in range(3)) / (COUNTED // 3)
    return each * UNTIL / TIME_OF_A_STEP, 1e3 * each


def main() -> None:
    absent = missing("torch")
    print(f"## Many dimensions, to time {UNTIL:.3g}\n")
    if absent:
        print(f"Descent was not measured: {', '.join(absent)} is not installed.\n")
    else:
        steps = f"{UNTIL / TIME_OF_A_STEP:,.0f} steps of {DESCENT_STEP:g}"
        print(f"Descent: {COUNTED:,} of {steps} were timed, and scaled by count.\n")
    print("| problem | ours, s | time reached | loss at the end | descent, s | ms/step | ratio |")
    print("|---" * 7 + "|")
    ours(problem_of(*SIZES[0]))  # what is compiled is loaded
    for size in SIZES:
        problem = problem_of(*size)
        seconds, reached, loss = ours(problem)
        more, end = ("more than ", "not known") if loss is None else ("", f"{loss:.2e}")
        cells = "not measured | | "
        if not absent:
            whole, each = descent(problem)
            cells = f"{whole:,.3g} | {each:.3g} | {'less than ' if loss is None else ''}{whole / seconds:.2g}"
        print(f"| {problem.name} | {more}{seconds:.3g} | {reached:.3g} | {end} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
