"""What the evidence of `flow.lorentz` measures (theory.md 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

from ....numerics.oracles.reference import reference_flow
from ....theory.flow import lorentz
from ....theory.flow.lorentz import IDENTITY, PHI, A, J, rate, time
from ....theory.formal.printing import to_numpy
from ...cases.alignment.constant_drift import integrate
from ...cases.strategies import FlowCase
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Relations
from ..trajectories import DERIVATION, Array, follow, worst

LONGEST = 16.0
"""In units of 1/r: the condition number of Phi is e^{2rt}, and from r t = 18 on it is singular to rounding."""


def exponential_beside_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """Phi z(0) beside the reference, and every relation in floats."""
    segment = integrate(case)
    assume(segment.rate * segment.time <= LONGEST)
    d = len(segment.w0)
    generator = _generator(segment.drift)
    values = {**_constants(d), A: generator, rate: segment.rate, time: segment.time}
    phi = _in_floats(statement["exponential"].args[1], values)
    grown = np.exp(segment.rate * segment.time)
    carried = phi @ np.append(segment.w0, segment.a0)
    gap = float(np.linalg.norm(carried - np.append(segment.w, segment.a)))
    # The terms of Phi are at most 2 e^{rt} in size, each rounded a few times per coordinate.
    rounding = 32 * (d + 1) * float(np.finfo(float).eps) * grown
    size = float(np.linalg.norm([*segment.w0, segment.a0]))
    allowed = segment.error * abs(segment.a0) * grown + rounding * size
    where = {"t": segment.time, "r": segment.rate}
    return worst(
        Margin(gap, allowed, "error bound of the reference, and the rounding of Phi", {**where, "relation": "Phi z"}),
        *(_between_matrices(statement, name, {**values, PHI: phi}, grown) for name in statement.relations),
    )


_EYE, _NOTHING = (sympy.MatrixSymbol(name, *IDENTITY.shape) for name in ("eye", "nothing"))


def _constants(d: int) -> dict[sympy.Basic, Any]:
    """J, the identity and zero in dimension d; SymPy prints no identity of symbolic size."""
    size = d + 1
    return {J: np.diag([1.0] * d + [-1.0]), _EYE: np.eye(size), _NOTHING: np.zeros((size, size))}


def _in_floats(matrix: sympy.Basic, values: Mapping[sympy.Basic, Any]) -> Array:
    """A matrix expression of the statement at these values, shape (d + 1, d + 1)."""
    named = matrix.xreplace({IDENTITY: _EYE, lorentz.ZERO: _NOTHING})
    return np.asarray(to_numpy(named, *values)(*values.values()))


def _generator(drift: Array) -> Array:
    """A(D) for a drift (d,), a matrix (d + 1, d + 1)."""
    d = len(drift)
    found = np.zeros((d + 1, d + 1))
    found[:d, d] = found[d, :d] = drift
    return found


def _between_matrices(statement: Relations, name: str, values: Mapping[sympy.Basic, Any], grown: float) -> Margin:
    """Both sides of a relation in floats; the terms are products of at most three of Phi and A."""
    left, right = (_in_floats(side, values) for side in statement[name].args)
    gap = float(np.linalg.norm(left - right))
    # Phi and its inverse have norm e^{rt}, so that inverting Phi amplifies its rounding by e^{2rt}.
    size = max(1.0, float(np.linalg.norm(values[A]))) ** 3 * grown**3
    allowed = 32 * len(values[A]) ** 2 * float(np.finfo(float).eps) * size
    return Margin(gap, allowed, "rounding of three matrix products", {"relation": name})


def form_between_neurons(statement: Relations, case: FlowCase) -> Margin:
    """The form of pairs of neurons that share a drift, along the flow."""
    end = float(case.time)
    first = reference_flow(*case.arrays, np.array([0.0, end]), **case.options).first_event_time()
    if first <= end:
        case = replace(case, time=Fraction(first / 2))
    trajectory = follow(case)
    kept, begin = statement["form"].args
    constants = _constants(case.data.d)
    through, at_start = (_in_floats(matrix, constants) for matrix in (sympy.MatMul(*kept.args[1:-1]), begin))

    def products(a: Array, w: Array) -> Array:
        z = np.concatenate([w, a[..., None]], axis=-1)
        return np.einsum("tip,pq,tjq->tij", z, through, z)

    z0 = np.concatenate([trajectory.fine.w[0], trajectory.fine.a[0][:, None]], axis=1)
    gap = float(np.max(np.abs(trajectory.of(products) - z0 @ at_start @ z0.T)))
    return Margin(gap, trajectory.error(products), DERIVATION, {"time": float(case.time)})
