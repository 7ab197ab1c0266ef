"""Theory.md 4.1: while S = sum_j a_j^2 is small, every drift is close to one at zero output.

Theorem. Let all neurons be dominated, |a_j| >= ||w_j||, let the pull be kappa-Lipschitz in the output, and put
R2 = (1/n) sum_k ||x_k||^2. For every w, on hyperplanes or off them,

    every element of frakD(w, theta) is within kappa R2 S of frakD(w, 0).

Source: Boursier and Flammarion, JMLR 2025, control of the drift in the early phase (restated); proof in theory.md
10.1.
Tested along flows of widths 1 to 3000 from starts of sizes 1e-6 to 1, for random directions, the neurons' own
directions and directions on hyperplanes.
"""

from __future__ import annotations

import numpy as np

from ....numerics.data.losses import get_loss
from ....numerics.flow.simulation import simulate
from ....numerics.oracles.reference import handwritten_pull, network_outputs
from ....theory.early import bounds, growth
from ....theory.formal.derivation import at_most
from ....theory.formal.printing import to_numpy
from ...cases import network_examples
from ...cases.early_starts import EarlyStart, early_starts
from ...claim.draws import st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.trajectories import Array, worst

STATEMENT = Relations({"deviation": growth.STATEMENT["deviation"]})

CLAIM = Claim(
    id="early.field-deviation",
    title="Every element of frakD(w, theta) is within kappa R2 S of frakD(w, 0)",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "dominated neurons: |a_j| >= ||w_j||; S = sum_j a_j^2, R2 = (1/n) sum ||x_k||^2",
        "the pull is kappa-Lipschitz in the output",
    ),
    scope="every w, on hyperplanes or off them; along flows of widths 1 to 3000 from starts of sizes 1e-6 to 1",
    source=Source("Boursier & Flammarion, JMLR 2025", "early phase, control of the drift", "4.1", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "(S R2)/2 for the square loss",
            STATEMENT.altered(deviation=at_most(growth.STATEMENT["deviation"].args[0], bounds.field_deviation / 2)),
            "n = d = 1, x = y = 1, square loss, a = w = s > 0: h = s^2 = S, so that the drift is 1 - S beside 1",
        ),
    ),
    depends_on=("flow.domination",),
    names={
        "deviation": "the largest distance of an element of frakD(w, theta) from frakD(w, 0)",
    },
    examples=network_examples.network,
)

DIRECTIONS = 64
SIZES = (1e-6, 1e-3, 0.1, 1.0)


@property_check(
    lambda: st.tuples(
        early_starts(st.one_of(st.integers(1, 4), st.integers(1, 4), st.integers(20, 3000)), n=(1, 5)),
        st.sampled_from(SIZES),
    ),
    quick=15,
    full=300,
)
def drifts_stay_close_to_those_at_zero(statement: Relations, drawn: tuple[EarlyStart, float]) -> Margin:
    """Drifts of random directions, of the neurons' own, and of directions on hyperplanes, at nine times of a flow.

    With the same slopes on both sides the difference is (1/n) sum eta_k (p_k - p_k(0)) x_k: off the hyperplanes the one
    element, on them one as close or closer than the nearest.
    """
    case, scale = drawn
    X, y, start = case.data.X, case.data.y, case.start(scale)
    rng = np.random.default_rng(case.seed)
    fastest = float(np.mean(np.abs(handwritten_pull(0 * y, y, case.loss)) * np.linalg.norm(X, axis=1)))
    times = np.linspace(0.0, (2.0 + np.log(1 / scale)) / fastest, 9)
    looks: list[Array] = []
    simulate(
        case.problem, start, float(times[-1]), times=times, observe=lambda engine: looks.append(engine.state.neurons())
    )
    margins = [_deviation(statement, case, look[:, -1], look[:, :-1], rng) for look in looks]
    return worst(*margins)


def _deviation(statement: Relations, case: EarlyStart, a: Array, w: Array, rng: np.random.Generator) -> Margin:
    """The largest change of a drift in a network a (m,), w (m, d), beside the stated bound."""
    X, y, leak = case.data.X, case.data.y, float(case.leak)
    lengths = np.linalg.norm(X, axis=1)
    h = network_outputs(X, a, w, leak)
    change = handwritten_pull(h, y, case.loss) - handwritten_pull(0 * y, y, case.loss)
    distance = float(np.linalg.norm((_slopes(X, w, leak, rng) * change) @ X / len(y), axis=1).max())
    bound = to_numpy(statement["deviation"].args[1], bounds.curvature_bound, bounds.mean_square_input, bounds.size)
    allowed = float(bound(get_loss(case.loss).kappa, float(np.mean(lengths**2)), float(np.sum(a**2))))
    # Sums of n terms of the size of the bound, and pulls that are themselves differences of numbers of the size |y|.
    rounding = 64 * float(np.finfo(float).eps) * (allowed + float(np.mean(np.abs(y) * lengths)))
    where = {"S": float(np.sum(a**2)), "outputs": h}
    return Margin(distance, allowed + rounding, "the stated bound, and the rounding of the sums", where)


def _slopes(X: Array, w: Array, leak: float, rng: np.random.Generator) -> Array:
    """Slopes (q, n) of some of the neurons, of random directions, and of directions put on one hyperplane each."""
    free = rng.standard_normal((DIRECTIONS, X.shape[1]))
    normal = X[rng.integers(0, len(X), DIRECTIONS)]
    on = free - (np.sum(free * normal, axis=1) / np.sum(normal**2, axis=1))[:, None] * normal
    directions = np.concatenate([w[:DIRECTIONS], free, on])
    values = directions @ X.T
    sizes = np.linalg.norm(directions, axis=1)[:, None] * np.linalg.norm(X, axis=1)
    at_the_kink = rng.uniform(leak, 1.0, values.shape)
    return np.where(np.abs(values) <= 1e-12 * sizes, at_the_kink, np.where(values > 0, 1.0, leak))
