"""Full-batch gradient descent in PyTorch, as the published runs do it: 2,000,000 steps of 1e-3 on (1/n) sum (h - y)^2.

Three ways to write a step are offered, on one thread and on all cores: the gradient by autograd, by hand, and by hand
through `torch.compile`. The fastest one counts. Its 2,000,000 steps are not run: COUNTED are timed, and scaled by count.

The error is measured at full width over the times up to REACHED, the escape included. A maximum over fewer times is not
larger than one over all of them: the number shown is a lower bound of the error.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import torch
from flow_problem import DESCENT_STEP, TIME_OF_A_STEP, TIMES, UNTIL, Floats, Problem, Row, report, timed, worst
from torch import Tensor

COUNTED = 5_000
TRIED = 200
REACHED = 31.0
STEPS = round(UNTIL / TIME_OF_A_STEP)
Step = Callable[[], None]


class Network:
    """Output weights a (m,) and input weights w (d, m), one neuron a column."""

    def __init__(self, problem: Problem) -> None:
        self.X, self.y = torch.tensor(problem.data.X), torch.tensor(problem.data.y)
        self.rows = self.X.T.contiguous()
        self.a, self.w = torch.tensor(problem.a), torch.tensor(np.ascontiguousarray(problem.w.T))

    def outputs(self) -> Tensor:
        """The outputs (n,)."""
        return torch.relu(self.X @ self.w) @ self.a


def by_autograd(network: Network) -> Step:
    """The loss as it is written, and its gradient by autograd."""
    a, w = network.a.requires_grad_(), network.w.requires_grad_()

    def step() -> None:
        loss = ((network.outputs() - network.y) ** 2).mean()
        for weights, gradient in zip((a, w), torch.autograd.grad(loss, (a, w)), strict=True):
            weights.data.sub_(gradient, alpha=DESCENT_STEP)

    return step


def by_hand(network: Network) -> Step:
    """The gradient written out, and no copy of the weights made."""

    def step() -> None:
        preactivation = network.X @ network.w
        on = (preactivation > 0).double()
        pull = (network.y - (preactivation * on) @ network.a) * (2 * DESCENT_STEP / len(network.y))
        drift = (network.rows * pull) @ on
        growth = (network.w * drift).sum(0)
        network.w.addcmul_(drift, network.a)
        network.a.add_(growth)

    return step


def compiled(network: Network) -> Step:
    """The same through `torch.compile`, which fuses what it can."""

    @torch.compile
    def stepped(a: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        preactivation = network.X @ w
        pull = (network.y - torch.relu(preactivation) @ a) * (2 * DESCENT_STEP / len(network.y))
        drift = (network.rows * pull) @ (preactivation > 0).double()
        return a + (w * drift).sum(0), w + drift * a

    def step() -> None:
        with torch.no_grad():
            network.a, network.w = stepped(network.a, network.w)

    return step


def seconds_of(step: Step, count: int) -> float:
    """Seconds of so many steps; two before them are not counted, since the first one compiles."""
    step(), step()
    return timed(lambda: [step() for _ in range(count)])[1]


def fastest(problem: Problem) -> tuple[str, int, Callable[[Network], Step], dict[str, float]]:
    """(name, threads) of the fastest way, the way itself, and milliseconds per step of each."""
    tried: dict[str, float] = {}
    ways = []
    for threads in sorted({1, len(os.sched_getaffinity(0))}):
        torch.set_num_threads(threads)
        for name, way in (("autograd", by_autograd), ("by hand", by_hand), ("compiled", compiled)):
            torch.compiler.reset()
            step = way(Network(problem))
            seconds = min(seconds_of(step, TRIED) for _ in range(3)) / TRIED
            tried[f"{name}, {threads} thread{'s' * (threads > 1)}"] = 1e3 * seconds
            ways.append((seconds, name, threads, way))
    _, name, threads, way = min(ways, key=lambda entry: entry[0])
    return name, threads, way, tried


def descent(problem: Problem, way: Callable[[Network], Step]) -> Floats:
    """The outputs (T, n) of descent at TIMES up to REACHED."""
    network = Network(problem)
    step, done, found = way(network), 0, []
    for count in np.rint(TIMES[TIMES <= REACHED] / TIME_OF_A_STEP).astype(int):
        for _ in range(count - done):
            step()
        done = count
        found.append(network.outputs().detach().numpy())
    return np.array(found)


def main() -> None:
    rows, tried = [], {}
    reached = TIMES[TIMES <= REACHED]
    for name in ("three-points", "stewart"):
        problem = Problem.published(name)
        way_name, threads, way, milliseconds = fastest(problem)
        tried[name] = milliseconds
        torch.set_num_threads(threads)
        torch.compiler.reset()
        seconds = seconds_of(way(Network(problem)), COUNTED) * STEPS / COUNTED
        error = worst(descent(problem, way), problem.truth(reached))
        rows.append(
            Row(
                name, "torch, gradient descent", f"{way_name}, {threads} thread{'s' * (threads > 1)}", seconds, error,
                f"{COUNTED:,} of {STEPS:,} steps run, scaled by count; error up to t = {reached[-1]:.4g}",
            )  # fmt: skip
        )
    report(rows, milliseconds=tried)


if __name__ == "__main__":
    main()
