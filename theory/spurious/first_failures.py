"""Where the inequalities of theory.md 5.1 first fail: for each, data that move with eta and reach zero at the largest.

The nine coordinates are polynomials in eta. They lie in the closure of T(eta) from the largest eta on, and there the
inequality's polynomial is not positive. Data at an open end are not in T(eta): then it holds at the largest eta too,
and fails behind it, since the polynomial is negative on the closure, hence on data as near as one likes.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Expr, Poly, Rational

from ..positivity.algebraic import ETA, Root, sign_after, sign_at
from ..positivity.bernstein import Range
from . import three_points as points
from .sharp import RANGES, SYMBOLS, mirrored

Place = tuple[Expr, ...]
SHARES = (Rational(0), *(Rational(1, 2**k) for k in range(4, 400, 4)))
"""How near to an open end data are looked for, as shares of the interval; the first is the end itself."""


def _corner(ends: str, **inside: Expr) -> Place:
    """A corner of the closed box, L and H its ends in the order of `SYMBOLS`, with some data given inside."""
    chosen = zip(ends, RANGES, strict=True)
    return tuple(
        sympy.sympify(inside.get(str(entry.symbol), entry.low if end == "L" else entry.high)) for end, entry in chosen
    )


def _on_a_line() -> Place:
    """Three data with the second coordinate 1, but x_2 scaled, at which the form of <beta*, x_1> is least."""
    first, step, scale = Rational(-1, 2), Rational(3, 10), 1 + points.eta
    last = first + step + step * (scale**3 - 2) / 2
    return _corner("LLLHLLLLH", p1=first, p2=scale * (first + step), p3=last)


def _reflected(place: Place) -> Place:
    """The data reflected in the second axis, points 1 and 3 exchanged."""
    values = dict(zip(SYMBOLS, place, strict=True))
    return tuple(mirrored(symbol).xreplace(values) for symbol in SYMBOLS)


_ZERO, _ONE = sympy.S.Zero, sympy.S.One
_MEET_2 = _corner("LLHLLLLHL")
_MEET_3 = _corner("HLLLLLLHL")
_SMALL = _corner("LLHLLLLLL")
_PLACES: Mapping[str, Place] = {
    "<x_1, x_2>": _MEET_2,
    "<x_1, x_3>": _MEET_3,
    "<x_2, x_3>": _reflected(_MEET_2),
    "<D_{1}, x_2>": _MEET_2,
    "<D_{1}, x_3>": _MEET_3,
    "<D_{2}, x_1>": _MEET_2,
    "<D_{2}, x_2>": _corner("HLLLLLLHL", p2=_ZERO, q2=_ZERO),
    "<D_{2}, x_3>": _reflected(_MEET_2),
    "<D_{3}, x_1>": _MEET_3,
    "<D_{3}, x_2>": _reflected(_MEET_2),
    "<D_{1,2}, x_1>": _corner("LLHLLLLHL", p1=-(points.eta**2) / 2),
    "<D_{1,2}, x_2>": _SMALL,
    "<D_{1,2}, x_3>": _corner("LLLLHLLHL"),
    "<D_{1,3}, x_1>": _corner("HLLLLLLHH"),
    "<D_{1,3}, x_2>": _corner("LLHLLLHHL"),
    "<D_{1,3}, x_3>": _reflected(_corner("HLLLLLLHH")),
    "<D_{2,3}, x_1>": _reflected(_corner("LLLLHLLHL")),
    "<D_{2,3}, x_2>": _reflected(_SMALL),
    "<D_{2,3}, x_3>": _reflected(_corner("LLHLLLLHL", p1=-(points.eta**2) / 2)),
    "<D_{1,2,3}, x_1>": _corner("LLHLHLLHL"),
    "<D_{1,2,3}, x_2>": _corner("LLHLLLHLL"),
    "<D_{1,2,3}, x_3>": _reflected(_corner("LLHLHLLHL")),
    "det H": _corner("HLLLLLLHL", p1=_ZERO, p2=_ZERO, p3=_ZERO, q2=_ONE),
    "r_1": _corner("HLHLLHLHL"),
    "r_2": _corner("HHLLLLLHH"),
    "r_3": _reflected(_corner("HLHLLHLHL")),
    "<beta*, x_1>": _on_a_line(),
    "<beta*, x_2>": _corner("HHLLLLLLH"),
    "<beta*, x_3>": _reflected(_on_a_line()),
}
FAILURES: Mapping[str, Place] = {name: _PLACES[name[:-4]] for name in points.NAMES if name[:-4] in _PLACES}
"""The data at which each inequality fails first; those that never fail are not here."""


def value_along(name: str) -> Poly:
    """The inequality's polynomial at its moving data: a polynomial in eta."""
    values = dict(zip(SYMBOLS, FAILURES[name], strict=True))
    return _poly(points.inequalities()[name].xreplace(values))


def fails_from(name: str, largest: Root, until: Rational) -> bool:
    """Whether for every eta in (largest, until] data in the closure of T(eta) give a value below zero, or data in
    T(eta) itself give zero.
    """
    sides = [difference for entry, value in _data(name) for difference in (value - entry.low, entry.high - value)]
    inside = all(sign_after(_poly(side), largest, until) in (0, 1) for side in sides)
    sign = sign_after(value_along(name), largest, until)
    return inside and (sign == -1 or (sign == 0 and not _at_an_open_end(name)))


def fails_at(name: str, largest: Root) -> bool:
    """Whether the moving data at eta = `largest` are in T(largest) itself and give a value that is not positive."""
    for entry, value in _data(name):
        below, above = sign_at(_poly(value - entry.low), largest), sign_at(_poly(entry.high - value), largest)
        if below < int(entry.low_open) or above < int(entry.high_open):
            return False
    return sign_at(value_along(name), largest) <= 0


def counterexample(name: str, eta: Rational) -> dict[str, Rational] | None:
    """Rational data in T(eta) at which the inequality fails, with `eta` and the `value`; None when none was found.

    Open ends are approached by ever smaller shares of the interval, as long as the closure's value is negative.
    """
    if name not in FAILURES:
        return None
    places = []
    for entry, value in _data(name):
        low, high, number = _at(eta, entry.low, entry.high, value)
        places.append((entry, low, high, number))
    if not all(low <= number <= high for _, low, high, number in places) or value_along(name).eval(eta) > 0:
        return None
    movable = any(_inside(*place, SHARES[1]) != place[-1] for place in places)
    for share in SHARES if movable else SHARES[:1]:
        found = recheck(name, eta, {str(place[0].symbol): _inside(*place, share) for place in places})
        if found is not None:
            return found
    return None


def recheck(name: str, eta: Rational, place: Mapping[str, Rational]) -> dict[str, Rational] | None:
    """The data with `eta` and the `value` if they are in T(eta), end by end, and the value is not positive."""
    values = {symbol: place[str(symbol)] for symbol in SYMBOLS} | {points.eta: eta}
    value = points.inequalities()[name].xreplace(values)
    if not value <= 0 or not all(bool(relation.xreplace(values)) for relation in points.assumption(eta + 1)):
        return None
    return {"eta": eta, **place, "value": value}


def _data(name: str) -> list[tuple[Range, Expr]]:
    return list(zip(RANGES, FAILURES[name], strict=True))


def _at_an_open_end(name: str) -> bool:
    return any(
        (entry.low_open and sympy.expand(value - entry.low) == 0)
        or (entry.high_open and sympy.expand(value - entry.high) == 0)
        for entry, value in _data(name)
    )


def _at(eta: Rational, *values: Expr) -> tuple[Rational, ...]:
    """Polynomials in eta at this eta."""
    return tuple(sympy.sympify(value).xreplace({points.eta: eta}) for value in values)


def _inside(entry: Range, low: Rational, high: Rational, number: Rational, share: Rational) -> Rational:
    """A number of [low, high], moved off an open end by a share of the interval."""
    if entry.low_open and number == low:
        return number + share * (high - low)
    if entry.high_open and number == high:
        return number - share * (high - low)
    return number


def _poly(expression: Expr) -> Poly:
    return Poly(sympy.expand(expression), ETA, domain=sympy.QQ)
