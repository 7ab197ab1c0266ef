"""What the evidence of `spurious.data-only-scale` measures (theory.md 9.3, "The scale")."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import sympy
from numpy.typing import NDArray

from .....numerics.certify.data_only.certificate import DataOnlyCertificate, certify_three_points
from .....numerics.certify.errors import Undecided
from .....numerics.flow.simulation import simulate
from .....theory.formal.printing import to_numpy
from .....theory.spurious.every_start import bundle_growth, data_only, data_only_scale
from .....theory.spurious.trap import excess, mu
from ....cases.spurious.every_start.repellers import RepellerCase
from ....claim.draws import assume
from ....claim.evidence import Margin
from ....claim.statement import Predicate
from ...engine_runs import check_resolved
from ...trajectories import worst

if TYPE_CHECKING:
    from .....numerics.flow.engines import AnyEngine

Array = NDArray[np.float64]
TOLERANCE = 1e-10
RECORDED = 2_000
FOLDS = 20
"""The flow is followed for e^{-20} of its last stage."""


@dataclass(frozen=True)
class Course:
    """Q, N and Delta at the recorded `times`, and the largest rounding of a step, added up over the steps."""

    times: Array
    size: Array
    number: Array
    excess: Array
    error: float


def along_the_stages(statement: Predicate, case: RepellerCase) -> Margin:
    """Q beside its floor and q_1, N beside its bound, and the time from Q = q_0 to Delta = Delta_e."""
    unscaled = float(np.sum(case.start().a ** 2)) / case.scale**2
    try:
        found = certify_three_points(case.data, Fraction(math.ceil(unscaled)))
    except Undecided:
        assume(False)
    course, c = _course(case, found), found.constants
    begun = course.size >= float(c.q0)
    assume(begun.any())
    slack = course.error
    values = _values(found)
    floor = _at(statement["floor"], values, excess, course.excess)
    least = float(_at(statement["least"], values, excess, np.zeros(1))[0])
    number = float(_at(statement["number"], values, excess, np.zeros(1))[0])
    high = begun & (course.excess > float(c.level))
    took = float(np.ptp(course.times[high])) if high.any() else 0.0
    middle = float(_at(statement["middle"], values, excess, np.zeros(1))[0])
    where = {"lambda_0": f"10^-{float(c.exponent):.3f}", "angles": case.angles, "cells": case.cells}
    return worst(
        Margin(float(np.max((floor - course.size)[begun])), slack, "Q >= (G - Delta)/r; the flow's tolerance", where),
        Margin(float(np.max(least - course.size[begun])), slack, "Q >= q_1; the flow's tolerance", where),
        Margin(took, middle, "tau_e, from the first to the last recorded time of the stage", where),
        Margin(float(np.max(course.number)), number, "C_0 lambda^2 e^{2 W}", where),
    )


def _course(case: RepellerCase, found: DataOnlyCertificate) -> Course:
    """The flow from lambda_0; sizes beside the data's own, which are of order 1."""
    scale = 10 ** -float(found.constants.exponent)
    start = replace(case, scale=scale).start()
    fit = found.three.fit
    slow = float(found.constants.mu) * float(np.linalg.norm([float(entry) for entry in fit.beta]))
    time = 3 * math.log(1 / scale) / float(found.three.known.r) + FOLDS / slow
    states: list[Array] = []

    def observe(engine: AnyEngine) -> None:
        states.append(engine.state.neurons())

    times = np.linspace(0, time, RECORDED)
    result = simulate(case.data, start, time, tolerance=TOLERANCE, times=times, observe=observe)
    check_resolved(result)
    neurons = np.array(states)
    a, live = neurons[:, :, -1], (neurons[:, :, :-1] @ case.data.X.T > 0).any(axis=2)
    size, number = (np.sum(np.where(live & (sign * a > 0), a * a, 0.0), axis=1) for sign in (1, -1))
    return Course(times, size, number, np.asarray(result.losses) - float(fit.loss), TOLERANCE * result.steps)


def _values(found: DataOnlyCertificate) -> dict[sympy.Symbol, Fraction]:
    """The quantities of the formulas that are evaluated, from the certificate's constants."""
    c, three = found.constants, found.three
    first = float(3 * math.sqrt(3) / 8) * float(c.slope * c.q0)
    return {
        bundle_growth.initial_excess: three.excess,
        bundle_growth.start_norm: Fraction(float(three.known.r)),
        mu: c.mu,
        data_only.near: c.level,
        data_only_scale.gap: c.gap,
        data_only_scale.first: Fraction(first),
        data_only_scale.share: c.share,
        data_only_scale.growth: c.growth,
        data_only_scale.spread: three.known.start.bound,
        data_only_scale.scale: Fraction(10) ** -math.floor(c.exponent) / Fraction(10 ** float(c.exponent % 1)),
    }


def _at(formula: sympy.Expr, values: dict[sympy.Symbol, Fraction], variable: sympy.Symbol, at: Array) -> Array:
    """The formula at each value of one variable."""
    known = formula.subs(
        {symbol: sympy.Rational(value.numerator, value.denominator) for symbol, value in values.items()}
    )
    return np.broadcast_to(np.asarray(to_numpy(known.evalf(30), variable)(at), dtype=float), at.shape)
