"""Theory.md 4.5: at tau a network of any width occupies a few directions.

Theorem. Under the hypotheses of theory.md 4.4, at the time tau and up to angles that vanish with lambda, the neurons
with D_j != 0 occupy at most as many pairs (sign a_j, w_j/||w_j||) as there are attracting and one-sided extremal
vectors, counted once for each sign that sees them, plus rays on which neurons are pinned. The width does not enter.

Source: Boursier and Flammarion, JMLR 2025, discussion of Theorem 1 (restated).
Tested on random data in dimensions 1 to 3, both losses and any leak, at widths 1 to 10^6; the directions are told
apart by the angles that the theory leaves them.
"""

from __future__ import annotations

import numpy as np

from ....numerics.compare.watch import AlignmentWatch
from ....numerics.flow.simulation import simulate
from ....numerics.frozen.alignment import Fate
from ...cases.early_starts import SMALL_ENOUGH, STANDING, EarlyStart, drifts_at_zero, early_starts, small_enough
from ...claim.draws import assume, st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.trajectories import Array

STATEMENT = Predicate(
    "directions at tau",
    r"\#\{(\mathrm{sign}\, a_j,\ w_j/\|w_j\|)(\tau) : D_j \ne 0\} $fewer \#\{\text{extremal vectors, attracting or "
    r"one-sided}\} + \#\{\text{pinned rays}\}\quad\text{up to angles that vanish with } \lambda",
    {"fewer": 0},
    words={"fewer": {0: r"\le", 1: "<"}},
)

CLAIM = Claim(
    id="early.sparsity",
    title="At tau the live neurons occupy at most as many directions as there are attracting and one-sided vectors and "
    "pinned rays, whatever the width",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "dominated start outside the exceptional set",
        SMALL_ENOUGH,
        "each extremal vector counts once for each sign of a that sees it; its points on the face are independent",
    ),
    scope="random data in dimensions 1 to 3, both losses, any leak; widths 1 to 10^6",
    source=Source("Boursier & Flammarion, JMLR 2025", "sparsity after early alignment", "4.5", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "one direction fewer",
            STATEMENT.altered(fewer=1),
            "n = d = 1, x = y = 1, leak 0, one neuron a = w > 0: it is live; D = 1 is the only extremal vector, seen "
            "by a > 0, and attracts",
        ),
    ),
    depends_on=("early.alignment", "alignment.extremal-vectors"),
)

WIDEST = 1_000_000


def widths() -> st.SearchStrategy[int]:
    """Widths 1 to 3000, the smallest and the largest often."""
    return st.one_of(st.integers(1, 8), st.integers(20, 1000), st.sampled_from((300, 3000)))


@property_check(lambda: early_starts(widths()), quick=12, full=200)
def the_directions_at_tau_are_counted(statement: Predicate, case: EarlyStart) -> Margin:
    """Directions of the simulated live neurons, told apart by the angles that the theory leaves them."""
    return _counted(statement, case)


@property_check(lambda: early_starts(st.sampled_from((WIDEST // 10, WIDEST)), n=(2, 3), d=(2, 2)), quick=1, full=8)
def a_million_neurons_are_no_exception(statement: Predicate, case: EarlyStart) -> Margin:
    """The same at widths 10^5 and 10^6."""
    return _counted(statement, case)


def _counted(statement: Predicate, case: EarlyStart) -> Margin:
    early_phase = small_enough(case)
    prediction, start, tau = early_phase.prediction, early_phase.start, early_phase.tau
    seen = [vector.stability for vector in prediction.extremal.vectors]
    assume("undetermined" not in seen)
    frozen, watch = early_phase.alignment, AlignmentWatch.of(prediction)
    result = simulate(case.problem, start, tau, tolerance=1e-10, times=watch.looks, observe=watch.observe)
    assume(not len(result.resting))
    live = np.linalg.norm(drifts_at_zero(prediction, result.w), axis=1) > STANDING * prediction.extremal.d_max
    rays = len(_directions(start.a, frozen.limit_direction(), frozen.fate == Fate.PINNED, watch.slack))
    radius = watch.slack + max((float(group.bound.max(initial=0.0)) for group in watch.followed), default=0.0)
    occupied = len(_directions(result.a, result.w / np.linalg.norm(result.w, axis=1, keepdims=True), live, radius))
    stated = seen.count("attracting") + seen.count("one-sided") + rays - statement["fewer"]
    where = {"scale": start.scale, "tau": tau, "live": int(live.sum()), "radius": radius}
    if not np.isfinite(radius):
        return Margin(1.0, 0.0, "every follower feels its vector at tau", where)
    return Margin(float(occupied), max(float(stated), 0.0), "numbers of directions: exact", where)


def _directions(a: Array, unit: Array, chosen: np.ndarray, radius: float) -> list[Array]:
    """One (sign, direction) per cluster of the chosen neurons: the first left, with all within 2 `radius` of it."""
    left = np.concatenate([np.sign(a)[chosen, None], unit[chosen]], axis=1)
    found = []
    while len(left):
        found.append(left[0])
        same = (left[:, 0] == left[0, 0]) & (np.linalg.norm(left[:, 1:] - left[0, 1:], axis=1) <= 2 * radius)
        left = left[~same]
    return found
