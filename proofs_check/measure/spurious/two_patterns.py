"""What the evidence of `spurious.two-patterns` measures (theory.md 10.7)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
import sympy
from sympy import Basic

from ....numerics.oracles.rational import Vector, determinant, inner
from ....numerics.oracles.reference import network_outputs, reference_flow
from ....theory.formal.balls import enclose
from ....theory.spurious import trap, two_patterns
from ...cases.spurious.trap import excess_of, room_of
from ...cases.spurious.two_patterns import GROUPS, TwoPatternCase
from ...claim.draws import assume
from ...claim.evidence import Certificate, Margin, Run
from ...claim.statement import Relations
from ..trajectories import worst
from .trap import within_the_bounds


def both_groups_within_the_bounds(statement: Relations, case: TwoPatternCase) -> Margin:
    """The reference flow from a state in which both groups are trapped: no event, the outputs, and each bound."""
    rates = []
    for sign in GROUPS:
        group = case.group(sign)
        begin = float(excess_of(group, group.a @ group.w))
        assume(begin > 1e-12)
        rates.append(group.constants[2] * room_of(group, begin))
    times = np.linspace(0.0, 6 / min(rates), 61)
    flow = reference_flow(case.X, case.y, case.a, case.w, times, rtol=1e-11)
    margins = [Margin(float(len(flow.events)), 0.0, "no neuron changes its pattern")]
    outputs = np.array([network_outputs(case.X, a, w) for a, w in zip(flow.a, flow.w, strict=True)])
    split, sizes = np.zeros_like(outputs), np.sum(flow.a**2, axis=1)
    for side, sign in zip(two_patterns.SIDES, GROUPS, strict=True):
        of, own = case.neurons(sign), case.pattern == sign
        a, w = flow.a[:, of], flow.w[:, of]
        split[:, own] = np.einsum("tm,tmd->td", a, w) @ case.X[own].T
        relations = two_patterns.trap_relations(statement.relations, side)
        margins += within_the_bounds(relations, case.group(sign), times, sign * a, w)
    rounding = 64 * float(np.finfo(float).eps) * float(np.max(sizes) * np.max(np.linalg.norm(case.X, axis=1)))
    gap = float(np.max(np.abs(outputs - split)))
    return worst(*margins, Margin(gap, rounding, "h = <S_+-, x_k> on I_+-, 0 elsewhere; the rounding of the sums"))


@dataclass(frozen=True)
class Overlap:
    """Five points of which x_3 is in both patterns, and one neuron of each sign: an interpolating network.

    x = (r, -r), (r, r), (0, 1), (-r, r), (-r, -r). The neuron with a > 0 has a w = (s, t), s > t > 0, and is active on
    the first three; its mirror image has a w = (s, -t), a < 0, and is active on the last three. Their outputs at x_3
    cancel.
    """

    r: Fraction
    s: Fraction
    t: Fraction

    @property
    def inputs(self) -> tuple[Vector, ...]:
        """x."""
        r, zero, one = self.r, Fraction(0), Fraction(1)
        return (r, -r), (r, r), (zero, one), (-r, r), (-r, -r)

    @property
    def labels(self) -> Vector:
        """y."""
        low, high = self.r * (self.s - self.t), self.r * (self.s + self.t)
        return low, high, Fraction(0), -high, -low

    @property
    def neurons(self) -> tuple[tuple[Fraction, Vector], tuple[Fraction, Vector]]:
        """(a, w), dominated: a^2 is a little above ||a w||."""
        length = float(self.s**2 + self.t**2) ** 0.5
        a = Fraction(round(length**0.5 * 10**6) + 2, 10**6)
        return (a, (self.s / a, self.t / a)), (-a, (-self.s / a, self.t / a))

    def output(self, x: Vector) -> Fraction:
        """h(x)."""
        return sum((a * max(inner(w, x), Fraction(0)) for a, w in self.neurons), Fraction(0))


PATTERNS = ((0, 1, 2), (2, 3, 4))


def overlapping_patterns_end_elsewhere(statement: Relations, run: Run) -> Certificate:
    """Stationary networks with overlapping patterns, whose margins exceed the bounds, and which miss least squares."""
    numbers = run.choose((2, 3), (2, 3, 4, 5))
    states = [Overlap(Fraction(r), Fraction(s), Fraction(t)) for r in numbers for s in (3, 4) for t in (1, 2) if s > t]
    disjoint = statement.hypotheses["disjoint"] == two_patterns.HYPOTHESES["disjoint"]
    with flint.ctx.workprec(128):
        for state in states:
            missed = [_missed(state, k) for k in (0, 1)]
            still = all(state.output(x) == y for x, y in zip(state.inputs, state.labels, strict=True))
            if not still or not all(missed) or not all(_in_the_trap(statement, state, k) for k in (0, 1)):
                return Certificate(len(states), "not decided", undecided=f"{state} is not such a network")
            if not disjoint:
                where = {"inputs": state.inputs, "labels": state.labels, "neurons (a, w)": state.neurons}
                return Certificate(len(states), "h is not the least-squares fit on I_+", counterexample=where)
    return Certificate(len(states), f"{len(states)} networks with a point in both patterns; all miss least squares")


def _least_squares(state: Overlap, group: int) -> tuple[Vector, tuple[Vector, Vector]]:
    """beta* and H of a pattern, H = (1/n) sum x x^T with n = 5."""
    own = [(state.inputs[k], state.labels[k]) for k in PATTERNS[group]]
    H = tuple(tuple(sum((x[i] * x[j] for x, _ in own), Fraction(0)) / 5 for j in (0, 1)) for i in (0, 1))
    b = tuple(sum((y * x[i] for x, y in own), Fraction(0)) / 5 for i in (0, 1))
    whole = determinant(H)
    beta = ((b[0] * H[1][1] - b[1] * H[0][1]) / whole, (H[0][0] * b[1] - H[1][0] * b[0]) / whole)
    return beta, (H[0], H[1])


def _missed(state: Overlap, group: int) -> bool:
    """Whether the outputs differ from the least-squares fit somewhere on the pattern."""
    beta, _ = _least_squares(state, group)
    return any(state.output(state.inputs[k]) != inner(beta, state.inputs[k]) for k in PATTERNS[group])


def _in_the_trap(statement: Relations, state: Overlap, group: int) -> bool:
    """Whether the group is dominated, has its pattern, and its margin exceeds the stated bound of the length."""
    a, w = state.neurons[group]
    values = [inner(w, x) for x in state.inputs]
    if a * a < inner(w, w) or any((value > 0) != (k in PATTERNS[group]) for k, value in enumerate(values)):
        return False
    bound = statement[two_patterns.named(two_patterns.SIDES[group], "length")].args[1]
    longest = enclose(bound, {**_constants(state, 0), **_constants(state, 1)}, 128)
    cosines = (_ball(abs(v / a)) / _ball(inner(x, x)).sqrt() for v, x in zip(values, state.inputs, strict=True))
    return all(cosine > longest for cosine in cosines)


def _constants(state: Overlap, group: int) -> dict[Basic, sympy.Rational]:
    """mu, M, Delta, and a lower bound of rho, on which the bound of the length decreases, of a group.

    H is diagonal, so that its eigenvalues are its entries.
    """
    beta, H = _least_squares(state, group)
    assert H[0][1] == H[1][0] == 0
    a, w = state.neurons[group]
    off = [p - a * q for p, q in zip(beta, w, strict=True)]
    excess = (H[0][0] * off[0] ** 2 + H[1][1] * off[1] ** 2) / 2
    mu, largest = sorted((H[0][0], H[1][1]))
    room = _ball(inner(beta, beta)).sqrt() - _ball(2 * excess / mu).sqrt()
    low = Fraction(int((room * 10**6).floor().unique_fmpz()), 10**6)
    own = two_patterns.SYMBOLS[two_patterns.SIDES[group]]
    known = {trap.mu: mu, trap.largest: largest, trap.excess: excess, trap.room: low}
    return {own[symbol]: sympy.Rational(value.numerator, value.denominator) for symbol, value in known.items()}


def _ball(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))
