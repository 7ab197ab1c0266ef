"""What the evidence of `alignment.rate` measures (theory.md 3.4)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import sympy

from ....numerics.data.dataset import Dataset
from ....theory.alignment import constant_drift, rates
from ....theory.flow.lorentz import rate, time
from ....theory.formal.printing import to_numpy
from ...cases.alignment.constant_drift import Segment, initial_drift, integrate
from ...cases.strategies import FlowCase, Neurons
from ...claim.evidence import Margin
from ...claim.statement import Relations


def gap_between(statement: Relations, name: str, case: FlowCase) -> Margin:
    """The worse of slope and constant, each in units of what the remainder and the reference's error allow."""
    r = float(np.linalg.norm(initial_drift(case)))
    early, late = (integrate(replace(case, time=Fraction(phase / r))) for phase in (3.0, 6.0))
    span = r * (late.time - early.time)
    quantity, exponent = _exponent(statement, name)
    constant = float(to_numpy(statement[name].args[1], constant_drift.start_cosine)(early.start_cosine))
    (first, first_error), (last, last_error) = (_measured(quantity, segment) for segment in (early, late))
    ratio = (1 - early.start_cosine) / (1 + early.start_cosine)
    remainders = [ratio * np.exp(-2 * r * s.time) + e for s, e in ((early, first_error), (late, last_error))]
    slope = np.log(last / first) / span
    limit = last * np.exp(exponent * r * late.time)
    off_slope = abs(slope + exponent) / (sum(remainders) / span)
    off_limit = abs(limit / constant - 1) / remainders[1]
    where = {"quantity": name, "slope": slope, "limit": limit, "stated": constant, "case": case}
    return Margin(max(off_slope, off_limit), 1.0, "remainder q e^{-2rt} plus the reference's error", where)


def _exponent(statement: Relations, name: str) -> tuple[sympy.Symbol, float]:
    """The decaying quantity inside the stated limit, and k of the factor e^{k r t} beside it."""
    inside = statement[name].args[0].args[0]
    quantity = constant_drift.cosine if inside.has(constant_drift.cosine) else rates.perpendicular
    factor = inside / (1 - constant_drift.cosine if quantity == constant_drift.cosine else rates.perpendicular)
    return quantity, float(sympy.simplify(sympy.log(factor) / (rate * time)))


def _measured(quantity: sympy.Symbol, segment: Segment) -> tuple[float, float]:
    """1 - c, or ||omega_perp|| in units of its start, at the end of the interval, and its relative error."""
    omega0, omega = segment.w0 / segment.a0, segment.w / segment.a
    if quantity == constant_drift.cosine:
        value, unit = 1 - segment.cosine, 1.0
    else:
        unit = float(np.linalg.norm(omega0 - (omega0 @ segment.unit) * segment.unit))
        value = float(np.linalg.norm(omega - segment.cosine * segment.unit)) / unit
    return value, 2 * segment.omega_error / (unit * value)


def steady(rng: np.random.Generator) -> FlowCase:
    """A balanced or strictly dominated neuron of R^3 or R^5 to R^30 on positive data: no event, one drift."""
    d = int(rng.integers(5, 31)) if rng.integers(0, 2) else 3
    whole = rng.integers(1, 17, size=(3, d))
    inputs = tuple(tuple(Fraction(int(value), 8) for value in row) for row in whole)
    labels = tuple(Fraction(int(value), 8) for value in rng.integers(1, 17, size=3))
    # One coordinate four times as large as the others can be: never aligned with the drift from the start.
    weights = (*(Fraction(int(value), 8) for value in rng.integers(1, 9, size=d - 1)), Fraction(4))
    start = Neurons((Fraction(int(rng.integers(8, 17)), 8),), (weights,))
    return FlowCase(Dataset(inputs, labels), "square", Fraction(0), start, Fraction(1))
