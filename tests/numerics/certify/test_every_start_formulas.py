"""The constants of a certificate of Theorem A are on the safe side of the formulas of `theory/spurious`."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from early_alignment import Dataset, EveryStartCertificate, certify_every_start
from early_alignment.theory.spurious.every_start import bundle, bundle_growth, every_start
from early_alignment.theory.spurious.trap import limit_norm, mu

CLOSE = 1e-6
"""The constants are rounded to twelve digits or more, and 1 - eta is replaced by a bound in one place."""


def _centre() -> Dataset:
    """The centre of T(1/6)."""
    inputs = ((Fraction(-11, 12), Fraction(13, 12)), (Fraction(0), Fraction(1)), (Fraction(11, 12), Fraction(13, 12)))
    return Dataset(inputs, (Fraction(13, 12), Fraction(1, 12), Fraction(13, 12)))


@pytest.fixture(scope="module", params=("published points", "centre of T(1/6)"))
def found(request: pytest.FixtureRequest) -> EveryStartCertificate:
    """A certificate of Theorem A."""
    return certify_every_start(Dataset.published("three-points") if "points" in request.param else _centre())


def _values(found: EveryStartCertificate) -> dict[sympy.Basic, object]:
    """The quantities of the formulas, from the certificate's own constants where it has them."""
    c, fit = found.constants, found.fit
    exact = {
        bundle_growth.slope: c.slope,
        bundle_growth.largest: c.largest,
        bundle_growth.initial_excess: fit.gain / 2,
        mu: c.mu,
        bundle_growth.least_size: c.q1,
        bundle_growth.largest_drift: c.drift,
        bundle_growth.path: c.path,
        bundle_growth.start_tightness: c.eta,
        bundle.epsilon: c.epsilon,
        every_start.spread: found.start.bound,
        every_start.settled: max(c.activation, c.death),
    }
    values = {symbol: sympy.Rational(value.numerator, value.denominator) for symbol, value in exact.items()}
    b, beta = (sum((entry * entry for entry in row), Fraction(0)) for row in (fit.b, fit.beta))
    values[bundle_growth.start_norm] = sympy.sqrt(sympy.Rational(b.numerator, b.denominator))
    values[limit_norm] = sympy.sqrt(sympy.Rational(beta.numerator, beta.denominator))
    return values


def test_constants_are_on_the_safe_side_of_the_formulas(found: EveryStartCertificate) -> None:
    values, c = _values(found), found.constants
    stated = {name: relation.args[1] for name, relation in bundle_growth.STATEMENT.items()}

    def at(formula: sympy.Expr) -> float:
        return float(sympy.N(formula.subs(values), 30))

    below = {
        "q0": (c.q0, bundle_growth.GROWN),
        "q1": (c.q1, every_start.q1),
        "eta": (c.eta, every_start.LARGEST_TIGHTNESS),
    }
    above = {
        "radius": (c.radius, stated["radius"]),
        "drift": (c.drift, stated["drift"]),
        "path": (c.path, stated["path"]),
    }
    for name, (value, formula) in below.items():
        assert float(value) <= at(formula) * (1 + 1e-12), name
    for name, (value, formula) in above.items():
        assert float(value) >= at(formula) * (1 - 1e-12), name
    for name, (value, formula) in (below | above).items():
        if name != "eta":  # the least of three bounds
            assert float(value) == pytest.approx(at(formula), rel=CLOSE), name


def test_the_scale_is_that_of_the_formula(found: EveryStartCertificate) -> None:
    values, c = _values(found), found.constants
    r = values[bundle_growth.start_norm]
    mean_square = (
        sum((sum((entry * entry for entry in x), Fraction(0)) for x in found.fit.data.inputs), Fraction(0))
        / found.fit.data.n
    )
    least = [
        c.size,
        c.q0,
        float(c.q1) / float(sympy.E),
        float(r) * float(c.epsilon / mean_square),
        c.turning / (2 * mean_square),
    ]
    values[every_start.least] = sympy.Float(min(map(float, least)), 30)
    exponent = -sympy.log(every_start.SCALE.subs(values), 10)
    assert float(c.exponent) >= float(sympy.N(exponent, 30)) - 1e-9
    assert float(c.exponent) == pytest.approx(float(sympy.N(exponent, 30)), abs=2e-3)
