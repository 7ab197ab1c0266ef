"""When a neuron meets a hyperplane under a constant drift (theory.md 3.5)."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, Symbol

from ..flow.lorentz import rate, start_output, time
from ..formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, at_least, equal
from .constant_drift import output_path, weights_along, weights_coefficient

start_value = Symbol("w_x", real=True)
drift_value = Symbol("D_x", real=True)
exponential = Symbol("E", positive=True)
alpha, beta, gamma = sympy.symbols("alpha beta gamma", real=True)

preactivation_path: Expr = start_value + weights_coefficient * drift_value
"""<w(t), x>, with start_value = <w0, x> and drift_value = <Dhat, x>."""

beta_definition: Expr = weights_along * drift_value
gamma_definition: Expr = start_output * drift_value
alpha_definition: Expr = start_value - weights_along * drift_value
"""<w(t), x> = alpha + beta cosh(rt) + gamma sinh(rt)."""

crossing_polynomial: Expr = (beta + gamma) * exponential**2 + 2 * alpha * exponential + beta - gamma
"""2 E <w, x> in E = e^{rt}. A crossing is at its smallest real root above 1."""

scaled_preactivation = Symbol("2 E <w(t), x>")
root_count = Symbol("#{t > 0 : <w(t), x> = 0}", integer=True, nonnegative=True)
"""How often the neuron meets the hyperplane: the number of roots E > 1, unless the polynomial vanishes for all E."""

STATEMENT: dict[str, sympy.Basic] = {
    "alpha": equal(alpha, alpha_definition),
    "beta": equal(beta, beta_definition),
    "gamma": equal(gamma, gamma_definition),
    "polynomial": equal(scaled_preactivation, crossing_polynomial),
    "roots": sympy.Le(root_count, 1, evaluate=False),
}
"""alignment.crossing, under the hypothesis."""
HYPOTHESES: dict[str, sympy.Basic] = {"dominated": at_least(sympy.Abs(start_output), sympy.Abs(weights_along))}
"""Under it <w(t), x> is monotone, so that it has at most one root."""


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) statement needs.

    The statement comes with its hypothesis. The polynomial at E = e^{rt}, over 2E, must be <w(t), x>. For every x there
    is at most one root exactly when a(t) keeps its sign, since d<w, x>/dt = a <D, x>: with another x the extremum can
    be moved to either side of 0. Without the hypothesis (an altered "dominated" that is `sympy.true`) the sign of a(t)
    is refuted by a point.

    Raises ValueError when another number of roots is stated.
    """
    if statement["roots"].args[1] != 1:
        raise ValueError(f"monotone functions have one root at most; nothing is known of {statement['roots']}")
    stated = {name: statement[name.name].args[1] for name in (alpha, beta, gamma)}
    value = statement["polynomial"].args[1] / (2 * exponential)
    path = value.subs(stated).subs(exponential, sympy.exp(rate * time))
    found: list[Goal] = [Zero("the polynomial is <w(t), x>", path - preactivation_path)]
    hypothesis = statement["dominated"]
    for sign in (1, -1):
        size = Symbol("a_size", positive=True)
        moved = sign * output_path.subs(start_output, sign * size)
        along = sign * weights_along
        certificate = (size * sympy.exp(-rate * time), (size + along) * sympy.sinh(rate * time))
        given: tuple[Expr, ...] = ()
        if isinstance(hypothesis, sympy.Ge):
            bound = (hypothesis.args[0] - hypothesis.args[1]).subs(start_output, sign * size)
            given = (bound.subs(sympy.Abs(weights_along), -along),)
        found.append(Nonnegative(f"a keeps its sign {sign:+d}", moved, certificate, given))
    return tuple(found)


def derivation() -> Derivation:
    """theory.md 3.5."""
    path, polynomial, *signs = Symbol("<w(t), x>"), *goals({**STATEMENT, **HYPOTHESES})
    slope = equal(sympy.Derivative(path, time), rate * output_path * drift_value)
    names = ("alpha", "beta", "gamma")
    steps = (
        Step(
            "By the closed form of w, with w_x = <w_0, x> and D_x = <Dhat, x>",
            equal(path, preactivation_path),
            checked=False,
        ),
        *(Step(f"Write {name} for", STATEMENT[name], checked=False) for name in names),
        Step("so that 2 E <w(t), x> is a polynomial in E = e^{rt}", STATEMENT["polynomial"], goals=(polynomial,)),
        Step("<w, x> moves by a <D, x>", slope, {slope.args[0]: sympy.diff(preactivation_path, time)}),
        Step("and a dominated neuron", HYPOTHESES["dominated"], checked=False),
        Step(
            "keeps the sign of a, so that <w, x> is monotone and has one root at most",
            at_least(sympy.sign(start_output) * output_path, 0),
            goals=tuple(signs),
        ),
    )
    return Derivation("Crossing of a hyperplane", steps, STATEMENT["polynomial"])
