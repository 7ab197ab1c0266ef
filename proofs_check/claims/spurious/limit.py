"""Theory.md 5.6: on three points, started small, a network of any width ends at least squares.

Theorem. On T(eta) data with eta < 1/6, from a dominated start outside a null set in which some neuron with a > 0 is
active on some point, and for small lambda, whatever the width,

    h(x_k) -> <beta*, x_k> for all k,  L -> L(beta*) > 0.

Small means lambda <= e^{-||D_max|| T}/sqrt(1000 q c0), T the last event of the frozen flow: the start alone decides
it.

Source: Boursier and Flammarion, JMLR 2025, Theorem 2, with the hypothesis of a live neuron that it lacks.
Tested on random T(eta) data, widths 1 to 10^5 and scales down to 1e-6 of the bound; the distance from the limit is
bounded by theory.md 5.5. Single starts are certified in `spurious.certified-limit`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ....numerics.data.start import Start
from ....numerics.extremal.vectors import extremal_vectors
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.frozen.alignment import Fate, frozen_alignment
from ....numerics.predict.early_phase import drift_deviation
from ...cases.early_starts import EarlyStart
from ...cases.three_points import ASSUMPTION, data_at, three_point_starts
from ...claim.draws import assume, st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.engine_runs import check_resolved
from ...measure.trajectories import Array

STATEMENT = Predicate(
    "three points: the flow ends at least squares",
    r"$needs_live\lambda \text{ small} \implies $limit",
    {"limit": "least squares", "needs_live": True},
    words={
        "limit": {
            "least squares": r"h(x_k) \to \langle \beta^*, x_k\rangle \ \forall k,\quad L \to L(\beta^*) > 0",
            "labels": r"h(x_k) \to y_k\ \forall k,\quad L \to 0",
        },
        "needs_live": {
            True: r"\exists j: a_j(0) > 0,\ \langle w_j(0), x_k\rangle > 0 \text{ for some } k;\ ",
            False: "",
        },
    },
)

CLAIM = Claim(
    id="spurious.limit",
    title="On three points T(eta) a network of any width, started small, ends at the least-squares fit",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        ASSUMPTION,
        "some neuron with a > 0 is active on some point at the start; dominated start outside a null set",
        "lambda is at most e^{-||D_max|| T} / sqrt(1000 q c0), T the last event of the frozen flow from this start: "
        "then S <= S(0) e^{2 D* t} leaves every drift within ||D_max||/1000 of the frozen one up to T",
    ),
    scope="random T(eta) data, widths 1 to 10^5, scales down to 10^-6 of the bound",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example", "5.6", True),
    needs=("property",),
    mutants=(
        Mutant(
            "the limit interpolates",
            STATEMENT.altered(limit="labels"),
            "x = (-15/16, 1), (0, 1), (15/16, 1), y = (1, 1/8, 1): the least-squares line is 17/24 at every point, and "
            "the residuals there are 7/24, -7/12, 7/24",
        ),
        Mutant(
            "no live a > 0 neuron is needed",
            STATEMENT.altered(needs_live=False),
            "a single neuron with a < 0: h <= 0 for ever, but <beta*, x_k> > 0",
        ),
    ),
    depends_on=("alignment.fates", "early.growth-bound"),
)

WIDEST = 100_000
WITHOUT_LIVE = 1
"""The seed of a single neuron with a < 0."""
DEVIATION = 1e-3
"""How far, as a share of ||D_max||, a drift may be from the frozen one when the last neuron has settled."""
STOPPED = 1e-9
"""The sine of the angle to a hyperplane below which a neuron counts as standing on it."""
SPEED = 1e-6
"""||theta'|| at the end: the flow has stopped when it is below."""


def widths() -> st.SearchStrategy[int]:
    """Widths 1 to 60, and 1000 in one case of nine."""
    return st.one_of(*[st.integers(1, 4), st.integers(5, 60)] * 4, st.just(1000))


def edges() -> tuple[EarlyStart, ...]:
    """A start without a live a > 0 neuron, and a wide one at the smallest lambda.

    The first refutes the mutant that needs no live neuron; the statement leaves it out.
    """
    dead = EarlyStart(
        data=data_at(Fraction(1, 8), lambda low, high: low + (high - low) // 3),
        loss="square",
        leak=Fraction(0),
        width=1,
        kind="balanced",
        seed=WITHOUT_LIVE,
        epsilon=Fraction(1, 4),
    )
    return (dead, replace(dead, width=1000, seed=0, kind="dominated", below=Fraction(1, 10**6)))


@property_check(lambda: three_point_starts(widths()), quick=9, full=270, edges=edges)
def the_flow_ends_at_least_squares(statement: Predicate, case: EarlyStart) -> Margin:
    """The flow to its end, at a scale decided from the start alone, beside the least-squares fit by its own formula."""
    return _end(statement, case)


@property_check(lambda: three_point_starts(st.just(WIDEST)), quick=1, full=31)
def so_does_that_of_the_widest_networks(statement: Predicate, case: EarlyStart) -> Margin:
    """The same with 10^5 neurons, each case of which takes as long as twenty others."""
    return _end(statement, case)


def _end(statement: Predicate, case: EarlyStart) -> Margin:
    """The outputs at the end beside those stated; excludes starts that the hypotheses leave out."""
    unscaled = case.start(1.0)
    X, y = case.data.X, case.data.y
    live = bool(np.any((unscaled.w @ X.T > 0).any(axis=1) & (unscaled.a > 0)))
    assume(live or not statement["needs_live"])
    scale, settled = _scale(case, unscaled)
    start = case.start(scale)
    H, b = X.T @ X / len(y), X.T @ y / len(y)
    beta = np.linalg.solve(H, b)
    slowest = float(np.linalg.eigvalsh(H)[0])
    longest = (
        settled + 2 * math.log(1 / scale) / float(np.linalg.norm(b)) + 40 / (slowest * float(np.linalg.norm(beta)))
    )
    result = simulate(case.data, start, longest, tolerance=1e-9)
    where = {"scale": scale, "time": longest, "outputs": result.outputs[-1], "least squares": X @ beta}
    speed, size, active = _at_the_end(X, y, result)
    check_resolved(result)
    if live and not (active and speed < SPEED):
        return Margin(1.0, 0.0, "the flow stops with every live neuron active on all points", where | {"speed": speed})
    expected = X @ beta if statement["limit"] == "least squares" else y
    gap = float(np.max(np.abs(result.outputs[-1] - expected)))
    # 5.5: speed^2 = -dL/dt >= 2 mu Q Delta with Delta = (1/2n) sum (h - <beta*, x>)^2, so each term is at most this:
    allowed = speed * math.sqrt(len(y) / (slowest * size)) if live else 0.0
    rounding = 1e-12 * float(np.max(np.abs(y)))
    return Margin(gap, allowed + rounding, "|h - <beta*, x>| <= ||theta'|| sqrt(n/(mu Q)), 5.5; and rounding", where)


def _scale(case: EarlyStart, unscaled: Start) -> tuple[float, float]:
    """lambda from the start alone, and T, the last event of the frozen flow (which does not see the scale)."""
    vectors = extremal_vectors(case.data)
    frozen = frozen_alignment(case.data, unscaled, extremal=vectors)
    assume(not np.any(frozen.fate == Fate.UNDETERMINED))
    settled = float(np.max(frozen.last_event_time))
    q = drift_deviation(case.problem) / vectors.d_max
    c0 = unscaled.c0
    assert c0 is not None
    bound = math.sqrt(DEVIATION / (q * c0)) * math.exp(-vectors.d_max * settled)
    assume(bound > 1e-60)
    return float(case.below) * min(bound, 1.0), settled


def _at_the_end(X: Array, y: Array, result: Simulation) -> tuple[float, float, bool]:
    """||theta'||, Q = sum a^2 of the live neurons, written out here; and whether these are active on all points.

    A neuron that died stopped on the hyperplane it was last active on (2.6): rounding may leave it on either side.
    """
    sizes = np.linalg.norm(result.w, axis=1)[:, None] * np.linalg.norm(X, axis=1)
    slopes = (result.w @ X.T > STOPPED * sizes).astype(float)
    acting = slopes.any(axis=1)
    drift = (slopes * (y - result.outputs[-1])) @ X / len(y)
    turned, grown = np.einsum("jd,jd->j", result.w, drift), result.a[:, None] * drift
    speed = math.sqrt(float(np.sum(turned**2) + np.sum(grown**2)))
    return speed, float(np.sum(result.a[acting] ** 2)), bool(acting.any() and slopes[acting].all())
