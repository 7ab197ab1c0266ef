"""Theory.md 3.9: how the frozen flow of a dominated neuron ends, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from ....numerics.dataset import Dataset
from ....numerics.extremal import extremal_vectors
from ....numerics.frozen import FrozenAlignment, frozen_alignment
from ....numerics.frozen_cells import Reason
from ....numerics.reference import handwritten_pull
from ....numerics.start import make_start
from ...claim import Claim, Mutant, Predicate, Source
from ...evidence import Margin, property_check
from ...strategies import LEAKS, FlowCase, flow_cases, neurons, sliding_datasets
from ...trajectories import DERIVATION, Array, Trajectory, solve, worst

STATEMENT = Predicate(
    "fates of the frozen flow",
    r"\omega \to D/\|D\|,\ (\log|a|)' \to \|D\|,\ D \text{ extremal};\quad\text{or } D = 0 \text{ from some time on};"
    r"\quad\text{or } w/\|w\| \text{ is constant},\ D = -\|D\|\,\omega,\ (\log|a|)' = -\|D\|",
    {"fates": ("extremal", "dead", "pinned"), "growth": {"extremal": 1, "dead": 0, "pinned": -1}},
)

CLAIM = Claim(
    id="alignment.fates",
    title="A dominated neuron aligns with an extremal vector, dies, or is pinned to a ray; predicted, with its times",
    kind="trichotomy",
    statement=STATEMENT,
    hypotheses=(
        "dominated start outside a null set: the frozen flow meets no repeller, saddle or corner that does not attract",
        "the growth of pinned neurons is stated for balanced ones; others reach w = 0 at time artanh|c|/r",
    ),
    scope="every dimension, data set, leak and loss",
    source=Source("Maennel, Bousquet & Gelly 2018; Boursier & Flammarion, JMLR 2025", "early alignment", "3.9", True),
    needs=("property",),
    mutants=(
        Mutant(
            "two fates only",
            STATEMENT.altered(
                r"\omega \to D/\|D\|,\ D \text{ extremal};\quad\text{or } D = 0 \text{ from some time on}",
                fates=("extremal", "dead"),
            ),
            "x = (0, 1), (1/10, 1), (1, 1), y = (-3, 3, -1), a > 0, w near (1, 0): w is held on the ray (1, 0) with "
            "D = (-7/30, 0), slope 2/3 at the first point",
        ),
        Mutant(
            "pinned neurons grow",
            STATEMENT.altered(r"\text{pinned: } (\log|a|)' = \|D\|", growth={"extremal": 1, "dead": 0, "pinned": 1}),
            "in the same example a' = <w, D> = -7/30 w_1 < 0 for a balanced neuron with a > 0",
        ),
        Mutant(
            "aligned neurons grow at half the rate",
            STATEMENT.altered(
                r"\text{aligned: } (\log|a|)' \to \|D\|/2", growth={"extremal": 0.5, "dead": 0, "pinned": -1}
            ),
            "n = d = 1, x = y = a = w = 1: D = 1 and a' = w D = a",
        ),
    ),
    depends_on=("alignment.closed-form", "alignment.correlation-monotone"),
)

ANGLE = 1 / 64
"""How close, in radians, an aligning neuron is to its limit at the predicted time."""
LONGEST = 60.0
"""Longest flow, in units of 1/||D_max||; a start that needs more is all but on a repeller."""
SMALLEST = 1e-4
"""Directions are compared while ||w|| is above this share of its start: a pinned neuron shrinks towards 0."""


@dataclass(frozen=True)
class Ending:
    """A neuron's predicted fate, the time from which its prediction is final, and a later time to compare with."""

    fate: str
    settled: float
    later: float


@st.composite
def typical_cases(draw: st.DrawFn) -> FlowCase:
    """One dominated neuron, mixed labels; in one of three cases on plane data on which a > 0 neurons may be pinned."""
    if draw(st.integers(0, 2)):
        return draw(flow_cases(n=(1, 5), d=(1, 3), width=(1, 1), kinds=("balanced", "dominated")))
    data = draw(sliding_datasets())
    case = draw(flow_cases(d=(2, 2), width=(1, 1), leaks=(draw(st.sampled_from(LEAKS)),)))
    kind = draw(st.sampled_from(("balanced", "dominated")))
    return replace(case, data=data, loss="square", start=draw(neurons(data, (1, 1), kind)))


@property_check(typical_cases(), quick=40, full=400)
def the_trusted_flow_ends_as_predicted(statement: Predicate, case: FlowCase) -> Margin:
    """Fate, path and times of the closed form against the reference, which knows neither cells nor fates."""
    _, _, a, w = case.problem
    vectors = extremal_vectors(case.data, case.loss, case.leak)
    flow = frozen_alignment(case.data, a, w, case.loss, case.leak, extremal=vectors)
    sinks = flow.reason[0] == Reason.REACHES_ZERO
    assume(sinks or flow.reason[0] == Reason.NONE)  # the others are the claim's null set
    ending = _ending(flow, vectors.d_max)
    if ending.fate not in statement["fates"] or (ending.fate == "extremal" and flow.extremal[0] < 0):
        return Margin(1.0, 0.0, "a fate that is not stated", {"fate": ending.fate})
    assume(ending.later * vectors.d_max <= LONGEST)
    times = np.unique([0.0, *np.linspace(0.0, ending.later, 9)[1:], ending.settled])
    trajectory = solve(*case.problem, times, frozen=True, **case.options)
    compared = [_path_margin(flow, trajectory)]
    if sinks:
        compared.append(_sinking_margin(trajectory, ending, float(flow.stop_time[0])))
    else:
        growth = float(statement["growth"][ending.fate])
        compared += [*_ending_margins(flow, trajectory, ending, growth, case)]
    return worst(*compared)


def _ending(flow: FrozenAlignment, d_max: float) -> Ending:
    """When the prediction is final, and a later time: by 2/||D||, or nine tenths of what is left until w = 0."""
    settled = float(flow.last_event_time[0])
    if flow.reason[0] == Reason.REACHES_ZERO:
        return Ending("pinned", settled, settled + 0.9 * (float(flow.stop_time[0]) - settled))
    fate = str(flow.fate_names[0])
    if fate == "extremal":
        settled = float(flow.alignment_time(ANGLE)[0])
    rate = float(np.linalg.norm(flow.drift[0])) or max(d_max, 1.0)
    return Ending(fate, settled, settled + 2 / rate)


def _path_margin(flow: FrozenAlignment, trajectory: Trajectory) -> Margin:
    """Direction and log|a| at all times: first the angle that an error of w makes, then that of a."""
    a, w = trajectory.fine.a[:, 0], trajectory.fine.w[:, 0]
    path = flow.path(0, trajectory.times)
    lengths = np.linalg.norm(w, axis=1)
    seen = lengths >= SMALLEST * lengths[0]
    error = trajectory.error(_state)
    turned = np.linalg.norm(w / lengths[:, None] - path.direction, axis=1) * lengths / 2
    grown = np.abs(np.expm1(np.log(np.abs(a)) - path.log_a)) * np.abs(a)
    sign = float(np.any(np.sign(a) != path.sign))
    return worst(
        Margin(float(np.max(turned[seen])), error, f"of w: {DERIVATION}", {"compared": "path"}),
        Margin(float(np.max(grown)), error, f"of a: {DERIVATION}", {"compared": "growth along the path"}),
        Margin(sign, 0.0, "the sign of a", {"compared": "sign"}),
    )


def _ending_margins(
    flow: FrozenAlignment, trajectory: Trajectory, ending: Ending, growth: float, case: FlowCase
) -> Iterable[Margin]:
    """What the fate says of the reference alone, between the time it is settled and the later one."""
    at, after = np.searchsorted(trajectory.times, [ending.settled, ending.later])
    a, w = np.abs(trajectory.fine.a[:, 0]), trajectory.fine.w[:, 0]
    lengths = np.linalg.norm(w, axis=1)
    error = trajectory.error(_state)
    blur = 4 * error / min(lengths[at], lengths[after])  # of a direction, twice the error of w over ||w||
    where = {"fate": ending.fate, "settled": ending.settled}
    drift = flow.drift[0]
    rate = float(np.linalg.norm(drift))
    direction = w / lengths[:, None]
    limit = flow.limit_direction()[0]
    missing = 0.0
    if ending.fate == "extremal":
        angle = 2 * float(np.arcsin(np.linalg.norm(direction[at] - limit) / 2))
        late = ending.settled > float(flow.last_event_time[0])
        off = abs(angle - ANGLE) if late else max(angle - ANGLE, 0.0)
        yield Margin(off, 2 * blur, f"angle at the predicted time: {DERIVATION}", where)
        # From a cosine c on, log|a| falls behind r t by log(2/(1 + c)) in all: theory.md 3.2 as t -> oo.
        missing = float(np.log(2 / (1 + np.sign(trajectory.fine.a[at, 0]) * (w[at] @ drift) / (a[at] * rate))))
    else:
        moved = float(np.linalg.norm(direction[after] - direction[at]))
        yield Margin(moved, blur, f"the direction stays: {DERIVATION}", where)
    if ending.fate == "pinned":
        yield Margin(max(0.0, _correlation(case, w[at])), 0.0, "sign(a) G(w) < 0", where)
    gained = float(np.log(a[after] / a[at])) - growth * rate * (ending.later - ending.settled)
    allowed = missing + 4 * error / min(a[at], a[after])
    yield Margin(abs(gained), allowed, f"growth of log|a| to its limit, and {DERIVATION}", where)


def _sinking_margin(trajectory: Trajectory, ending: Ending, stop: float) -> Margin:
    """artanh||omega|| = r (stop - t) once a strictly dominated neuron is pinned; r is eliminated between two times."""
    at, after = np.searchsorted(trajectory.times, [ending.settled, ending.later])
    a, w = np.abs(trajectory.fine.a[:, 0]), trajectory.fine.w[:, 0]
    omega = np.linalg.norm(w, axis=1) / a
    left = (stop - trajectory.times[[at, after]]) / (stop - trajectory.times[at])
    gap = float(abs(np.arctanh(omega[after]) - left[1] * np.arctanh(omega[at])))
    # artanh has the slope 1/(1 - omega^2), and omega errs by twice the error of w over |a|.
    error = 2 * trajectory.error(_state) / min(a[at], a[after])
    allowed = error * float(np.sum(1 / (1 - omega[[at, after]] ** 2)))
    return Margin(gap, allowed, f"of artanh||omega||: {DERIVATION}", {"stop": stop})


def _state(a: Array, w: Array) -> Array:
    return np.concatenate([a[..., None], w], axis=-1)


def _correlation(case: FlowCase, w: Array) -> float:
    """sign(a) G(w), summed point by point."""
    X, y, a, _ = case.problem
    preactivation = X @ w
    pulls = handwritten_pull(0 * y, y, case.loss)
    G = np.maximum(preactivation, float(case.leak) * preactivation) @ pulls / len(y)
    return float(np.sign(a[0]) * G)


@property_check(st.integers(0, 10**6), quick=4, full=30)
def each_fate_occurs(statement: Predicate, seed: int) -> Margin:
    """200 balanced neurons on the non-orthogonal toy, from a random seed: the fates that occur are those stated.

    About a fifth of all neurons is pinned there (theory.md 3.9), so that none is missed by chance.
    """
    data = Dataset.published("non-orthogonal-toy")
    start = make_start(200, 1e-3, seed, "balanced", data.d)
    found = set(frozen_alignment(data, start.a, start.w).fate_names.tolist()) - {"undetermined"}
    differing = found ^ set(statement["fates"])
    return Margin(len(differing), 0.0, "two sets: none may differ", {"found": sorted(found)})
