"""The correlation along the frozen flow (theory.md 3.6): sign(a) G(w)/||w|| never decreases, sliding included."""

from __future__ import annotations

import sympy
from sympy import Basic, Expr, Symbol

from .derivation import Derivation, Goal, SignGoal, ZeroGoal
from .inner import Inner, differential, inner, squared_norm, vector
from .structure import derivation_of

output = Symbol("a", real=True, nonzero=True)
correlation, norm = Symbol("G", real=True), Symbol("w_norm", positive=True)
quantity: Expr = sympy.sign(output) * correlation / norm
"""sign(a) G(w)/||w||, the quantity whose time derivative is non-negative."""

STATEMENT = sympy.Ge(sympy.Derivative(quantity, Symbol("t")), 0, evaluate=False)
"""alignment.correlation-monotone."""


def goals(statement: Basic) -> tuple[Goal, ...]:
    """The derivative of the stated quantity along w' = a D, for either sign of a.

    D = along w + e with <w, e> = 0; such an e exists for every D, which turns Cauchy-Schwarz into ||e||^2 >= 0. On a
    face the other choices D' = D + s x give the same G, as <w, x> = 0, and D is locally constant there as in a cell.
    """
    stated = statement.args[0].args[0]
    along, slope = Symbol("u", real=True), Symbol("s", real=True)
    w, e, x = (Symbol(name) for name in ("w", "e", "x"))
    drift = along * vector(w) + vector(e)
    generic = Symbol("D")
    value = inner(vector(generic), vector(w))
    length, error = Symbol("W", positive=True), Symbol("e_squared", nonnegative=True)
    flow = {w: vector(generic) * output}
    path = stated.subs({correlation: value, norm: sympy.sqrt(Inner(w, w))})
    products = {
        Inner(generic, w): inner(drift, vector(w)),
        Inner(generic, generic): squared_norm(drift),
    }
    reduced = differential(path, flow).xreplace(products).xreplace({Inner(w, e): sympy.S.Zero})
    reduced = reduced.xreplace({Inner(w, w): length**2, Inner(e, e): error})
    size = Symbol("a_size", positive=True)
    face = inner(drift + slope * vector(x), vector(w)) - inner(drift, vector(w))
    signs = (SignGoal(f"a of sign {s:+d}", sympy.simplify(reduced.subs(output, s * size))) for s in (1, -1))
    return (ZeroGoal("G on a face", face.xreplace({Inner(w, x): sympy.S.Zero})), *signs)


def derivation() -> Derivation:
    """theory.md 3.6."""
    return derivation_of("The correlation never decreases", goals(STATEMENT), STATEMENT)
