"""Our engine: seconds and error by tolerance, the time by part, computed lower bounds, and growth with the width."""

from __future__ import annotations

import cProfile
import json
import pstats
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from flow_problem import UNTIL, WIDTH, BenchmarkFlow, Floats, FlowRow, report, timed, worst

from early_alignment.numerics.flow.engine.engine import Engine
from early_alignment.numerics.flow.engine.problem import FlowProblem

TOLERANCES = (1e-7, 1e-8, 1e-9, 1e-10)
PROBLEMS = (("three-points", WIDTH), ("stewart", WIDTH), ("stewart", 200))
WIDTHS = (10**4, 10**5, 10**6)
AFTER_EVENTS = 100.0
WINDOWS = 200
PARTS = {
    "steps without events": ("event_free.py", "advance"),
    "steps with events": ("engine.py", "_resolve"),
    "new frames for all neurons": ("state.py", "rebase"),
    "sorting the start into groups": ("engine.py", "start"),
}
"""Functions that take the time of a run between them, without overlap."""


def by_tolerance(problem: BenchmarkFlow) -> list[FlowRow]:
    """Our row at each tolerance; runs of less than a second are repeated."""
    truth, rows = problem.truth(), []
    for tolerance in TOLERANCES:
        found, seconds = timed(lambda t=tolerance: problem.simulate(t), 2)
        if seconds < 1.0:
            seconds = min(seconds, timed(lambda t=tolerance: problem.simulate(t), 5)[1])
        note = f"{found.steps} steps, {found.events} events" + (f"; {found.reason}" if found.partial else "")
        rows.append(
            FlowRow(problem.name, f"ours, width {len(problem.a):,}", f"tolerance {tolerance:.0e}", seconds,
                worst(found.outputs, truth), note)
        )  # fmt: skip
    return rows


def parts(problem: BenchmarkFlow) -> dict[str, float]:
    """The share of a run's time that each of PARTS takes, under the profiler."""
    profiler = cProfile.Profile()
    profiler.runcall(problem.simulate)
    calls = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    total = sum(entry[2] for entry in calls.values())
    shares = dict.fromkeys(PARTS, 0.0)
    for (path, _, function), (_, _, _, cumulative, _) in calls.items():
        for name, (file, wanted) in PARTS.items():
            if path.endswith(f"flow/engine/{file}") and function == wanted:
                shares[name] += cumulative / total
    return shares


def engine_of(problem: BenchmarkFlow) -> Engine:
    """The engine at time 0, at the tolerance that `simulate` has by default."""
    return Engine.start(FlowProblem.of(problem.data), problem.a.copy(), problem.w.copy(), 1e-8)


def copy_speed() -> float:
    """Bytes per second read from memory and written back, from blocks larger than the caches."""
    block = np.zeros(2**24)
    target = np.empty_like(block)
    return 16.0 * len(block) / timed(lambda: np.copyto(target, block), 5)[1]


def multiply_add_speed() -> float:
    """Floating-point operations per second of one core in products of matrices that fit the cache."""
    a = np.random.default_rng(0).random((256, 256))
    return 2.0 * 256**3 / timed(lambda: a @ a, 20)[1]


def floors(problem: BenchmarkFlow) -> dict[str, float]:
    """Least seconds that the algorithm could take for its event scans and steps, and what they are counted from.

    An event scan reads the row (w, a), the sign and the safe distance of every neuron once. For each group that
    is followed a right-hand side takes the w-a column of Y^T moment Y, the outputs at n points and the drift from them,
    the velocities of the d+1 particles, and a sum over 6 earlier stages (on average).
    """
    engine = engine_of(problem)
    followed: list[int] = []
    engine.advance(UNTIL, lambda run: followed.append(int(np.count_nonzero(run._live))))
    groups = float(np.median(followed))
    streamed = engine.counters.inspected * len(problem.a) * (8.0 * (problem.data.d + 1) + 1 + 8)
    n, size = problem.data.n, problem.data.d + 1
    operations = groups * (4.0 * size**3 + 4.0 * n * size + 4.0 * size**2 + 12.0 * size**2)
    return {
        "event scans": engine.counters.inspected,
        "events": engine.counters.events,
        "steps": engine.counters.steps,
        "right-hand sides": engine.counters.right_hand_sides,
        "groups followed": groups,
        "seconds to stream the event scans": streamed / copy_speed(),
        "seconds of the operations": operations * engine.counters.right_hand_sides / multiply_add_speed(),
    }


def step_between_events(problem: BenchmarkFlow) -> tuple[float, float]:
    """Seconds per step once the neurons have settled: in the median window of time, and on average over all."""
    engine = engine_of(problem)
    engine.advance(AFTER_EVENTS)
    seconds: list[float] = []
    counts: list[int] = []
    for until in np.linspace(AFTER_EVENTS, UNTIL, WINDOWS + 1)[1:]:
        before, started = engine.counters.steps, time.process_time()
        engine.advance(float(until))
        seconds.append(time.process_time() - started)
        counts.append(engine.counters.steps - before)
    each: Floats = np.array(seconds) / np.array(counts)
    return float(np.median(each)), sum(seconds) / sum(counts)


def peak_memory() -> float:
    """Peak resident MiB of this process since it was started (`getrusage` would begin with its parent's)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def one_width(width: int) -> dict[str, float]:
    """Measures of the three points at a width, and the peak memory of this process."""
    BenchmarkFlow.published("three-points", 100).simulate()  # what is compiled is loaded
    problem = BenchmarkFlow.published("three-points", width)
    found, seconds = timed(problem.simulate, 5 if width <= 10**5 else 1)
    peak = peak_memory()
    median, mean = step_between_events(problem)
    return {
        "width": width, "seconds": seconds, "events": found.events, "per neuron": seconds / width,
        "per event": seconds / found.events, "settled step": median, "with scans and frames": mean, "MiB": peak,
    }  # fmt: skip


def main() -> None:
    rows: list[FlowRow] = []
    where, least = {}, {}
    for name, width in PROBLEMS:
        problem = BenchmarkFlow.published(name, width)
        rows += by_tolerance(problem)
        where[f"{name}, width {width:,}"] = parts(problem)
        least[f"{name}, width {width:,}"] = floors(problem)
    widths = [
        json.loads(
            subprocess.run([sys.executable, __file__, str(width)], check=True, capture_output=True, text=True).stdout
        )
        for width in WIDTHS
    ]
    report(rows, parts=where, floors=least, widths=widths)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(one_width(int(sys.argv[1]))))
    else:
        main()
