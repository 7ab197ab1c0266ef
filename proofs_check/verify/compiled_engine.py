"""Loading the compiled kernels of the flow engine, or compiling them where that was never done.

The server of `verify` does so before it is forked: else every process would load them again, and on a new machine
compile them beside the others.
"""

from __future__ import annotations

from fractions import Fraction

from ...numerics import __name__ as numerics
from ...numerics.data.problem import Problem

SIMULATION = f"{numerics}.flow.simulation"
"""The module that is loaded exactly where something simulates; it takes a second, so that it is not loaded here."""


def run_every_kernel() -> None:
    """Simulate with two losses, a leak, crossings and sliding, so that each kernel is called; and align in R^5."""
    from ...numerics.data.dataset import Dataset
    from ...numerics.data.start import make_start
    from ...numerics.flow.simulation import simulate
    from ...numerics.frozen.alignment import frozen_alignment

    data = Dataset.published("three-points")
    start = make_start(20, 0.1, 0, d=data.d)
    simulate(data, start, 20.0)
    labels = tuple(Fraction(1 if value > 0 else -1) for value in data.labels)
    simulate(Problem(Dataset(data.inputs, labels), "logistic", Fraction(1, 8)), start, 5.0)
    axes = tuple(tuple(Fraction(int(i == axis)) for i in range(5)) for axis in range(2))
    frozen_alignment(Dataset(axes, (Fraction(1), Fraction(-1))), make_start(1, 0.1, 0, d=5))
