"""A claim of your own that is false: it takes the cosine's growth for exponential, whatever the start.

`proofs-check verify examples/false_claim.py` refutes it, prints the shrunk case on which it fails, and exits with 1.
"""

from fractions import Fraction

import sympy
from hypothesis import strategies as st

from early_alignment import Claim, Margin, Mutant, Source, property_check

cosine = sympy.Symbol("c", real=True)
rate = sympy.Symbol("r", positive=True)
CHANGE = rate * (1 - cosine**2)
"""c' under a constant drift of norm r, theory.md 3.1."""

CLAIM = Claim(
    id="example.cosine-grows-exponentially",
    title="Under a constant drift the cosine with the drift grows at least as fast as exp(r t)",
    kind="inequality",
    statement=sympy.Ge(CHANGE, rate * cosine, evaluate=False),
    hypotheses=("the drift is constant, of norm r > 0", "the normalised neuron lies in the closed unit ball"),
    scope="every dimension; c in [-1, 1]",
    source=Source("this example", "an exercise", "3.1"),
    assuming=(cosine >= -1, cosine <= 1),
    needs=("property",),
    mutants=(
        Mutant(
            "twice the growth rate",
            sympy.Ge(CHANGE, 2 * rate * cosine, evaluate=False),
            "at c = 1 the left side is 0 and the right side is 2 r > 0",
        ),
    ),
)

cosines = st.fractions(-1, 1, max_denominator=64)
rates = st.fractions(Fraction(1, 8), 8, max_denominator=8)


@property_check(st.tuples(cosines, rates))
def it_holds_at_random_rational_points(statement, case):
    """Both sides in exact rational arithmetic: nothing is allowed."""
    c, r = case
    values = {cosine: sympy.Rational(c.numerator, c.denominator), rate: sympy.Rational(r.numerator, r.denominator)}
    shortfall = (statement.rhs - statement.lhs).subs(values)
    return Margin(max(0.0, float(shortfall)), 0.0, "exact rationals: no error to allow for", {"c": c, "r": r})
