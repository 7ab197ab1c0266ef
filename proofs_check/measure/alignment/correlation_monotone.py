"""What the evidence of `alignment.correlation-monotone` measures (theory.md 3.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import sympy

from ....numerics.data.network import Network
from ....numerics.frozen.alignment import frozen_alignment
from ....numerics.oracles.reference import correlation as correlation_of
from ....numerics.oracles.reference import handwritten_pull, reference_flow
from ....theory.alignment import correlation
from ....theory.formal.printing import to_numpy
from ...cases.strategies import FlowCase, flow_cases, in_any_dimension, neurons, sliding_datasets
from ...claim.draws import composite, st
from ...claim.evidence import Margin
from ..trajectories import DERIVATION, Array, solve


@composite
def moving_cases(draw: st.DrawFn) -> FlowCase:
    """One dominated neuron on mixed labels; in one case of three on plane data where a > 0 neurons slide."""
    if draw(st.integers(0, 2)):
        return draw(in_any_dimension(n=(1, 5), width=(1, 1), kinds=("balanced", "dominated"), longest=6))
    data = draw(sliding_datasets())
    case = draw(flow_cases(d=(2, 2), width=(1, 1), longest=6))
    return replace(case, data=data, loss="square", start=draw(neurons(data, (1, 1), "balanced")))


def growth_along_the_reference(statement: sympy.Basic, case: FlowCase) -> Margin:
    """The stated quantity along the reference flow."""
    end = float(case.time)
    span = np.array([0.0, end])
    events = reference_flow(*case.arrays, span, frozen=True, **case.options).events
    near = [when + side * end / 512 for when in (event.time for event in events) for side in (-1, 1)]
    times = np.unique([*np.linspace(0.0, end, 33), *(when for when in near if 0 < when < end)])
    trajectory = solve(*case.arrays, times, frozen=True, **case.options)
    a, w = trajectory.fine.a[:, 0], trajectory.fine.w[:, 0]
    lengths = np.linalg.norm(w, axis=1)
    # A strictly dominated neuron may be driven into w = 0, where the quantity ends (theory.md 3.9).
    seen = lengths > 1e-3 * lengths[0]
    stop = int(np.argmin(seen)) if not seen.all() else len(seen)
    values, size = _stated(statement, case, a[:stop], w[:stop])
    # |G(w)/||w||| changes by at most 2 size ||dw||/||w||, and each of two neighbours is in error.
    error = trajectory.error(lambda _a, w: w)
    allowed = 4 * size * error / lengths[:stop]
    return _falls(statement, values, np.maximum(allowed[:-1], allowed[1:]), DERIVATION, times)


def growth_along_the_path(statement: sympy.Basic, case: FlowCase) -> Margin:
    """The stated quantity along the event-driven path."""
    _, _, a, w = case.arrays
    flow = frozen_alignment(case.problem, Network(a, w))
    times = np.linspace(0.0, min(float(case.time), 0.9 * float(flow.stop_time[0])), 97)
    path = flow.path(0, times)
    values, size = _stated(statement, case, path.sign.astype(float), path.direction)
    rounding = np.full(len(times) - 1, 64 * (len(case.data.labels) + case.data.d) * np.finfo(float).eps * size)
    return _falls(statement, values, rounding, "rounding of the direction and of the sum", times)


def _stated(statement: sympy.Basic, case: FlowCase, a: Array, w: Array) -> tuple[Array, float]:
    """The stated quantity (T,) along a (T,) and w (T, d), and a bound on |G| over unit vectors."""
    X, y, _, _ = case.arrays
    pulls = handwritten_pull(0 * y, y, case.loss)
    G = correlation_of(X, y, w, **case.options)
    value: Callable[..., Array] = to_numpy(
        correlation.monotone_quantity(statement), correlation.output, correlation.correlation, correlation.norm
    )
    return value(a, G, np.linalg.norm(w, axis=1)), float(np.mean(np.abs(pulls) * np.linalg.norm(X, axis=1)))


def _falls(statement: sympy.Basic, values: Array, allowed: Array, derivation: str, times: Array) -> Margin:
    """The largest fall between neighbours below the stated rate, in units of what is allowed there."""
    if len(values) < 2:
        return Margin(0.0, 0.0, "w reaches 0 at once", {"time": 0.0})
    stated = float(statement.args[1]) * np.diff(times[: len(values)])
    falls = np.maximum(values[:-1] + stated - values[1:], 0.0)
    place = int(np.argmax(falls / np.maximum(allowed, np.finfo(float).tiny)))
    return Margin(float(falls[place]), float(allowed[place]), derivation, {"time": times[place + 1]})
