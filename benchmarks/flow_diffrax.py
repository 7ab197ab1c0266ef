"""diffrax's Tsit5 and Dopri8 on the unreduced flow of the three points: compiled, in double precision, timed warm.

The right-hand side is unrolled over the points: XLA fuses that into one pass over the neurons, several times faster
than its products with matrices of three rows. Outputs are computed as the run goes, no trajectory is kept; steps end
at the times recorded, since the interpolants are less precise than the steps.
"""

from __future__ import annotations

from functools import partial

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from flow_problem import TIMES, UNTIL, BenchmarkFlow, Floats, report, sweep

jax.config.update("jax_enable_x64", True)

TOLERANCES = (1e-5, 1e-6, 3e-7, 1e-7, 3e-8, 1e-8)
LINES = {1e-4: TOLERANCES, 1e-5: TOLERANCES, 1e-3: TOLERANCES}
LONGEST = 30.0
MOST_STEPS = 16_384
"""A run that needs more is given up: its error counts as infinite. (Stability alone asks for some thousand.)"""


def field(X: Floats, y: Floats):
    """The right-hand side for states (a (m,), (w_1, .., w_d) each (m,)), and the outputs of a state."""
    n, d = X.shape

    def preactivations(state):
        return [sum(X[k, i] * state[1][i] for i in range(d)) for k in range(n)]

    def outputs(state):
        return jnp.maximum(jnp.stack(preactivations(state)), 0) @ state[0]

    def rate(_time, state, _arguments):
        a, w = state
        seen, pull = preactivations(state), (y - outputs(state)) / n
        drift = [sum(jnp.where(seen[k] > 0, pull[k] * X[k, i], 0.0) for k in range(n)) for i in range(d)]
        return sum(w[i] * drift[i] for i in range(d)), tuple(a * drift[i] for i in range(d))

    return rate, outputs


def main() -> None:
    problem = BenchmarkFlow.published("three-points")
    rate, outputs = field(problem.data.X, problem.data.y)
    start = (jnp.array(problem.a), tuple(jnp.array(column) for column in problem.w.T))
    times = jnp.array(TIMES)

    @partial(jax.jit, static_argnames="solver")
    def run(solver, rtol, atol):
        steps = diffrax.ClipStepSizeController(diffrax.PIDController(rtol=rtol, atol=atol), step_ts=times)
        found = diffrax.diffeqsolve(
            diffrax.ODETerm(rate), solver, 0.0, UNTIL, None, start, max_steps=MOST_STEPS, throw=False,
            saveat=diffrax.SaveAt(ts=times, fn=lambda _time, state, _arguments: outputs(state)),
            stepsize_controller=steps,
        )  # fmt: skip
        return found.ys

    truth, rows = problem.truth(), []
    for name, solver in (("Tsit5", diffrax.Tsit5()), ("Dopri8", diffrax.Dopri8())):
        solve = lambda rtol, atol, solver=solver: np.asarray(run(solver, rtol, atol))  # noqa: E731
        solve(1e-2, 1e-4)  # compiles
        rows += sweep(problem, f"diffrax {name}", solve, LINES, truth, LONGEST)
    report(rows)


if __name__ == "__main__":
    main()
