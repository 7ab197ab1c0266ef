"""Nearly orthogonal data in many dimensions: the flow engine beside full-batch gradient descent in PyTorch.

n Gaussian points in d = 2n dimensions, labelled by a teacher of 6 ReLU neurons; a balanced start at 1e-20; up to the
time 1.4 log(1/lambda). The loss of the largest case, which examples/high_dimensional.py draws, is then within 1% of
where it ends; small ones may still be at a saddle. The engine works in coordinates of the span of the inputs, at
TOLERANCE. Descent is on (1/n) sum (h - y)^2 in steps of 1e-3 by autograd on one thread, as in `flow_torch.py`, all of
them. The errors are the largest distance of an output from those of the engine at FINE over LOOKS times, equally
spaced, in units of the largest label. A ratio is that of descent to ours: below 1 descent is faster. The last one is
for descent with an error of ALLOWED: it is of first order, so that its steps are scaled in proportion to its error.

Run as `python benchmarks/high_dimensional.py`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import time

import numpy as np
from flow_problem import DESCENT_STEP, TIME_OF_A_STEP, BenchmarkFlow, Floats, missing

from early_alignment import Dataset, Network, Simulation, make_start, simulate

SIZES = ((5, 20), (10, 30), (15, 50), (20, 60), (75, 200))
"""(points, students)."""
TEACHERS, SEED, SCALE = 6, 0, 1e-20
UNTIL = -1.4 * float(np.log(SCALE))
TOLERANCE, FINE = 1e-6, 1e-8
LOOKS = 65
ALLOWED = 1e-3


def problem_of(n: int, width: int) -> BenchmarkFlow:
    """The data in all d dimensions, with a start."""
    rng, d = np.random.default_rng(SEED), 2 * n
    X, v = rng.standard_normal((n, d)), rng.standard_normal((TEACHERS, d)) / np.sqrt(d)
    data = Dataset.from_arrays(X, np.maximum(X @ v.T, 0.0) @ rng.choice([-1.0, 1.0], TEACHERS))
    start = make_start(width, SCALE, SEED, d=d)
    return BenchmarkFlow(f"{n} points, d = {d}, {width} students", data, start.a, start.w)


def looks() -> Floats:
    """The times (LOOKS,) at which outputs are compared: whole steps of descent."""
    return np.rint(np.linspace(0.0, UNTIL, LOOKS) / TIME_OF_A_STEP) * TIME_OF_A_STEP


def ours(problem: BenchmarkFlow, tolerance: float) -> tuple[float, Simulation]:
    """Seconds, and the run."""
    basis = np.linalg.qr(problem.data.X.T)[0]
    data, began = Dataset.from_arrays(problem.data.X @ basis, problem.data.y), time.perf_counter()
    start, times = Network(problem.a, problem.w @ basis), looks()
    run = simulate(data, start, float(times[-1]), times=times, tolerance=tolerance)
    return time.perf_counter() - began, run


def descent(problem: BenchmarkFlow) -> tuple[float, Floats]:
    """Seconds of all steps, and the outputs (LOOKS, n)."""
    import torch
    from flow_torch import TorchNetwork, by_autograd

    torch.set_num_threads(1)
    network = TorchNetwork(problem)
    step, outputs, done, seconds = by_autograd(network), [], 0, 0.0
    for count in np.rint(looks() / TIME_OF_A_STEP).astype(int).tolist():
        began = time.perf_counter()
        for _ in range(count - done):
            step()
        done, seconds = count, seconds + time.perf_counter() - began
        outputs.append(network.outputs().detach().numpy())
    return seconds, np.array(outputs)


def main() -> None:
    absent = missing("torch")
    print(f"## Many dimensions, to time {UNTIL:.3g}\n")
    if absent:
        print(f"Descent was not measured: {', '.join(absent)} is not installed.\n")
    else:
        print(f"Descent: {UNTIL / TIME_OF_A_STEP:,.0f} steps of {DESCENT_STEP:g}.\n")
    print(
        "| problem | ours, s | steps | events | loss at the end | our error | descent, s | its error | ratio | within |"
    )
    print("|---" * 10 + "|")
    ours(problem_of(*SIZES[0]), TOLERANCE)  # what is compiled is loaded
    for size in SIZES:
        problem = problem_of(*size)
        seconds, run = ours(problem, TOLERANCE)
        fine, largest = ours(problem, FINE)[1].outputs, float(np.abs(problem.data.y).max())
        cells = "not measured | | | "
        if not absent:
            whole, outputs = descent(problem)
            theirs = float(np.abs(outputs - fine).max()) / largest
            within = max(1.0, theirs / ALLOWED) * whole / seconds
            cells = f"{whole:,.3g} | {theirs:.1e} | {whole / seconds:.2g} | {within:,.2g}"
        error = float(np.abs(run.outputs - fine).max()) / largest
        counts = f"{seconds:.3g} | {run.steps:,} | {run.events:,} | {run.losses[-1]:.2e} | {error:.1e}"
        print(f"| {problem.name} | {counts} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
