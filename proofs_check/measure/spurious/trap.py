"""What the evidence of `spurious.trap` measures (theory.md 5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
import sympy

from ....numerics.oracles.reference import reference_flow
from ....theory.formal.balls import enclose
from ....theory.formal.printing import to_numpy
from ....theory.spurious import trap
from ...cases.spurious.trap import TrapCase, excess_of, room_of
from ...claim.draws import assume
from ...claim.evidence import Certificate, Margin, Run
from ...claim.statement import Relations
from ..trajectories import Array, worst


def flow_within_the_bounds(statement: Relations, case: TrapCase) -> Margin:
    """The reference flow from a state in the trap beside each stated bound."""
    begin = float(excess_of(case, case.a @ case.w))
    assume(begin > 1e-12)
    times = np.linspace(0.0, 12 / (case.constants[2] * room_of(case, begin)), 61)
    flow = reference_flow(case.X, case.y, case.a, case.w, times, rtol=1e-11)
    return worst(
        Margin(float(len(flow.events)), 0.0, "no neuron changes its pattern"),
        *within_the_bounds(statement.by_name, case, times, flow.a, flow.w),
    )


def within_the_bounds(
    relations: Mapping[str, sympy.Basic], case: TrapCase, times: Array, a: Array, w: Array
) -> tuple[Margin, ...]:
    """Neurons a (t, m), w (t, m, d) that start as those of the case, at these times, beside each stated bound."""
    _, beta, mu, largest = case.constants
    begin = float(excess_of(case, case.a @ case.w))
    room = room_of(case, begin)
    S, Q = np.einsum("tm,tmd->td", a, w), np.sum(a**2, axis=1)
    excess, drift = excess_of(case, S), (beta - S) @ (case.X.T @ case.X / len(case.y))
    rate = -Q * np.sum(drift**2, axis=1) - np.sum(np.einsum("tmd,td->tm", w, drift) ** 2, axis=1)
    omega = w / a[:, :, None]
    length = np.linalg.norm(np.diff(omega, axis=0), axis=2).sum(axis=0).max()  # of polygons, at most that of the paths
    pull = np.linalg.norm(drift[:, None] - np.einsum("td,tmd->tm", drift, omega)[:, :, None] * omega, axis=2).max(
        axis=1
    )

    def stated(name: str) -> Array:
        symbols = (trap.mu, trap.largest, trap.size, trap.excess, trap.room, trap.limit_norm)
        given = (mu, largest, Q, excess, room, float(np.linalg.norm(beta)))
        return np.asarray(to_numpy(relations[name].args[1], *symbols)(*given)) + np.zeros(len(times))

    noise = 1e-8 * float(np.linalg.norm(beta))
    end = float(np.linalg.norm(S[-1] - beta))
    # Delta <= Delta_0 e^{-2 mu rho t} and mu ||e||^2 <= 2 Delta
    left = np.sqrt(2 * begin / mu) * np.exp(-mu * room * float(times[-1]))
    return (
        Margin(float(np.max(stated("size") - Q)), noise, "Q; the reference's tolerance"),
        Margin(float(np.max(rate - stated("fall"))), noise, "Delta'; the reference's tolerance"),
        Margin(float(np.max(pull - stated("speed"))), noise, "||omega'||; the reference's tolerance"),
        Margin(
            float(length),
            float(stated("length")[0]) + noise,
            "the length of the path of each omega_j; the reference's tolerance",
        ),
        Margin(end, left + noise, "||S - beta*|| <= sqrt(2 Delta_0/mu) e^{-mu rho t}"),
    )


@dataclass(frozen=True)
class Doomed:
    """Two all-active neurons (a, w1, w2) on the published points; the first one leaves the half-plane of x_1."""

    first: tuple[Fraction, Fraction, Fraction]
    second: tuple[Fraction, Fraction, Fraction]


X1 = (Fraction(-3, 4), Fraction(1))
POINTS = (X1, (Fraction(-1, 2), Fraction(1)), (Fraction(1, 8), Fraction(1)))
LABELS = (Fraction(11, 10), Fraction(1, 10), Fraction(4, 5))
LIMIT = (Fraction(-4, 65), Fraction(251, 390))
MU, LARGEST = Fraction(1165, 10000), Fraction(116, 100)
"""Rationals below and above the eigenvalues of H, which has determinant 13/96 and trace 245/192."""


def doomed(tilt: Fraction, off: Fraction) -> Doomed:
    """A small neuron at sine about (3/5) tilt inside the half-plane of x_1, and a large one with S left of beta*.

    (4/5, 3/5) is a right angle away from x_1. D = H (beta* - S) has <D, x_1> < 0 when S is beyond beta* along H^-1 x_1.
    """
    small = Fraction(1, 20)
    first = (small, small * (Fraction(4, 5) - tilt), small * Fraction(3, 5))
    S = (LIMIT[0] - off, LIMIT[1])
    rest = (S[0] - first[0] * first[1], S[1] - first[0] * first[2])
    # w = rest/a with a^2 a little above ||rest||: a rational square root from above
    a = Fraction(round((float(rest[0]) ** 2 + float(rest[1]) ** 2) ** 0.25 * 10**6) + 2, 10**6)
    return Doomed(first, (a, rest[0] / a, rest[1] / a))


def doomed_states_have_small_margins(statement: Relations, run: Run) -> Certificate:
    """Rational states that lose a pattern, and the margin they had."""
    states = [
        doomed(Fraction(1, 10**k), Fraction(1, 100 * j)) for k in run.choose((4, 6), (4, 5, 6, 8)) for j in (2, 3, 5)
    ]
    with flint.ctx.workprec(128):
        for state in states:
            if not _loses_a_pattern(state):
                return Certificate(
                    len(states), "not decided", undecided=f"{state}: the loss of a pattern is not certain"
                )
            bound, margin = _smallest_bound(statement, state), _largest_margin(state)
            if margin > bound:
                where = {"neurons (a, w)": state, "margin": float(margin), "stated bound": float(bound)}
                return Certificate(len(states), "a state with this margin loses a pattern", counterexample=where)
            if not bound > margin:
                return Certificate(len(states), "not decided", undecided=f"{state}: {bound} beside {margin}")
    return Certificate(len(states), "every state that loses a pattern has too small a margin")


def _ball(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _drift(state: Doomed) -> tuple[tuple[Fraction, Fraction], Fraction, Fraction]:
    """D, Delta and Q in rationals, from the labels and outputs; all neurons must be active on all points."""
    neurons = (state.first, state.second)
    assert all(u * x[0] + v * x[1] > 0 for _, u, v in neurons for x in POINTS)
    assert all(a * a >= u * u + v * v for a, u, v in neurons)
    S = tuple(sum((row[0] * row[i] for row in neurons), Fraction(0)) for i in (1, 2))
    pulls = [y - S[0] * x[0] - S[1] * x[1] for x, y in zip(POINTS, LABELS, strict=True)]
    D = tuple(sum((p * x[i] for p, x in zip(pulls, POINTS, strict=True)), Fraction(0)) / 3 for i in (0, 1))
    excess = ((LIMIT[0] - S[0]) * D[0] + (LIMIT[1] - S[1]) * D[1]) / 2
    return (D[0], D[1]), excess, state.first[0] ** 2 + state.second[0] ** 2


def _loses_a_pattern(state: Doomed) -> bool:
    """Whether <w_1, x_1> certainly vanishes by t = 1/10.

    While no pattern changes ||D|| <= d = sqrt(2 M Delta), a_1 >= a_1(0) e^{-dt}, Q <= Q(0) e^{2dt}, ||S'|| <= 2 Q d, so
    that <D, x_1> <= <D(0), x_1> + 2 M Q d t ||x_1|| and <w_1, x_1>' = a_1 <D, x_1>.
    """
    D, excess, size = _drift(state)
    time, (a, u, v) = flint.arb("0.1"), state.first
    d = (2 * _ball(LARGEST * excess)).sqrt()
    moved = 2 * _ball(LARGEST * size) * (2 * d * time).exp() * d * time * _ball(X1[0] ** 2 + X1[1] ** 2).sqrt()
    speed = _ball(D[0] * X1[0] + D[1] * X1[1]) + moved
    return bool(speed < 0 and _ball(u * X1[0] + v * X1[1]) + _ball(a) * (-d * time).exp() * speed * time < 0)


def _smallest_bound(statement: Relations, state: Doomed) -> flint.arb:
    """The stated bound at the state, with mu from above, M from below, and rho as large as ||beta*|| allows."""
    _, excess, _ = _drift(state)
    norm = Fraction(6466, 10000)
    assert norm**2 > LIMIT[0] ** 2 + LIMIT[1] ** 2
    values = {
        trap.mu: MU + Fraction(1, 1000),
        trap.largest: LARGEST - Fraction(1, 1000),
        trap.excess: excess,
        trap.room: norm,
    }
    point = {symbol: sympy.Rational(value.numerator, value.denominator) for symbol, value in values.items()}
    return enclose(statement["length"].args[1], point, 128)


def _largest_margin(state: Doomed) -> flint.arb:
    """min over neurons and points of <omega_j, x_k>/||x_k||."""
    cosines = [
        _ball((u * x[0] + v * x[1]) / a) / _ball(x[0] ** 2 + x[1] ** 2).sqrt()
        for a, u, v in (state.first, state.second)
        for x in POINTS
    ]
    return min(cosines, key=float)
