"""Theory.md 3.6: the correlation of a direction with the pulls never decreases along the frozen flow.

Theorem. Let G(w) = (1/n) sum_k p_k(0) s(<w, x_k>). Along the frozen flow (h = 0, drift in frakD(w, 0)), as long as a
keeps its sign and w != 0,

    d/dt (sign(a) G(w)/||w||) >= 0,

for every dimension, data set, leak and loss, across changes of pattern and while the neuron slides.

Source: Maennel, Bousquet and Gelly 2018; Boursier and Flammarion, JMLR 2025, the potential G (restated).
Proved in SymPy: the derivative is |a| ||e||^2/||w|| with e the part of D across w, and on a face every slope gives
the same G. Tested along the reference flow and along the event-driven path that the rest of the project uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import sympy

from ....numerics.data.network import Network
from ....numerics.frozen.alignment import frozen_alignment
from ....numerics.oracles.reference import correlation as correlation_of
from ....numerics.oracles.reference import handwritten_pull, reference_flow
from ....theory.alignment import correlation
from ....theory.formal.derivation import Goal, at_least
from ....theory.formal.printing import to_numpy
from ...cases import neuron_examples
from ...cases.strategies import FlowCase, flow_cases, neurons, sliding_datasets
from ...claim.draws import composite, st
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Source
from ...measure.trajectories import DERIVATION, Array, solve

DERIVATIONS = (correlation.derivation,)

CLAIM = Claim(
    id="alignment.correlation-monotone",
    title="sign(a) G(w)/||w|| never decreases along the frozen flow, across events and while sliding",
    kind="inequality",
    statement=correlation.STATEMENT,
    hypotheses=(
        "frozen flow: h = 0, drift D(w, 0), G(w) = (1/n) sum_k p_k(0) s(<w, x_k>)",
        "a keeps its sign and w != 0 (always so for a balanced neuron)",
    ),
    scope="every dimension, data set, leak and loss; crossings and sliding included",
    source=Source("Maennel, Bousquet & Gelly 2018; Boursier & Flammarion, JMLR 2025", "potential G", "3.6", True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "G(w)/||w|| itself",
            at_least(sympy.Derivative(correlation.correlation / correlation.norm, sympy.Symbol("t")), 0),
            "n = 1, d = 2, x = (1, 0), y = 1, a = -sqrt(2), w = (1, 1): D = (1, 0), and w = (1 - sqrt(2) t + .., 1) "
            "turns away from it, so that G(w)/||w|| falls from 1/sqrt(2)",
        ),
        Mutant(
            "it never increases",
            at_least(-sympy.Derivative(correlation.quantity, sympy.Symbol("t")), 0),
            "n = 1, d = 2, x = (1, 0), y = 1, a = sqrt(2), w = (1, 1): w turns towards x, and G(w)/||w|| grows",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "G": "the correlation G(w) along the frozen flow",
        "a": "the output weight along the frozen flow",
        "||w||": "the norm of the inner weights along the frozen flow",
    },
    examples=neuron_examples.frozen_neuron,
)


@symbolic()
def its_derivative_is_a_square(statement: sympy.Basic) -> Iterable[Goal]:
    """|a| ||e||^2/||w|| with e the part of D across w, for either sign of a; on a face every slope gives the same G."""
    return correlation.goals(statement)


@composite
def moving_cases(draw: st.DrawFn) -> FlowCase:
    """One dominated neuron on mixed labels; in one case of three on plane data where a > 0 neurons slide."""
    if draw(st.integers(0, 2)):
        return draw(flow_cases(n=(1, 5), d=(1, 3), width=(1, 1), kinds=("balanced", "dominated"), longest=6))
    data = draw(sliding_datasets())
    case = draw(flow_cases(d=(2, 2), width=(1, 1), longest=6))
    return replace(case, data=data, loss="square", start=draw(neurons(data, (1, 1), "balanced")))


@property_check(moving_cases, quick=15, full=300)
def it_grows_along_the_trusted_frozen_flow(statement: sympy.Basic, case: FlowCase) -> Margin:
    """G summed point by point along the reference, at 33 times and just before and after every event."""
    end = float(case.time)
    span = np.array([0.0, end])
    events = reference_flow(*case.arrays, span, frozen=True, **case.options).events
    near = [moment + side * end / 512 for moment in (event.time for event in events) for side in (-1, 1)]
    times = np.unique([*np.linspace(0.0, end, 33), *(moment for moment in near if 0 < moment < end)])
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


@property_check(moving_cases, quick=25, full=600)
def it_grows_along_the_closed_form_path(statement: sympy.Basic, case: FlowCase) -> Margin:
    """The same along the event-driven path that the rest of the project uses, at 97 times."""
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
