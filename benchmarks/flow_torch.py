"""Full-batch gradient descent in PyTorch, as the published runs do it: 2,000,000 steps of 1e-3 on (1/n) sum (h - y)^2.

Three ways to write a step are tried, on one thread and on all cores: the gradient by autograd, by hand, and by hand
through `torch.compile`. Two rows are kept: autograd, which is most common, and the fastest way of all. The
2,000,000 steps are not run: COUNTED are timed, and scaled by count.

The error is measured at full width over the times up to REACHED, the escape included. A maximum over fewer times is not
larger than one over all of them: the number shown is a lower bound of the error.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import torch
from flow_problem import (
    DESCENT_STEP,
    TIME_OF_A_STEP,
    TIMES,
    UNTIL,
    BenchmarkFlow,
    Floats,
    FlowRow,
    report,
    timed,
    worst,
)
from torch import Tensor

COUNTED = 5_000
TRIED = 200
REACHED = 31.0
STEPS = round(UNTIL / TIME_OF_A_STEP)
Step = Callable[[], None]


class TorchNetwork:
    """Output weights a (m,) and input weights w (d, m), one neuron a column."""

    def __init__(self, problem: BenchmarkFlow) -> None:
        self.X, self.y = torch.tensor(problem.data.X), torch.tensor(problem.data.y)
        self.rows = self.X.T.contiguous()
        self.a, self.w = torch.tensor(problem.a), torch.tensor(np.ascontiguousarray(problem.w.T))

    def outputs(self) -> Tensor:
        """The outputs (n,)."""
        return torch.relu(self.X @ self.w) @ self.a


def by_autograd(network: TorchNetwork) -> Step:
    """The loss as it is written, and its gradient by autograd."""
    a, w = network.a.requires_grad_(), network.w.requires_grad_()

    def step() -> None:
        loss = ((network.outputs() - network.y) ** 2).mean()
        for weights, gradient in zip((a, w), torch.autograd.grad(loss, (a, w)), strict=True):
            weights.data.sub_(gradient, alpha=DESCENT_STEP)

    return step


Pull = Callable[[Tensor, Tensor], Tensor]
"""-dl/dh for outputs and labels (n,)."""


def square_pull(h: Tensor, y: Tensor) -> Tensor:
    """That of (h - y)^2 / 2."""
    return y - h


def by_hand(network: TorchNetwork, pull_of: Pull = square_pull) -> Step:
    """The gradient written out, and no copy of the weights made."""

    def step() -> None:
        preactivation = network.X @ network.w
        on = (preactivation > 0).double()
        pull = pull_of((preactivation * on) @ network.a, network.y) * (TIME_OF_A_STEP / len(network.y))
        drift = (network.rows * pull) @ on
        growth = (network.w * drift).sum(0)
        network.w.addcmul_(drift, network.a)
        network.a.add_(growth)

    return step


def compiled(network: TorchNetwork) -> Step:
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


WAYS: dict[str, Callable[[TorchNetwork], Step]] = {"autograd": by_autograd, "by hand": by_hand, "compiled": compiled}


def seconds_of(step: Step, count: int) -> float:
    """Seconds of so many steps; two before them are not counted, since the first one compiles."""
    step(), step()
    return timed(lambda: [step() for _ in range(count)])[1]


def tried(problem: BenchmarkFlow) -> dict[tuple[str, int], float]:
    """Seconds per step by (way, threads)."""
    found = {}
    for threads in sorted({1, len(os.sched_getaffinity(0))}):
        torch.set_num_threads(threads)
        for name, way in WAYS.items():
            torch.compiler.reset()
            step = way(TorchNetwork(problem))
            found[name, threads] = min(seconds_of(step, TRIED) for _ in range(3)) / TRIED
    return found


def descent(problem: BenchmarkFlow, way: Callable[[TorchNetwork], Step]) -> Floats:
    """The outputs (T, n) of descent at TIMES up to REACHED."""
    network = TorchNetwork(problem)
    step, done, found = way(network), 0, []
    for count in np.rint(TIMES[TIMES <= REACHED] / TIME_OF_A_STEP).astype(int):
        for _ in range(count - done):
            step()
        done = count
        found.append(network.outputs().detach().numpy())
    return np.array(found)


def main() -> None:
    rows, milliseconds = [], {}
    reached = TIMES[TIMES <= REACHED]
    for name in ("three-points", "stewart"):
        problem = BenchmarkFlow.published(name)
        seconds = tried(problem)
        milliseconds[name] = {f"{way}, {threads} thread(s)": 1e3 * each for (way, threads), each in seconds.items()}
        usual = min((key for key in seconds if key[0] == "autograd"), key=seconds.__getitem__)
        best = min(seconds, key=seconds.__getitem__)
        torch.set_num_threads(best[1])
        torch.compiler.reset()
        error = worst(descent(problem, WAYS[best[0]]), problem.truth(reached))
        for way, threads in dict.fromkeys((usual, best)):
            torch.set_num_threads(threads)
            torch.compiler.reset()
            counted = seconds_of(WAYS[way](TorchNetwork(problem)), COUNTED)
            setting = f"{way}, {threads} thread(s)"
            note = f"{COUNTED:,} of {STEPS:,} steps run; error up to t = {reached[-1]:.3g} only"
            rows.append(FlowRow(name, "torch, gradient descent", setting, counted * STEPS / COUNTED, error, note))
    report(rows, milliseconds=milliseconds)


if __name__ == "__main__":
    main()
