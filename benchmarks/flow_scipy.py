"""SciPy's RK45 and DOP853 on the unreduced flow: one `solve_ivp` for all neurons, right-hand side by matrix products.

Three points: the cheapest setting that reaches the target. Stewart: the integrator does not handle events, so that it
chatters around the sliding neurons, and what it needs to time 4000 is measured as far as a budget of seconds goes.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from flow_problem import TARGET, TIMES, UNTIL, BenchmarkFlow, Floats, FlowRow, report, sweep, worst
from scipy.integrate import solve_ivp

from early_alignment import reference_flow
from early_alignment.numerics.oracles.reference import network_outputs

TOLERANCES = (1e-6, 3e-7, 1e-7, 3e-8, 1e-8, 3e-9, 1e-9)
# Looser than that both chatter around the fixed point, and take longer.
LINES = {1e-4: TOLERANCES, 1e-5: TOLERANCES, 1e-3: TOLERANCES}
LONGEST = 60.0
STEWART_WIDTH = 200
STEWART_LINES = {1e-1: (1e-4, 1e-5, 1e-6, 1e-7, 1e-8), 1e-3: (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)}
CHECKED_WIDTH, CHECKED_TOLERANCE = 200, 1e-13


class UnreducedFlow:
    """da_j/dt = <w_j, D_j>, dw_j/dt = a_j D_j for all neurons; a state is w_1, .., w_d, a laid end to end."""

    def __init__(self, problem: BenchmarkFlow) -> None:
        self.X, self.y = np.ascontiguousarray(problem.data.X), problem.data.y
        self.start = np.vstack([problem.w.T, problem.a]).ravel()

    def __call__(self, _time: float, state: Floats) -> Floats:
        rows = state.reshape(self.X.shape[1] + 1, -1)
        w, a = rows[:-1], rows[-1]
        preactivation = self.X @ w
        on = (preactivation > 0).astype(float)
        preactivation *= on
        pull = (self.y - preactivation @ a) / len(self.y)
        drift = (self.X * pull[:, None]).T @ on
        rate = np.empty_like(rows)
        np.multiply(drift, a, out=rate[:-1])
        np.einsum("ij,ij->j", w, drift, out=rate[-1])
        return rate.ravel()

    def outputs(self, states: Floats) -> Floats:
        """The outputs (T, n) of states (size, T)."""
        rows = [state.reshape(self.X.shape[1] + 1, -1) for state in states.T]
        return np.array([np.maximum(self.X @ row[:-1], 0) @ row[-1] for row in rows])

    def solve(self, method: str, rtol: float, atol: float, times: Floats = TIMES) -> Floats:
        """The outputs at `times`."""
        found = solve_ivp(self, (0, times[-1]), self.start, method, t_eval=times, rtol=rtol, atol=atol)
        return self.outputs(found.y)


class OutOfBudget(Exception):
    """The budget of seconds is used up."""


def within_budget(flow: UnreducedFlow, rtol: float, atol: float, seconds: float) -> tuple[float, float, Floats | None]:
    """(CPU seconds, time reached, outputs or None) of RK45 on a budget of seconds."""
    started, reached = time.process_time(), 0.0

    def watched(now: float, state: Floats) -> Floats:
        nonlocal reached
        reached = max(reached, now)
        if time.process_time() - started > seconds:
            raise OutOfBudget
        return flow(now, state)

    try:
        found = solve_ivp(watched, (0, UNTIL), flow.start, "RK45", t_eval=TIMES, rtol=rtol, atol=atol)
    except OutOfBudget:
        return time.process_time() - started, reached, None
    return time.process_time() - started, UNTIL, flow.outputs(found.y)


def chattering(budget: float) -> list[FlowRow]:
    """RK45 on Stewart, along lines of settings that end at TARGET or where a run uses up its budget of CPU seconds.

    A run that is stopped counts with the seconds it had until then.
    """
    problem = BenchmarkFlow.published("stewart", STEWART_WIDTH)
    flow, truth, rows = UnreducedFlow(problem), problem.truth(), []
    for ratio, tolerances in STEWART_LINES.items():
        for rtol in tolerances:
            seconds, reached, outputs = within_budget(flow, rtol, ratio * rtol, budget)
            error = None if outputs is None else worst(outputs, truth)
            note = f"stopped at t = {reached:.4g} of {UNTIL:g}" if outputs is None else ""
            setting = f"rtol {rtol:.0e}, atol {ratio * rtol:.0e}"
            rows.append(FlowRow(problem.name, "RK45", setting, seconds, error, note, at_least=outputs is None))
            print(rows[-1], file=sys.stderr, flush=True)
            if error is None or error <= TARGET:
                break
    return rows


def agreement() -> dict[str, float]:
    """Worst output difference of the truth and `numerics.reference`, at a width that this slow method allows.

    The reference shares nothing with the engine: DOP853 on every neuron, stopped at every event.
    """
    problem = BenchmarkFlow.published("three-points", CHECKED_WIDTH)
    times = np.append(0.0, TIMES[TIMES <= 100.0])
    found = reference_flow(problem.data.X, problem.data.y, problem.a, problem.w, times, rtol=CHECKED_TOLERANCE)
    outputs = network_outputs(problem.data.X, found.a, found.w)
    return {"width": CHECKED_WIDTH, "until": float(times[-1]), "worst": worst(outputs[1:], problem.truth(times[1:]))}


def main(budget: float) -> None:
    problem = BenchmarkFlow.published("three-points")
    flow, truth = UnreducedFlow(problem), problem.truth()
    rows = []
    for method in ("RK45", "DOP853"):
        solve = lambda rtol, atol, method=method: flow.solve(method, rtol, atol)  # noqa: E731
        rows += sweep(problem, method, solve, LINES, truth, LONGEST)
    report([*rows, *chattering(budget)], agreement=agreement())


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 120.0)
