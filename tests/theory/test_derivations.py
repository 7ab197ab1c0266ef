"""Every derivation holds step by step, and falsified neighbours of every statement are refuted by the same goals."""

from __future__ import annotations

import pytest
import sympy
from sympy import Limit, Symbol

from early_alignment.theory.alignment import constant_drift, correlation, crossing, rates
from early_alignment.theory.early import bounds, growth
from early_alignment.theory.flow import lorentz, structure
from early_alignment.theory.formal.derivation import equal

DERIVATIONS = {
    "balancedness": structure.balancedness_derivation,
    "domination": structure.domination_derivation,
    "energy": structure.energy_derivation,
    "lorentz": lorentz.derivation,
    "ode": constant_drift.ode_derivation,
    "closed form": constant_drift.closed_form_derivation,
    "time": constant_drift.time_derivation,
    "rates": rates.derivation,
    "crossing": crossing.derivation,
    "correlation": correlation.derivation,
    "growth": growth.derivation,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_derivation_step_follows_and_prints(name):
    derivation = DERIVATIONS[name]()
    decided = derivation.check()
    assert decided
    assert {step.explanation: decision.route for step, decision in decided if decision.verdict is not True} == {}
    assert derivation.title in derivation.text()
    assert r"\begin{enumerate}" in derivation.latex()


r, t, c0 = lorentz.rate, lorentz.time, constant_drift.start_cosine
LEFT = Symbol("left")
MUTANTS = {
    "tanh(2rt)": lambda: constant_drift.closed_form_goals(
        {**constant_drift.CLOSED_FORM, "cosine": equal(LEFT, sympy.tanh(2 * r * t + sympy.atanh(c0)))}
    ),
    "omega = a w": lambda: constant_drift.ode_goals(
        {
            **constant_drift.ODE,
            "direction": equal(constant_drift.direction, constant_drift.output * constant_drift.weights),
        }
    ),
    "1/r in the asymptote": lambda: constant_drift.time_goals(
        {
            **constant_drift.TIME,
            "asymptote": constant_drift.vanishing_error(sympy.log(2 / constant_drift.delta) / r - sympy.atanh(c0) / r),
        }
    ),
    "sinh without 1/r": lambda: lorentz.goals(
        {
            **lorentz.STATEMENT,
            "exponential": equal(
                lorentz.PHI,
                lorentz.IDENTITY + sympy.sinh(r * t) * lorentz.A + (sympy.cosh(r * t) - 1) / r**2 * lorentz.A**2,
            ),
        }
    ),
    "a^2 + |w|^2": lambda: structure.balancedness_goals(
        equal(sympy.Derivative(structure.output_squared + structure.weights_squared, Symbol("t")), 0)
    ),
    "twice the dissipation": lambda: structure.energy_goals(equal(structure.loss_rate, -2 * structure.speed_squared)),
    "no domination": lambda: structure.domination_goals(sympy.true),
    "two roots": lambda: crossing.goals({**crossing.STATEMENT, "dominated": sympy.true}),
    "rates exchanged": lambda: rates.goals(
        {
            "cosine": equal(Limit((1 - rates.cosine) * sympy.exp(r * t), t, sympy.oo), rates.cosine_limit),
            "perpendicular": equal(
                Limit(rates.perpendicular * sympy.exp(2 * r * t), t, sympy.oo), rates.perpendicular_limit
            ),
        }
    ),
    "no sign of a": lambda: correlation.goals(
        sympy.Ge(sympy.Derivative(correlation.correlation / correlation.norm, Symbol("t")), 0, evaluate=False)
    ),
    "S_0 e^{D t}": lambda: growth.goals(
        {**growth.STATEMENT, "convex": equal(LEFT, bounds.initial_size * sympy.exp(bounds.d_star * bounds.time))}
    ),
    "half the deviation": lambda: growth.goals(
        {**growth.STATEMENT, "deviation": equal(LEFT, bounds.field_deviation / 2)}
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTANTS)
def test_falsified_statements_are_refuted(name):
    refuted = [decision for decision in (goal.decide() for goal in MUTANTS[name]()) if decision.verdict is False]
    assert refuted
