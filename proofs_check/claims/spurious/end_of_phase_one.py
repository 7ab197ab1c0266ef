"""Theory.md 5.3: where the early phase on three points ends.

Theorem. Let b = (1/n) sum y_k x_k. On T(eta) data (theory.md 5), from a small dominated start outside a null set, at
tau = log(1/lambda)/(4 D_max):
a neuron with a > 0 that is active on some point is active on all points and aligned with b;
a neuron with a > 0 that is active on no point has not moved;
a neuron with a < 0 has preactivations that never rise, and is active on no point. It meets its first hyperplane at
the root E of theory.md 3.5, up to the effect of the deviation of its drift from that at h = 0.

Source: Boursier and Flammarion, JMLR 2025, three-point example, first phase (restated).
Tested on random T(eta) data at widths 1 to 1000, at a scale that the start decides; every distance has a bound from
the theory of the early phase.
"""

from __future__ import annotations

from ...cases.early.early_starts import SMALL_ENOUGH, EarlyStart
from ...cases.spurious.three_points import ASSUMPTION, three_point_starts
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.spurious.end_of_phase_one import phase_one, widths

STATEMENT = Predicate(
    "phase one on three points",
    r"${sign}a_j > 0,\ w_j \text{ active on some } x_k \implies w_j \text{ active on all at } \tau,\ \omega_j "
    r"\to \hat b;\quad ${sign}a_j > 0,\ w_j \text{ active on none} \implies (a_j, w_j) \text{ constant};\quad "
    r"${sign}a_j < 0 \implies \langle w_j, x_k\rangle \text{ fall, and } w_j \text{ is active on none at } \tau",
    {"sign": 1},
    words={"sign": {1: "", -1: "-"}},
)

CLAIM = Claim(
    id="spurious.end-of-phase-one",
    title="On three points T(eta) live a > 0 neurons align with b, dead ones stay, and a < 0 neurons die",
    kind="trichotomy",
    statement=STATEMENT,
    hypotheses=(
        ASSUMPTION,
        "dominated start outside a null set; tau = log(1/lambda)/(4 D_max), b = (1/n) sum y_k x_k",
        SMALL_ENOUGH,
    ),
    scope="random T(eta) data, widths 1 to 1000; also tested: neurons with a < 0 meet their first hyperplane at the "
    "root E of theory.md 3.5, up to the effect of the deviation of their drift",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 4 (first phase), page 13", "5.3", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "signs of a exchanged",
            STATEMENT.altered(sign=-1),
            "one neuron a > 0 with w = (0, 1): <w, x_k>' = a <b, x_k> > 0 for all k, so nothing falls",
        ),
    ),
    depends_on=("alignment.fates", "alignment.crossing", "early.alignment", "spurious.phase-one"),
)


@property_check(lambda: three_point_starts(widths()), quick=12, full=250)
def each_neuron_does_what_is_stated(statement: Predicate, case: EarlyStart) -> Margin:
    """The flow at sixteen times up to tau: patterns, neurons at rest, falling preactivations, directions, events."""
    return phase_one(statement, case)
