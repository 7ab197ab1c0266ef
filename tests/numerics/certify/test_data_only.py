"""Certificates of Theorem A': their constants are on the safe side of the formulas, and bad data get a sentence."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy

from early_alignment import DataOnlyCertificate, Dataset, Undecided, certify_three_points
from early_alignment.theory.spurious.every_start import bundle, bundle_growth, data_only, data_only_scale, every_start
from early_alignment.theory.spurious.trap import limit_norm, mu

F = Fraction
CLOSE = 1e-6
"""The constants are rounded to twelve digits or more."""
CENTRE = Dataset(((F(-11, 12), F(13, 12)), (F(0), F(1)), (F(11, 12), F(13, 12))), (F(13, 12), F(1, 12), F(13, 12)))
"""The centre of T(1/6)."""


@pytest.fixture(scope="module", params=("published points", "centre of T(1/6)"))
def found(request: pytest.FixtureRequest) -> DataOnlyCertificate:
    return certify_three_points(Dataset.published("three-points") if "points" in request.param else CENTRE)


def _rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def _values(found: DataOnlyCertificate) -> dict[sympy.Basic, object]:
    """The quantities of the formulas, computed here from the data, or the certificate's own constants."""
    c, data = found.constants, found.three.fit.data
    squares = [sum(entry * entry for entry in x) for x in data.inputs]
    ends = sorted(range(3), key=lambda k: np.arctan2(float(data.inputs[k][1]), float(data.inputs[k][0])))
    first, last = ends[0], ends[2]
    product = sum(p * q for p, q in zip(data.inputs[first], data.inputs[last], strict=True))
    h = [sum(b * e for b, e in zip(found.three.fit.beta, x, strict=True)) for x in data.inputs]
    residuals = [y - output for y, output in zip(data.labels, h, strict=True)]
    exact = {
        data_only_scale.few: c.few,
        data_only_scale.gap: c.gap,
        data_only.near: c.level,
        data_only_scale.share: c.share,
        data_only_scale.middle: c.stage,
        data_only_scale.mass: c.mass,
        data_only_scale.growth: c.growth,
        data_only_scale.begun: c.q0,
        data_only_scale.zero_loss: sum(y * y for y in data.labels) / 6,
        data_only_scale.fit_loss: sum(r * r for r in residuals) / 6,
        data_only_scale.residual: min(map(abs, residuals)),
        data_only_scale.spread: found.three.known.start.bound,
        data_only.mean_square: sum(squares) / 3,
        sympy.Symbol("n", integer=True, positive=True): F(3),
        bundle_growth.slope: c.slope,
        bundle_growth.largest: c.largest,
        bundle_growth.least_size: c.q1,
        bundle_growth.largest_drift: c.drift,
        bundle_growth.path: c.path,
        mu: c.mu,
        bundle.epsilon: c.epsilon,
        every_start.settled: c.activation,
    }
    values: dict[sympy.Basic, object] = {symbol: _rational(F(value)) for symbol, value in exact.items()}
    b = [sum(y * x[i] for x, y in zip(data.inputs, data.labels, strict=True)) / 3 for i in (0, 1)]
    values[bundle_growth.initial_excess] = values[data_only_scale.zero_loss] - values[data_only_scale.fit_loss]
    values[bundle_growth.start_norm] = sympy.sqrt(_rational(sum(entry * entry for entry in b)))
    values[limit_norm] = sympy.sqrt(_rational(sum(entry * entry for entry in found.three.fit.beta)))
    values[data_only_scale.first] = sympy.N(data_only_scale.BOUNDS["level"].subs(values), 40)
    values[data_only_scale.outer] = sympy.sqrt(_rational(min(squares[first], squares[last])))
    values[data_only_scale.cosine] = sympy.sqrt(_rational(product * product / (squares[first] * squares[last])))
    return values


def test_constants_are_on_the_safe_side_of_the_formulas(found: DataOnlyCertificate) -> None:
    values, c, stated = _values(found), found.constants, data_only_scale.BOUNDS

    def at(formula: sympy.Expr) -> float:
        return float(sympy.N(formula.subs(values), 30))

    squared = stated["drift"].subs(data_only_scale.excess, data_only.near) ** 2
    below = {
        "q1": (c.q1, stated["least"]),
        "share": (c.share, squared / (2 * mu * data_only.near)),
    }
    above = {
        "gap": (c.gap, stated["gap"]),
        "stage": (c.stage, stated["middle"]),
        "mass": (c.mass, stated["mass"]),
        "growth": (c.growth, data_only_scale.TOTAL_GROWTH),
        "path": (c.path, stated["path"]),
        "radius": (c.radius, data_only_scale.RADIUS),
        "drift": (c.drift, data_only_scale.DRIFT),
    }
    for name, (value, formula) in below.items():
        assert float(value) <= at(formula) * (1 + 1e-12), name
    for name, (value, formula) in above.items():
        assert float(value) >= at(formula) * (1 - 1e-12), name
    for name, (value, formula) in (below | above).items():
        assert float(value) == pytest.approx(at(formula), rel=CLOSE), name
    assert float(c.q0) <= at(bundle_growth.GROWN) * (1 + 1e-12)
    assert float(c.eta) <= at(every_start.LARGEST_TIGHTNESS) * (1 + 1e-12)
    near = sympy.Rational(3, 2) * sympy.sqrt(bundle_growth.largest * data_only.near)
    assert at(data_only_scale.SLOW - near - data_only.mean_square * data_only_scale.few) >= 0


def test_the_scale_is_the_smaller_of_the_two_formulas(found: DataOnlyCertificate) -> None:
    values, c = _values(found), found.constants
    ratio = float(sympy.N((bundle_growth.start_norm / data_only.mean_square).subs(values), 30))
    least = min(float(c.size), float(c.q0), float(c.q1) / math.e, ratio * float(c.epsilon))
    values[every_start.least] = sympy.Float(least, 30)
    exponents = [
        float(sympy.N(-sympy.log(scale.subs(values), 10), 30))
        for scale in (every_start.SCALE, data_only_scale.BOUNDS["scale"])
    ]
    assert float(c.exponent) >= max(exponents) - 1e-9
    assert float(c.exponent) == pytest.approx(max(exponents), abs=2e-3)


def test_a_larger_bound_on_the_start_only_moves_the_scale() -> None:
    usual, larger = certify_three_points(CENTRE), certify_three_points(CENTRE, F(100))
    assert float(larger.constants.exponent) == pytest.approx(float(usual.constants.exponent) + 1, abs=3e-3)
    assert larger.constants.growth == usual.constants.growth


@pytest.mark.parametrize(
    ("inputs", "labels", "said"),
    [
        ((("-1", "2"), ("1", "2")), ("1", "1"), "3 points in the plane; here are 2 points in dimension 2"),
        ((("-1", "1"), ("0", "1"), ("1", "1")), ("1", "1", "1"), "inner product that is not positive"),
        ((("-1", "2"), ("0", "1"), ("1", "2")), ("1", "0", "1"), "the label of point 2 is not positive"),
        ((("-1", "2"), ("-2", "4"), ("1", "2")), ("1", "1", "1"), "no point is in the open cone of the two others"),
        ((("-1", "2"), ("0", "1"), ("1", "2")), ("2", "1", "2"), "the residual of the outer point 1"),
    ],
)
def test_data_outside_the_hypotheses_get_one_sentence(inputs, labels, said: str) -> None:
    data = Dataset(tuple(tuple(map(F, x)) for x in inputs), tuple(map(F, labels)))
    with pytest.raises(Undecided, match=said):
        certify_three_points(data)
