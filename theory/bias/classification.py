"""Classification of correlated data (theory.md 6.6): when neurons have taken sides, and the rank of W in the end."""

from __future__ import annotations

import sympy
from sympy import Expr

mu, depth, length = sympy.symbols("mu c X", positive=True)
"""The least correlation; how deep a start may be; the length of the shortest input."""
time = sympy.Symbol("t", positive=True)


def time_of_sides(correlation: Expr) -> Expr:
    """The bound on the time of the sum loss at pulls of size 1/2, for this least correlation."""
    return 2 * sympy.atanh(depth / sympy.sqrt(correlation)) / (sympy.sqrt(correlation) * length)


stable_rank: Expr = 2 / (1 + mu)
"""The bound on ||W||_F^2/||W||_2^2 as t -> infinity."""

own_margin, other_margin = sympy.symbols("gamma_+ gamma_-", positive=True)
"""The largest margins of the class that a sign of the output weights is for, and of the other class."""
limit_share: Expr = sympy.sqrt((1 / own_margin) / (2 * (1 / own_margin + 1 / other_margin)))
"""The limit of ||W_+||/||theta|| as t -> infinity (theory.md 11.2); of ||W_-||/||theta|| with the margins exchanged."""
