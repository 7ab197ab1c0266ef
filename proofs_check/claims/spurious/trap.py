"""Theory.md 5.5: near the least-squares fit the patterns never change again.

Theorem. Let all live neurons be dominated with a > 0 and active on the same points; over these let H = (1/n) sum x
x^T be nonsingular with extreme eigenvalues mu <= M, beta* = H^-1 b, S = sum a_j w_j, Q = sum a_j^2, Delta = (beta* -
S)^T H (beta* - S)/2 and rho = ||beta*|| - sqrt(2 Delta/mu) > 0. Then

    Q >= ||beta*|| - sqrt(2 Delta/mu),  Delta' <= -2 mu Q Delta,  ||omega_j'|| <= sqrt(2 M Delta),

and the path of each omega_j has at most the length sqrt(2 M Delta)/(mu rho). If min |<omega_j, x_k>|/||x_k|| exceeds
it, no pattern changes any more, and h(x_k) -> <beta*, x_k> on these points. Square loss, ReLU, regular solutions.

Source: Boursier and Flammarion, JMLR 2025, three-point example, last phase; the explicit margin is new.
Proved in SymPy for every width and dimension; tested along the reference flow. Rational states with too small a
margin that lose a pattern are certified.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
import sympy

from ....numerics.oracles.reference import reference_flow
from ....theory.formal.balls import enclose
from ....theory.formal.derivation import Goal, at_most
from ....theory.formal.printing import to_numpy
from ....theory.spurious import trap
from ...cases import network_examples
from ...claim.draws import assume, composite, st
from ...claim.evidence import Certificate, Margin, Run, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.trajectories import Array, worst

STATEMENT = Relations(trap.STATEMENT)


def _length(bound: sympy.Expr) -> Relations:
    return STATEMENT.altered(length=at_most(STATEMENT["length"].args[0], bound))


CLAIM = Claim(
    id="spurious.trap",
    title="Once live neurons share a pattern with enough margin near its least-squares fit, they keep it and converge",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU; live neurons are dominated with a > 0 and active on the same points; regular solutions "
        "(a > 0 stays: z = (w, a) obeys a linear equation, so it never vanishes, and a^2 - ||w||^2 >= 0 is constant)",
        "H = (1/n) sum x x^T over these points is nonsingular, mu and M its extreme eigenvalues, beta* = H^-1 b",
        "rho = ||beta*|| - sqrt(2 Delta/mu) > 0 at the start, and min |<omega_j, x_k>|/||x_k|| exceeds the length: "
        "then no <omega_j, x_k> vanishes and h(x_k) -> <beta*, x_k> on the pattern's points",
    ),
    scope="every width, dimension and data set; Delta = (beta* - S)^T H (beta* - S)/2, S = sum a_j w_j, Q = sum a_j^2",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example, last phase", "5.5", True),
    needs=("symbolic", "property", "certified"),
    mutants=(
        Mutant(
            "no margin needed",
            _length(sympy.S.Zero),
            "n = 2, x = (sqrt 2, 0), (0, sqrt 2), so that H is the unit matrix: omega = (1, 0) and D = (0, 1) give "
            "omega' = (0, 1)",
        ),
        Mutant(
            "half the margin",
            _length(STATEMENT["length"].args[1] / 2),
            "x as above, S = (1, 0), beta* = (1, e): omega ends at beta*/||beta*||, at distance e (1 + o(1)) as "
            "e -> 0, while sqrt(2 M Delta)/(mu rho) -> e",
        ),
        Mutant(
            "twice the rate",
            STATEMENT.altered(
                fall=at_most(STATEMENT["fall"].args[0], -4 * trap.mu * trap.size * trap.excess),
            ),
            "x as above, one neuron a = 1, w = (1, 0), D = (0, e): Delta' = -e^2, Delta = e^2/2, mu = Q = 1",
        ),
    ),
    depends_on=("flow.balancedness", "flow.lorentz", "alignment.ode"),
    names={
        "Q": "sum_j a_j^2 over the live neurons",
        "Delta_rate": "the derivative of Delta = L - L(beta*) along the flow",
        "speed": "the largest ||omega_j'||",
        "length": "the length of the path of any omega_j from then on",
    },
    examples=network_examples.near_least_squares,
)


@symbolic()
def each_inequality_follows_from_the_flow(statement: Relations) -> Iterable[Goal]:
    """||omega'||^2 and <D, S'> for every width and dimension; then each bound, in an eigenbasis of H."""
    return (*trap.identities(), *trap.goals(statement.relations))


@dataclass(frozen=True)
class TrapCase:
    """Points with their labels and all-active neurons near least squares; `share` < 1 of the margin is used up."""

    X: Array
    y: Array
    a: Array
    w: Array

    @property
    def constants(self) -> tuple[Array, Array, float, float]:
        """H, beta*, mu, M."""
        H = self.X.T @ self.X / len(self.y)
        eigenvalues = np.linalg.eigvalsh(H)
        beta = np.asarray(np.linalg.solve(H, self.X.T @ self.y / len(self.y)), dtype=np.float64)
        return H, beta, float(eigenvalues[0]), float(eigenvalues[-1])


@composite
def trap_cases(draw: st.DrawFn) -> TrapCase:
    """n points in a half-space of R^d, a fit that is positive on them, and 1 to 4 neurons around its direction.

    Orthonormal points (H a multiple of the unit matrix) are among them: there the bounds are attained.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    d, orthonormal = draw(st.integers(2, 3)), draw(st.booleans())
    n = d if orthonormal else draw(st.integers(d, 6))
    X = np.sqrt(d) * np.eye(d) if orthonormal else np.hstack((0.4 * rng.uniform(-1, 1, (n, d - 1)), np.ones((n, 1))))
    beta = rng.uniform(0.3, 1, d) if orthonormal else np.append(0.5 * rng.uniform(-1, 1, d - 1), 1.0)
    y = X @ beta + 0.05 * rng.standard_normal(n)
    H = X.T @ X / n
    assume(np.linalg.eigvalsh(H)[0] > 1e-3)
    limit, m = np.linalg.solve(H, X.T @ y / n), draw(st.integers(1, 4))
    turn, jitter = rng.standard_normal(d), rng.standard_normal((m, d))
    weights, surplus = rng.uniform(0.2, 1, m), draw(st.sampled_from((0.0, 0.01)))
    apart, aside = draw(st.sampled_from((0.1, 0.3, 0.6))), draw(st.sampled_from((0.0, 0.03, 0.3)))
    for _ in range(30):
        directions = limit + apart * turn + aside * jitter
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        squares = weights / weights.sum() * float(np.linalg.norm(limit + apart * turn))
        w = np.sqrt(squares)[:, None] * directions
        case = TrapCase(X, y, np.sqrt(squares) * (1 + surplus), w)
        if _bound(case) < _margin(case):
            return case
        apart, aside = 0.8 * apart, 0.8 * aside
    assume(False)
    raise AssertionError


def _excess(case: TrapCase, S: Array) -> Array:
    H, beta, _, _ = case.constants
    return np.einsum("...i,ij,...j->...", beta - S, H, beta - S) / 2


def _room(case: TrapCase, excess: float) -> float:
    _, beta, mu, _ = case.constants
    return float(np.linalg.norm(beta)) - float(np.sqrt(2 * excess / mu))


def _bound(case: TrapCase) -> float:
    """The margin of theory.md 5.5, written out; infinite where rho <= 0."""
    _, _, mu, largest = case.constants
    excess = float(_excess(case, case.a @ case.w))
    room = _room(case, excess)
    return float(np.sqrt(2 * largest * excess)) / (mu * room) if room > 0 else np.inf


def _margin(case: TrapCase) -> float:
    """min over neurons and points of <omega_j, x_k>/||x_k||."""
    return float(np.min(case.w @ case.X.T / case.a[:, None] / np.linalg.norm(case.X, axis=1)))


@property_check(trap_cases, quick=15, full=300)
def the_flow_stays_within_the_bounds(statement: Relations, case: TrapCase) -> Margin:
    """The reference flow: no event, Q, Delta' and each omega_j's way beside the stated bounds, and the end."""
    _, beta, mu, largest = case.constants
    begin = float(_excess(case, case.a @ case.w))
    room = _room(case, begin)
    assume(begin > 1e-12)
    times = np.linspace(0.0, 12 / (mu * room), 61)
    flow = reference_flow(case.X, case.y, case.a, case.w, times, rtol=1e-11)
    S, Q = np.einsum("tm,tmd->td", flow.a, flow.w), np.sum(flow.a**2, axis=1)
    excess, drift = _excess(case, S), (beta - S) @ (case.X.T @ case.X / len(case.y))
    rate = -Q * np.sum(drift**2, axis=1) - np.sum(np.einsum("tmd,td->tm", flow.w, drift) ** 2, axis=1)
    omega = flow.w / flow.a[:, :, None]
    moved = np.linalg.norm(omega - omega[0], axis=2).max()
    pull = np.linalg.norm(drift[:, None] - np.einsum("td,tmd->tm", drift, omega)[:, :, None] * omega, axis=2).max(
        axis=1
    )

    def stated(name: str, **values: object) -> Array:
        symbols = (trap.mu, trap.largest, trap.size, trap.excess, trap.room, trap.limit_norm)
        given = (mu, largest, Q, excess, room, float(np.linalg.norm(beta)))
        return np.asarray(to_numpy(statement[name].args[1], *symbols)(*given)) + np.zeros(len(times))

    noise = 1e-8 * float(np.linalg.norm(beta))
    end = float(np.linalg.norm(S[-1] - beta))
    # Delta <= Delta_0 e^{-2 mu rho t} and mu ||e||^2 <= 2 Delta
    left = np.sqrt(2 * begin / mu) * np.exp(-12)
    return worst(
        Margin(float(len(flow.events)), 0.0, "no neuron changes its pattern"),
        Margin(float(np.max(stated("size") - Q)), noise, "Q; the reference's tolerance"),
        Margin(float(np.max(rate - stated("fall"))), noise, "Delta'; the reference's tolerance"),
        Margin(float(np.max(pull - stated("speed"))), noise, "||omega'||; the reference's tolerance"),
        Margin(float(moved), float(stated("length")[0]) + noise, "the way of each omega_j; the reference's tolerance"),
        Margin(end, left + noise, "||S - beta*|| <= sqrt(2 Delta_0/mu) e^{-mu rho t}"),
    )


# Rational states that lose a pattern, certainly: the stated margin must exclude them


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


@certified(covers="instance")
def the_margin_excludes_states_that_lose_a_pattern(statement: Relations, run: Run) -> Certificate:
    """Rational states near least squares that provably lose a pattern soon: their margin is too small."""
    states = [
        doomed(Fraction(1, 10**k), Fraction(1, 100 * j)) for k in run.choose((4, 6), (4, 5, 6, 8)) for j in (2, 3, 5)
    ]
    before, flint.ctx.prec = flint.ctx.prec, 128
    try:
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
    finally:
        flint.ctx.prec = before
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
