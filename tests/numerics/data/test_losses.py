"""The losses: stable, equal to the expressions of theory/model.py, and to mpmath's own arithmetic."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import InputError, get_loss
from early_alignment.numerics.data.losses import LOSS_NAMES, lipschitz_losses, stable
from early_alignment.theory import model

predictions = st.one_of(st.floats(-1e4, 1e4), st.floats(-1, 1), st.sampled_from([0.0, 709.0, 711.0, -746.0, 1e8]))
EPS = np.finfo(float).eps
SMALLEST = float(np.finfo(float).tiny)


def logistic_oracle(h, y):
    """Value and pull of log(1 + exp(-y h)) in 60 digits, from mpmath alone."""
    with mpmath.workdps(60):
        u = mpmath.mpf(y) * mpmath.mpf(h)
        return mpmath.log1p(mpmath.exp(-u)), mpmath.mpf(y) / (1 + mpmath.exp(u))


@given(predictions, st.sampled_from([1, -1]))
def test_the_logistic_loss_is_accurate_for_every_prediction(h, y):
    """Rounding the exponent, at most 745 before the result underflows, gives a relative error of 746 eps at most."""
    loss = get_loss("logistic")
    value, pull = logistic_oracle(h, y)
    for computed, exact in ((loss.value(h, y), value), (loss.pull(h, y), pull)):
        assert abs(mpmath.mpf(float(computed)) - exact) <= 750 * EPS * abs(exact) + SMALLEST


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_square_loss_is_exact_up_to_rounding(h, y):
    loss = get_loss("square")
    exact = Fraction(h) - Fraction(y)
    assert abs(Fraction(float(loss.pull(h, y))) + exact) <= Fraction(EPS) * abs(exact)
    assert abs(Fraction(float(loss.value(h, y))) - exact**2 / 2) <= 4 * Fraction(EPS) * exact**2 + Fraction(SMALLEST)


@pytest.mark.parametrize("loss", model.LOSSES.values(), ids=str)
@given(h=st.fractions(-30, 30, max_denominator=100), y=st.sampled_from([1, -1]))
def test_the_stable_form_is_the_expression_of_the_theory(loss, h, y):
    """Both forms in 40 digits, at rational points: they are one function."""
    at = {model.prediction: sympy.Rational(h), model.label: y}
    for expression in (loss.value, loss.pull):
        difference = expression.subs(at).evalf(40) - sympy.N(stable(expression).subs(at).rewrite(sympy.log), 40)
        assert abs(difference) < sympy.Float("1e-35") * (1 + abs(expression.subs(at)))


@given(st.lists(st.fractions(max_denominator=1000), max_size=5))
def test_exact_pulls_at_zero(labels):
    labels = tuple(labels)
    assert get_loss("square").exact_pull_at_zero(labels) == labels
    assert get_loss("logistic").exact_pull_at_zero(labels) == tuple(label / 2 for label in labels)
    assert get_loss("exponential").exact_pull_at_zero(labels) == labels


@pytest.mark.parametrize(("name", "kappa"), [("square", 1.0), ("logistic", 0.25)])
@given(h=st.floats(-50, 50), step=st.floats(-1, 1), y=st.sampled_from([1.0, -1.0]))
def test_kappa_bounds_the_change_of_the_pull(name, kappa, h, step, y):
    loss = get_loss(name)
    assert loss.kappa == kappa
    moved = (h + step) - h
    assert abs(loss.pull(h + step, y) - loss.pull(h, y)) <= kappa * abs(moved) + 4 * EPS * (1 + abs(h))


@given(h=st.floats(-300, 700), y=st.sampled_from([1.0, -1.0]))
def test_the_exponential_loss_is_its_own_curvature_and_has_no_kappa(h, y):
    """l'' = |p| = l: no number bounds it, and it is accurate to the rounding of its exponent."""
    loss = get_loss("exponential")
    with mpmath.workdps(60):
        exact = mpmath.exp(-mpmath.mpf(y) * mpmath.mpf(h))
    for computed in (loss.value(h, y), loss.pull(h, y) * y):
        assert abs(mpmath.mpf(float(computed)) - exact) <= 750 * EPS * exact + SMALLEST
    assert loss.kappa == np.inf
    assert loss.flattens
    assert lipschitz_losses() == ("square", "logistic")


@pytest.mark.parametrize("name", LOSS_NAMES)
def test_values_and_pulls_broadcast(name):
    loss = get_loss(name)
    h, y = np.array([[0.5], [-2.0], [3.0]]), np.array([1.0, -1.0])
    assert loss.value(h, y).shape == loss.pull(h, y).shape == (3, 2)
    assert loss.value(h, y)[1, 0] == loss.value(-2.0, 1.0)
    assert loss.pull([0.5, 1], [1, -1]).shape == (2,)


def test_an_unknown_loss_is_refused():
    with pytest.raises(InputError, match="square, logistic and exponential"):
        get_loss("hinge")


@pytest.mark.parametrize("name", ["logistic", "exponential"])
def test_of_the_classes_0_and_1_the_refusal_says_what_to_write(name):
    advice = r"row 2: the label is 0; the \w+ loss takes 1 and -1; for the classes 0 and 1 write -1 in place of 0$"
    with pytest.raises(InputError, match=advice):
        get_loss(name).check_labels((Fraction(1), Fraction(0), Fraction(0)))
    with pytest.raises(InputError, match=r"row 2: the label is 0; the \w+ loss takes 1 and -1$"):
        get_loss(name).check_labels((Fraction(1), Fraction(0), Fraction(-1)))


def test_the_cross_entropy_of_the_classes_0_and_1_is_the_logistic_loss():
    h = model.prediction
    probability = 1 / (1 + sympy.exp(-h))
    for y in (0, 1):
        entropy = -y * sympy.log(probability) - (1 - y) * sympy.log(1 - probability)
        logistic = model.LOGISTIC.value.subs(model.label, 2 * y - 1)
        assert sympy.simplify(sympy.diff(entropy - logistic, h)) == 0
        assert sympy.simplify((entropy - logistic).subs(h, 0)) == 0
