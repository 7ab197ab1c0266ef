"""Generic data (theory.md 8.1): the polynomials behind Lemmas 2 and 3 of [BF], and why an extremal vector exists.

Data with a density avoid the zeros of every polynomial in the inputs that does not vanish identically. For each choice
of slopes s_l of the points it is enough to find one example at which the polynomial is not 0, for any pulls other than
0. The example is the same for all of them: the points of the face orthonormal, and every other point p_l e, with a unit
vector e orthogonal to the face.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy import Expr, IndexedBase, Sum, Symbol

from .. import model
from ..flow.equations import activation_goals
from ..formal.derivation import Goal, Nonnegative, Zero
from ..formal.sums import normal_form
from ..formal.vectors import Inner, Vector, differential, family, inner, squared_norm, vector

dimension = Symbol("d", integer=True, positive=True)

_FACE, _FACE_SLOPES = family("z"), IndexedBase("eta", nonnegative=True)
_SLOPES, _PULLS = IndexedBase("s", nonnegative=True), IndexedBase("p", real=True)
_OWN = Symbol("p_0", real=True, nonzero=True)
_UNIT, _OFF, _W, _E, _OTHER, _POINT = (Symbol(name) for name in ("e", "v", "w", "E", "F", "x"))
_D = model.neuron_drift
_EVERY = (model.k, 1, model.n)
_SIZE = Symbol("r", integer=True, positive=True)


def _shares() -> Vector:
    """The sum of s_k p_k x_k over the points off the face."""
    return (vector(model.inputs[model.k]) * (_SLOPES[model.k] * _PULLS[model.k])).over(_EVERY)


def _at_the_example(expression: Expr) -> Expr:
    """Every x_k replaced by p_k e, and the projection v of x_0 = p_0 e off the face by x_0 itself; <e, e> = 1."""

    def place(atom: Inner) -> Expr:
        factor = sympy.S.One
        for generator in atom.args:
            if generator == _OFF:
                factor *= _OWN
            elif isinstance(generator, sympy.Indexed) and generator.base == model.inputs:
                factor *= _PULLS[generator.indices[0]]
            else:
                return atom
        return factor

    return expression.replace(lambda part: isinstance(part, Inner), place)


def boundary_goals(excepted: bool) -> Iterator[Goal]:
    """A drift in frakD_u on the boundary of its cone, or of the opposite one, is on the zeros of a polynomial.

    It is orthogonal to the points z_i of the face, and to a further point x_0. With v the projection of x_0 off the
    face, 0 = n <D, x_0> = n <D, v> does not depend on the slopes on the face. Times the Gram determinant of the z_i,
    which is 1 in the example, it is a polynomial in the inputs, and p_0 sum s_k p_k^2 in the example. If 0 in frakD_u
    is excepted, some slope s_1 is positive: otherwise n <D, v> = 0 for every such v, and D = 0. For d or more points on
    the face v = 0, and D = 0, for generic data.
    """
    face = (vector(_FACE[model.k]) * (_FACE_SLOPES[model.k] * _PULLS[model.k])).over((model.k, 1, _SIZE))
    along = inner(_shares() + face, vector(_OFF))
    seen = along.replace(lambda part: isinstance(part, Inner) and part.has(_FACE), lambda *_: sympy.S.Zero)
    value = inner(_shares(), vector(_OFF))
    yield Zero("n <D, v> does not depend on the slopes on the face", normal_form(seen - value))
    squares = Sum(_SLOPES[model.k] * _PULLS[model.k] ** 2, _EVERY)
    yield Zero("the polynomial at the example", normal_form(_at_the_example(value) - _OWN * squares))
    if excepted:  # the other terms of the sum
        yield Nonnegative("it is at least s_1 p_1^2 > 0 times p_0", squares)
    else:
        pull, slope = Symbol("p_1", real=True, nonzero=True), Symbol("s_1", nonnegative=True)
        yield Nonnegative("sum s_k p_k^2 is not 0, whatever the slopes", slope * pull**2 - pull**2 / 2)


def slope_goals() -> Iterator[Goal]:
    """In the plane a one-sided derivative of G at the kink of x_0 is 0 on the zeros of a polynomial only.

    The quarter turn e' of the direction is along x_0 there, so that n ||x_0|| times the derivative is, up to its sign,
    n <D, x_0> for the drift D beside the kink, with x_0 counted too: p_0 sum s_k p_k^2 in the example. It is 0 if every
    slope is, as on an arc with D = 0.
    """
    length = Symbol("||x_0||", positive=True)
    ahead = vector(_OFF) / length
    value = length * inner(_shares(), ahead)
    squares = Sum(_SLOPES[model.k] * _PULLS[model.k] ** 2, _EVERY)
    yield Zero("n ||x_0|| G' beside the kink, in the example", normal_form(_at_the_example(value) - _OWN * squares))


def independence_goals(size: Expr) -> Iterator[Goal]:
    """`size` vectors p_k x_k with orthonormal x_k are orthogonal and not 0, so that their Gram determinant is not 0."""
    first, second = (vector(name) * pull for name, pull in (("e_1", _PULLS[1]), ("e_2", _PULLS[2])))
    orthonormal = {Inner(Symbol("e_1"), Symbol("e_2")): sympy.S.Zero, Inner(Symbol("e_1"), Symbol("e_1")): sympy.S.One}
    yield Zero("two of them are orthogonal", inner(first, second).xreplace(orthonormal))
    yield Zero("the square of one is that of its pull", squared_norm(first).xreplace(orthonormal) - _PULLS[1] ** 2)
    yield Nonnegative("so many orthonormal vectors exist", dimension - size)


def for_every_data_set() -> Goal:
    """What a statement about every data set, not almost every one, would need: the polynomial never vanishes."""
    free = sum((IndexedBase("c", real=True)[i] * _PULLS[i] for i in (1, 2)), sympy.S.Zero)
    return Nonnegative("the polynomial vanishes for no data", free**2 - _PULLS[1] ** 2 - _PULLS[2] ** 2)


def extremal_goals() -> Iterator[Goal]:
    """At a unit vector w that maximises |G| some D in frakD(w, 0) is G(w) w, hence extremal if G(w) != 0.

    Let w maximise G, and E be the element of least norm among the D - <D, w> w, D in frakD(w, 0). The convex set of
    these contains E + t (F - E) for each F of it, so that <F, E> >= ||E||^2. The derivative of G/||w|| along E is <D,
    E> for a D in frakD(w, 0): a point on the face counts by the branch of its sign. It is at least ||E||^2, and not
    positive at a maximum; so E = 0. If w minimises G, the pulls change sign.
    """
    yield from activation_goals()
    step = Symbol("t", real=True)
    moved = squared_norm(vector(_E) + (vector(_OTHER) - vector(_E)) * step)
    gap = Inner(_E, _OTHER) - Inner(_E, _E)
    yield Zero("derivative of ||E + t (F - E)||^2 at 0", sympy.diff(moved, step).subs(step, 0) - 2 * gap)
    yield Nonnegative("<F, E> >= 0", Inner(_E, _OTHER), (gap, Inner(_E, _E)), (gap,))
    across = {Inner(_W, _E): sympy.S.Zero, Inner(_W, _W): sympy.S.One}
    quotient = Inner(_D, _W) / sympy.sqrt(Inner(_W, _W))
    turned = differential(quotient, {_W: vector(_E)}).xreplace(across)
    tangential = vector(_D) - vector(_W) * Inner(_D, _W)
    yield Zero(
        "the derivative of G/||w|| along E is <D - <D, w> w, E>",
        turned - inner(tangential, vector(_E)).xreplace(across),
    )
    value = Symbol("G(w)", real=True)
    parallel = inner(vector(_W) * value, vector(_POINT)) - value * Inner(_W, _POINT)
    yield Zero("D = G(w) w has the pattern of w, or the opposite one", parallel)


def not_constant_goals() -> Iterator[Goal]:
    """n G(x_0) is a polynomial for each choice of slopes, p_0 (p_0^2 + sum s_k p_k^2) in the example."""
    own = vector(_OFF)
    value = _OWN * squared_norm(own) + inner(_shares(), own)
    squares = _OWN**2 + Sum(_SLOPES[model.k] * _PULLS[model.k] ** 2, _EVERY)
    yield Zero("n G(x_0) at the example", normal_form(_at_the_example(value) - _OWN * squares))
    yield Nonnegative("it is at least p_0^2 times p_0", squares - _OWN**2)


def count_goals(count: int, either_sign: bool) -> Iterator[Goal]:
    """The maximum of |G| gives one vector, seen by the sign of G(w): more, or a sign, would need more."""
    yield Nonnegative("one vector is found", sympy.Integer(1 - count))
    if not either_sign:
        yield Nonnegative("the largest |G| is a maximum of G", Symbol("G(w)", real=True))
