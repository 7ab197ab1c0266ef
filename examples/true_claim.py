"""A claim of your own that is true: a balanced neuron under a constant drift never shrinks its output weight twice.

Check it with `proofs-check verify examples/true_claim.py`.
"""

from fractions import Fraction

import sympy
from hypothesis import strategies as st

from early_alignment import Claim, Margin, Mutant, Nonnegative, Source, property_check, symbolic

cosine = sympy.Symbol("c", real=True)
rate = sympy.Symbol("r", positive=True)
CHANGE = rate * (1 - cosine**2)
"""c' under a constant drift of norm r, theory.md 3.1."""

CLAIM = Claim(
    id="example.cosine-grows",
    title="Under a constant drift the cosine with the drift never decreases",
    kind="inequality",
    statement=sympy.Ge(CHANGE, 0, evaluate=False),
    hypotheses=("the drift is constant, of norm r > 0", "the normalised neuron lies in the closed unit ball"),
    scope="every dimension; c in [-1, 1]",
    source=Source("this example", "an exercise", "3.1"),
    assuming=(cosine >= -1, cosine <= 1),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "strict growth by r/2",
            sympy.Ge(CHANGE, rate / 2, evaluate=False),
            "at c = 1 the left side is 0 and the right side is r/2 > 0",
        ),
    ),
)


@symbolic()
def the_change_is_a_product_of_nonnegative_factors(statement):
    """r (1 - c)(1 + c) >= 0 where 1 - c and 1 + c are."""
    yield Nonnegative(
        "left side minus right side",
        statement.lhs - statement.rhs,
        certificate=(rate * (1 - cosine) * (1 + cosine),),
        given=(1 - cosine, 1 + cosine),
    )


@property_check(st.tuples(st.fractions(-1, 1, max_denominator=64), st.fractions(Fraction(1, 8), 8, max_denominator=8)))
def it_holds_at_random_rational_points(statement, case):
    """Both sides in exact rational arithmetic: nothing is allowed."""
    c, r = case
    values = {cosine: sympy.Rational(c.numerator, c.denominator), rate: sympy.Rational(r.numerator, r.denominator)}
    shortfall = (statement.rhs - statement.lhs).subs(values)
    return Margin(max(0.0, float(shortfall)), 0.0, "exact rationals: no error to allow for", {"c": c, "r": r})
