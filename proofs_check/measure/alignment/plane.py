"""What the evidence of `alignment.plane` measures (theory.md 10.5)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ....numerics.oracles.rational import Vector, drift_on, inner, pattern_of, plane_patterns
from ....theory.alignment import plane
from ....theory.formal.derivation import Goal
from ...cases.strategies import LEAKS, ProblemCase, datasets
from ...claim.draws import assume, composite, st
from ...claim.evidence import Margin
from ...claim.statement import Predicate

TURN = Fraction(1, 2**30)
"""Tangent of half the angle by which a critical direction is turned, to compare G there. It is less than the angle to
any other kink or zero of F: with inputs, labels and leak in eighths, n <= 5 and entries of at most 4, the determinants
of such directions are multiples of 1/20480, and they are shorter than 32."""


@composite
def plane_problems(draw: st.DrawFn) -> ProblemCase:
    """Up to five points of the plane, no two parallel and no label 0, with each leak."""
    data = draw(datasets(n=(1, 5), d=(2, 2), special=False))
    assume(all(data.labels))
    return ProblemCase(data, "square", draw(st.sampled_from(LEAKS)))


def obligations(statement: Predicate) -> Iterator[Goal]:
    """Arcs, the jump at a kink, and what it makes of a critical kink."""
    yield from plane.arc_goals()
    yield from plane.jump_goals(statement["jump"])
    yield from plane.kink_goals(statement["jump"], statement["kinds"])


def strict_extrema(statement: Predicate, case: ProblemCase) -> Margin:
    """Every critical direction, from the definition of frakD(w, 0) in rationals, beside G at its two neighbours."""
    found = 0
    for w in _critical_directions(case):
        slopes = [_slope(case, w, side) for side in (1, -1)]
        if 0 in pattern_of(w, case.data.inputs) and not all(slopes):
            sides = (_turned(w, side * TURN) for side, slope in zip((1, -1), slopes, strict=True) if not slope)
            assume(not any(any(_drift(case, side)) for side in sides))
            continue  # the end of an arc on which the drift is 0
        here, beside = _correlation(case, w), [_correlation(case, _turned(w, side * TURN)) for side in (1, -1)]
        kind = plane.MAXIMUM if here > max(beside) else plane.MINIMUM if here < min(beside) else "neither"
        if kind not in statement["kinds"]:
            return Margin(1.0, 0.0, "a strict extremum that is stated", {"direction": w, "kind": kind})
        found += 1
    return Margin(float(not found), 0.0, "the largest value of |G| is at a critical direction", {"critical": found})


def jumps_at_kinks(statement: Predicate, case: ProblemCase) -> Margin:
    """What the derivative of G gains at every kink, in rationals, beside the stated multiple of p_k ||x_k||^2/n."""
    leak = {plane.leak: case.leak}
    stated = Fraction(str(statement["jump"].subs(leak)))
    for x, pull in zip(case.data.inputs, case.problem.pulls_at_zero, strict=True):
        for w in ((-x[1], x[0]), (x[1], -x[0])):  # as long as x
            gained = _slope(case, w, 1) + _slope(case, w, -1)
            if gained != stated * pull * inner(x, x) / case.data.n:
                return Margin(1.0, 0.0, "exact numbers", {"direction": w, "gained": gained})
    return Margin(0.0, 0.0, "exact numbers")


def _critical_directions(case: ProblemCase) -> Iterator[Vector]:
    """All w for which some D in frakD(w, 0) is parallel to w, outside of arcs on which D = 0; of any length."""
    inputs, pulls = case.data.inputs, case.problem.pulls_at_zero
    for x in inputs:
        for w in ((-x[1], x[0]), (x[1], -x[0])):
            if drift_on(pattern_of(w, inputs), inputs, pulls, case.leak) is not None:
                yield w
    for pattern in plane_patterns(inputs):
        drift = drift_on(pattern, inputs, pulls, case.leak) if all(pattern) else None
        if drift is not None and any(drift):
            along = (drift, tuple(-value for value in drift))
            yield from (direction for direction in along if pattern_of(direction, inputs) == pattern)


def _drift(case: ProblemCase, w: Vector) -> Vector:
    """The drift at a direction on no hyperplane."""
    drift = drift_on(pattern_of(w, case.data.inputs), case.data.inputs, case.problem.pulls_at_zero, case.leak)
    assert drift is not None
    return drift


def _activation(case: ProblemCase, z: Fraction) -> Fraction:
    return max(z, case.leak * z)


def _correlation(case: ProblemCase, w: Vector) -> Fraction:
    """n G(w)."""
    terms = zip(case.problem.pulls_at_zero, case.data.inputs, strict=True)
    return sum((pull * _activation(case, inner(w, x)) for pull, x in terms), Fraction(0))


def _slope(case: ProblemCase, w: Vector, side: int) -> Fraction:
    """The one-sided derivative of G at w along `side` times w turned by a quarter."""
    ahead = (-side * w[1], side * w[0])
    total = Fraction(0)
    for pull, x in zip(case.problem.pulls_at_zero, case.data.inputs, strict=True):
        height, rate = inner(w, x), inner(ahead, x)
        total += pull * (_activation(case, rate) if height == 0 else rate if height > 0 else case.leak * rate)
    return total / case.data.n


def _turned(w: Vector, tangent: Fraction) -> Vector:
    """w turned by the angle whose half has this tangent, exactly; of the same length."""
    cosine, sine = (1 - tangent**2) / (1 + tangent**2), 2 * tangent / (1 + tangent**2)
    return cosine * w[0] - sine * w[1], sine * w[0] + cosine * w[1]
