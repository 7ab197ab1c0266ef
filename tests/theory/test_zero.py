"""What SymPy does not prove must not count as proved: the prover of signs, without its screen of points."""

import pytest
import sympy

from early_alignment.theory.formal.decide import decide_nonnegative, plainly_nonnegative

x, y, z = sympy.symbols("x y z", real=True)
p = sympy.Symbol("p", positive=True)


@pytest.mark.parametrize("term", [p, x**2, p * x**2, (x - y) ** 2 + p, x**2 * y**4, sympy.exp(x), z, p * z, z + x**2])
def test_plainly_nonnegative_terms_are_recognised(term: sympy.Expr) -> None:
    assert plainly_nonnegative(term, given=(z,))


@pytest.mark.parametrize("term", [x, -p, x * y, x**3, p - 1, x**2 - y**2, -z, x * z, z - p])
def test_terms_that_can_be_negative_are_not(term: sympy.Expr) -> None:
    assert not plainly_nonnegative(term, given=(z,))


def test_a_certificate_must_add_up() -> None:
    square = x**2 - 2 * x * y + y**2
    assert decide_nonnegative(square, certificate=((x - y) ** 2,)).verdict is True
    assert decide_nonnegative(square, certificate=(x**2, y**2)).verdict is None
    assert decide_nonnegative(x * y).verdict is False
    assert decide_nonnegative(x * y, given=(x, y)).verdict is True
