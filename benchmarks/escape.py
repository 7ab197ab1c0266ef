"""A wide network on many points up to its escape, for both losses: the flow engine beside descent in PyTorch.

Gaussian points and labels (their signs for the logistic loss), a balanced start at 1e-3, until the loss has fallen to
ESCAPED of its start. Descent takes steps of TIME_OF_A_STEP of our time, gradients written out, on one thread. Errors
are the largest distance of an output at that time from those of the engine at FINE, in units of the largest label;
descent is of first order, so that with an error of ALLOWED it takes as many more steps as its error is larger. Seconds
are those of the processor, so that other programs disturb them little.

Run as `python benchmarks/escape.py`, or with sizes: `python benchmarks/escape.py 50,20,200`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import sys
import time

import numpy as np
from flow_problem import TIME_OF_A_STEP, BenchmarkFlow, Floats, missing

from early_alignment import Dataset, Problem, Start, make_start, simulate

SIZES = ((100, 100, 1000),)
"""(points, dimensions, neurons)."""
LOSSES = ("square", "logistic")
ESCAPED, LONGEST = 0.9, 500.0
TOLERANCE, FINE = 1e-6, 1e-8
ALLOWED = 1e-3
SCALE, SEED = 1e-3, 0


def problem_of(n: int, d: int, m: int, loss: str) -> tuple[Problem, Start]:
    """The data with a loss, and a start."""
    rng = np.random.default_rng(SEED)
    X, y = rng.standard_normal((n, d)), rng.standard_normal(n)
    data = Dataset.from_arrays(X, np.sign(y) if loss == "logistic" else y)
    return Problem(data, loss), make_start(m, SCALE, SEED, d=d)


def descent(problem: Problem, start: Start, steps: int) -> tuple[float, Floats]:
    """Seconds of so many steps, and the outputs (n,) after them."""
    import torch
    from flow_torch import TorchNetwork, by_hand, square_pull

    def logistic_pull(h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return y * torch.sigmoid(-y * h)

    torch.set_num_threads(1)
    network = TorchNetwork(BenchmarkFlow(problem.loss, problem.data, start.a, start.w))
    step = by_hand(network, logistic_pull if problem.loss == "logistic" else square_pull)
    began = time.process_time()
    for _ in range(steps):
        step()
    return time.process_time() - began, network.outputs().numpy()


def main() -> None:
    """Print the table."""
    sizes = [tuple(map(int, text.split(","))) for text in sys.argv[1:]] or SIZES
    absent = missing("torch")
    print(f"## Until the loss is {ESCAPED:g} of its start\n")
    print("| n, d, m | loss | until | ours, s | steps | events | our error | descent, s | its error | ratio | within |")
    print("|---" * 11 + "|")
    simulate(*problem_of(10, 10, 20, "square"), 5.0, engine="neurons")  # what is compiled is loaded
    for n, d, m in sizes:
        for loss in LOSSES:
            problem, start = problem_of(n, d, m, loss)
            target = ESCAPED * (np.log(2.0) if loss == "logistic" else float(np.mean(problem.data.y**2)) / 2)
            began = time.process_time()
            run = simulate(problem, start, LONGEST, tolerance=TOLERANCE, until_loss=target)
            seconds, count = time.process_time() - began, round(run.times[-1] / TIME_OF_A_STEP)
            looks = np.array([0.0, run.times[-1], max(count * TIME_OF_A_STEP, run.times[-1] * (1 + 1e-12))])
            fine = simulate(problem, start, float(looks[-1]), tolerance=FINE, times=looks).outputs
            largest = float(np.abs(problem.data.y).max())
            error = float(np.abs(run.outputs[-1] - fine[1]).max()) / largest
            cells = "not measured | | | "
            if not absent:
                whole, outputs = descent(problem, start, round(looks[-1] / TIME_OF_A_STEP))
                theirs = float(np.abs(outputs - fine[2]).max()) / largest
                within = max(1.0, theirs / ALLOWED) * whole / seconds
                cells = f"{whole:.3g} | {theirs:.1e} | {whole / seconds:.2g} | {within:.2g}"
            counts = f"{seconds:.3g} | {run.steps:,} | {run.events:,} | {error:.1e}"
            print(f"| {n}, {d}, {m} | {loss} | {run.times[-1]:.3g} | {counts} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
