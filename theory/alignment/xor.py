"""Extremal vectors of the population loss of XOR with Gaussian inputs (theory.md 12.7), in polar coordinates.

x ~ N(0, I_d), y = -sign(x_1 x_2), and w in the plane of e_1 and e_2 at the angle phi. All coordinates of E[y x 1{<w, x>
> 0}] but the first two vanish, since x_3, .., x_d are independent of the rest with mean 0. In the plane, with x = rho
(cos alpha, sin alpha), the half-plane of w is |alpha - phi| < pi/2, and sign(x_1 x_2) is (-1)^q in quadrant q.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy
from sympy import Expr, Integer, Rational, Symbol, cos, pi, sin

from .. import model
from ..formal.derivation import Goal, Nonnegative, Zero

turn = Symbol("psi", positive=True)
"""phi = q pi/2 + psi with 0 < psi < pi/2: w lies in quadrant q."""
alpha, rho = Symbol("alpha", real=True), Symbol("rho", positive=True)
QUADRANTS = range(4)


def radial() -> Expr:
    """The density 1/(2 pi) times the integral over rho of rho^2 e^{-rho^2/2}."""
    weight = sympy.integrate(rho**2 * sympy.exp(-(rho**2) / 2), (rho, 0, sympy.oo))
    return sympy.simplify(weight / (2 * pi))


def correlation(quadrant: int, angle: Expr) -> tuple[Expr, Expr]:
    """E[y x 1{<w, x> > 0}] in the plane for w at the angle quadrant pi/2 + `angle`, 0 <= `angle` < pi/2.

    The half-plane is cut at the axes quadrant pi/2 and (quadrant + 1) pi/2; y = -(-1)^q in quadrant q.
    """
    axes = (quadrant * pi / 2, (quadrant + 1) * pi / 2)
    start, end = axes[0] + angle - pi / 2, axes[0] + angle + pi / 2
    arcs = ((start, axes[0], quadrant - 1), (axes[0], axes[1], quadrant), (axes[1], end, quadrant + 1))
    first, second = (
        sympy.Add(*(-((-1) ** (q % 2)) * sympy.integrate(part(alpha), (alpha, low, high)) for low, high, q in arcs))
        for part in (cos, sin)
    )
    return radial() * first, radial() * second


def formula(coefficient: Expr, exchanged: bool, quadrant: int, angle: Expr) -> tuple[Expr, Expr]:
    """-coefficient (sign(w_2) (1 - |cos phi|), sign(w_1) (1 - |sin phi|)); cos and sin `exchanged` in a false one."""
    phi = quadrant * pi / 2 + angle
    right, above = (1 if quadrant in (0, 3) else -1), (1 if quadrant in (0, 1) else -1)  # the signs of w_1 and w_2
    along, across = right * cos(phi), above * sin(phi)  # |cos phi|, |sin phi|
    if exchanged:
        along, across = across, along
    return -coefficient * above * (1 - along), -coefficient * right * (1 - across)


def goals(coefficient: Expr, exchanged: bool, factor: Expr, angles: Sequence[Expr]) -> Iterator[Goal]:
    """The formula in every quadrant, the factor of the logistic loss, and where the drift is parallel to w.

    `angles` are all phi at which it is, and at these alone: in each quadrant w_1 D_2 - w_2 D_1 is a multiple of
    cos psi - sin psi, which falls strictly, so that it has one root. On the axes <D, w> vanishes, and D does not.
    """
    pull = model.LOGISTIC.pull.subs(model.prediction, 0)
    yield Zero("the pull of the logistic loss at h = 0", pull - factor * model.label)
    yield Zero("one direction in each quadrant", Integer(len(set(angles)) - len(QUADRANTS)))
    for quadrant in QUADRANTS:
        exact = correlation(quadrant, turn)
        stated = formula(coefficient, exchanged, quadrant, turn)
        for name, left, right in zip(("first", "second"), exact, stated, strict=True):
            yield Zero(f"the {name} coordinate in quadrant {quadrant + 1}", left - right)
        w = (cos(quadrant * pi / 2 + turn), sin(quadrant * pi / 2 + turn))
        cross = w[0] * exact[1] - w[1] * exact[0]
        side = -((-1) ** quadrant)
        yield Zero(f"w x D in quadrant {quadrant + 1}", cross - side * coefficient * (cos(turn) - sin(turn)))
        on_axis = correlation(quadrant, Integer(0))
        axis = (cos(quadrant * pi / 2), sin(quadrant * pi / 2))
        yield Zero(f"<D, w> on axis {quadrant + 1}", axis[0] * on_axis[0] + axis[1] * on_axis[1])
        yield Zero(f"||D||^2 on axis {quadrant + 1}", on_axis[0] ** 2 + on_axis[1] ** 2 - coefficient**2)
    falls = -sympy.diff(cos(turn) - sin(turn), turn)
    positive = (cos(turn), sin(turn))
    yield Nonnegative("cos psi - sin psi falls", falls, positive, positive)
    for angle in angles:
        quadrant = int(angle // (pi / 2))
        inside = angle - quadrant * pi / 2
        exact = correlation(quadrant, inside)
        yield Zero(f"w x D at {angle}", sympy.simplify(cos(angle) * exact[1] - sin(angle) * exact[0]))


COEFFICIENT = Rational(1, 2) * sympy.sqrt(2 / pi)
ANGLES = tuple(Rational(k, 4) * pi for k in (1, 3, 5, 7))
"""The angles of (1, 1), (-1, 1), (-1, -1) and (1, -1)."""
