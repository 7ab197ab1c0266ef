"""What every method of `flow.py` is given and judged by: data, start, times, the true outputs, and the clock.

All integrate the flow of (1/n) sum (h - y)^2 / 2 from one start to time 4000, in double precision. The error of a
method is the largest distance of an output from the true one over the data points and `TIMES`, which are spaced evenly
in log time and have the escape from 0 in them (t from 5 to 30). The truth is the engine at a tolerance of 1e-12. How
true that is, methods that share nothing with it say: see `agreement` in `flow_scipy.py`.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from early_alignment import Dataset, Simulation, make_start, simulate

Floats = NDArray[np.float64]
Result = TypeVar("Result")

WIDTH, SCALE, SEED = 20_000, 1e-3, 0
DESCENT_STEP = 1e-3  # of descent on (1/n) sum (h - y)^2, whose flow runs twice as fast as ours: 0.002 of our time
TIME_OF_A_STEP = 2 * DESCENT_STEP
UNTIL = 4000.0
TIMES = np.rint(np.geomspace(1.0, UNTIL, 50) / TIME_OF_A_STEP) * TIME_OF_A_STEP  # steps of descent end at all of them
TARGET = 1e-6
TRUE_TOLERANCE = 1e-12


@dataclass(frozen=True)
class BenchmarkFlow:
    """Data X (n, d), y (n,) and a start a (m,), w (m, d)."""

    name: str
    data: Dataset
    a: Floats
    w: Floats

    @classmethod
    def published(cls, name: str, width: int = WIDTH) -> BenchmarkFlow:
        """The start of that width on a published data set."""
        start = make_start(width, SCALE, SEED)
        return cls(name, Dataset.published(name), start.a, start.w)

    def simulate(self, tolerance: float = 1e-8, times: Floats = TIMES) -> Simulation:
        """The engine's flow, recorded at `times`."""
        return simulate(self.data, self, float(times[-1]), tolerance=tolerance, times=times)

    def truth(self, times: Floats = TIMES) -> Floats:
        """The true outputs (T, n)."""
        return self.simulate(TRUE_TOLERANCE, times).outputs


@dataclass(frozen=True)
class FlowRow:
    """One method on one problem: what it was set to, seconds to time 4000, worst output error (None: not known).

    `at_least`: the method did not get to the end, and the seconds are a lower bound.
    """

    problem: str
    method: str
    setting: str
    seconds: float
    error: float | None
    note: str = ""
    at_least: bool = False


def timed(run: Callable[[], Result], repeats: int = 1) -> tuple[Result, float]:
    """The last result, and the least seconds of a few runs.

    Of wall clock and CPU time the smaller one is taken. On an idle machine that is the wall clock; on a busy one a
    method that runs in one thread is not charged for waiting.
    """
    least = np.inf
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = run()
        least = min(least, time.perf_counter() - wall, time.process_time() - cpu)
    return result, float(least)


def worst(outputs: Floats, truth: Floats) -> float:
    """The largest distance between outputs (T, n); infinite where they are not numbers."""
    distance = np.abs(outputs - truth).max()
    return float(distance) if np.isfinite(distance) else float("inf")


def sweep(
    problem: BenchmarkFlow, method: str, solve: Callable[[float, float], Floats], lines: dict[float, tuple[float, ...]],
    truth: Floats, longest: float,
) -> list[FlowRow]:  # fmt: skip
    """Every run of `solve(rtol, atol)` on the way to the cheapest setting with an error of at most TARGET.

    `lines`: by atol/rtol the relative tolerances from loose to tight. A line ends at the first setting that reaches
    TARGET, or that takes more than `longest` seconds or more than a setting of another line that reached it.
    """
    rows: list[FlowRow] = []
    for ratio, tolerances in lines.items():
        for rtol in tolerances:
            outputs, seconds = timed(lambda r=rtol, q=ratio: solve(r, q * r))
            error = worst(outputs, truth)
            rows.append(FlowRow(problem.name, method, f"rtol {rtol:.0e}, atol {rtol * ratio:.0e}", seconds, error))
            print(rows[-1], file=sys.stderr, flush=True)
            if error <= TARGET:
                longest = min(longest, seconds)
            if error <= TARGET or seconds > longest:
                break
    return rows


def missing(*modules: str) -> list[str]:
    """Those of the modules that are not installed."""
    return [name for name in modules if importlib.util.find_spec(name) is None]


def report(rows: list[FlowRow], **more: object) -> None:
    """Print what a part of the benchmark has found, as one JSON object."""
    print(json.dumps({"rows": [asdict(row) for row in rows], **more}))
