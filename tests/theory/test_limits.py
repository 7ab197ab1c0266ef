"""Limits and sums by SymPy are used only when numbers confirm them."""

import pytest
import sympy

from early_alignment.theory.formal.decide import decide_nonnegative, decide_zero
from early_alignment.theory.formal.limits import Unconfirmed, confirm, evaluated, limit

x, k = sympy.symbols("x k", positive=True)
i = sympy.Symbol("i", integer=True, nonnegative=True)

PUBLIC_FAULT = sympy.tan(k * sympy.atan(x) - (k - 1) * sympy.pi / 2) / x
"""SymPy issue 28360: SymPy 1.14 returns 0 for x -> oo; the limit is 1/k."""

TRUE_LIMITS = {
    "exponential": (sympy.tanh(k * x), sympy.oo, 1),
    "inverse logarithm": (1 / sympy.log(x), sympy.oo, 0),
    "a square root": (sympy.sqrt(x**2 + x) - x, sympy.oo, sympy.Rational(1, 2)),
    "at zero": (sympy.sin(x) / x, 0, 1),
    "infinite": (sympy.log(x), sympy.oo, sympy.oo),
    "minus infinity": (sympy.log(x), 0, -sympy.oo),
}


@pytest.mark.parametrize("name", TRUE_LIMITS)
def test_true_limits_are_confirmed(name):
    expression, point, value = TRUE_LIMITS[name]
    assert limit(expression, x, point) == value


@pytest.mark.parametrize("name", TRUE_LIMITS)
def test_a_wrong_value_is_not_confirmed(name):
    expression, point, value = TRUE_LIMITS[name]
    wrong = sympy.S.One if value in (sympy.oo, -sympy.oo) else value + sympy.Rational(1, 100)
    with pytest.raises(Unconfirmed):
        confirm(expression, x, point, "+", wrong)


def test_a_wrong_limit_of_sympy_is_not_accepted():
    with pytest.raises(Unconfirmed, match="stated value is 0"):
        confirm(PUBLIC_FAULT, x, sympy.oo, "+", sympy.S.Zero)
    confirm(PUBLIC_FAULT, x, sympy.oo, "+", 1 / k)
    stated = sympy.Limit(PUBLIC_FAULT, x, sympy.oo)
    assert decide_zero(stated).verdict is not True
    assert decide_zero(stated - 1 / k).verdict is not False


def test_unevaluated_limits_and_sums_are_decided():
    total = sympy.Sum(sympy.Rational(1, 2) ** i, (i, 0, sympy.oo))
    assert decide_zero(sympy.Limit(sympy.tanh(x), x, sympy.oo) - 1).verdict is True
    assert decide_zero(sympy.Limit(sympy.tanh(x), x, sympy.oo) - 2).verdict is False
    assert decide_zero(total - 2).verdict is True
    assert decide_zero(total - 3).verdict is False
    assert evaluated(sympy.Sum(1 / (i + 1) ** 2, (i, 0, sympy.oo))) == sympy.pi**2 / 6


def test_a_derivative_of_an_explicit_expression_is_taken():
    assert decide_zero(sympy.Derivative(x**2, x) - 2 * x).verdict is True
    assert decide_zero(sympy.Derivative(x**2, x) - 3 * x).verdict is False


def test_a_one_sided_limit_is_not_accepted_as_a_limit():
    z = sympy.Symbol("z", real=True)
    with pytest.raises(Unconfirmed, match="two sides"):
        evaluated(sympy.Limit(sympy.sign(z), z, 0, "+-"))


def test_hypotheses_that_contradict_each_other_prove_nothing():
    z = sympy.Symbol("z", real=True)
    assert decide_nonnegative(z - 5, given=(z - 5, -z - 1)).verdict is None
    assert decide_nonnegative(z, domain={sympy.Symbol("u", positive=True): (0, 1)}, given=(z,)).verdict is True
    u = sympy.Symbol("u", positive=True)
    assert decide_zero(u * 0 + sympy.sin(u) ** 2 + sympy.cos(u) ** 2 - 1, {u: (-2, -1)}).verdict is None


def test_violations_at_the_edge_of_the_domain_are_found():
    z = sympy.Symbol("z", nonnegative=True)
    far = sympy.Symbol("far", positive=True)
    assert decide_nonnegative(2000 - far).verdict is False
    assert decide_nonnegative(z - sympy.Rational(1, 1000)).verdict is False
