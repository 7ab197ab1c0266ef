"""Theory.md 6.2 on data of any kind: small starts go from saddle to saddle.

Theorem. From the balanced start lambda theta_0, as lambda -> 0, training rests at saddles that it leaves at times
t_i with t_i/log(1/lambda) -> s_i. At saddle i let the neuron j follow D_j, extremal for the residual there, and let
its depth be kappa_j = log|a_j|/log(lambda). Then

    s_{i+1} = s_i + min_j kappa_j/||D_j||,  and meanwhile every depth falls by (s_{i+1} - s_i) ||D_j||.

Hypotheses: square loss, ReLU; no ties, no corners, each flow between saddles comes to rest, and no other neuron is
within lambda^0.05 of leaving.

Source: Boursier and Flammarion, JMLR 2025, saddle-to-saddle dynamics (restated, beyond orthogonal data).
The growth of a dormant neuron at a saddle is proved in SymPy. Times, depths and the end are tested by slopes against
log(1/lambda) down to 1e-100, on the published data sets and random ones; ties are reported.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.start import Start
from ....theory.alignment import saddles
from ....theory.formal.derivation import Goal
from ...cases.strategies import signed_eighths
from ...claim.draws import st
from ...claim.evidence import Margin, Run, property_check, scaling, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.escape_times import BalancedStart, Slopes, slopes_of_moments
from ...measure.trajectories import worst

if TYPE_CHECKING:
    from ....numerics.limit.process import Limit, Saddle

STATEMENT = Predicate(
    "the limit of small starts is a process of saddles",
    r"s_{i+1} = s_i + $leaves,\quad \kappa_j^{(i+1)} = \kappa_j^{(i)} - (s_{i+1} - s_i) \|D_j^{(i)}\|,\quad "
    r"D_j^{(i)} \text{ extremal for } $pulls,\quad t_i / \log(1/\lambda) \to s_i,\quad $ends",
    {"leaves": "first", "pulls": "residual", "ends": "predicted"},
    words={
        "leaves": {
            "first": r"\min_j \kappa_j^{(i)} / \|D_j^{(i)}\|",
            "smallest norm": r"\kappa^{(i)} / \min_j \|D_j^{(i)}\|",
        },
        "pulls": {"residual": r"\text{the residual at saddle } i", "labels": r"\text{the labels}"},
        "ends": {"predicted": r"h \to h \text{ at the last saddle}", "interpolation": r"L \to 0"},
    },
)

CLAIM = Claim(
    id="bias.limit-process",
    title="As lambda -> 0 training is a process of saddles, which the data and the occupied directions decide",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU, balanced start lambda theta_0 with lambda -> 0",
        "the process is determined: no ties, no corners, every flow from saddle to saddle comes to rest",
        "no other neurons than those that leave a saddle are within lambda^0.05 of doing so",
    ),
    scope="the published data sets and random ones of 2 to 4 points in the plane and in space; 20 to 60 neurons; "
    "slopes of t_i against log(1/lambda) down to lambda = 1e-100",
    source=Source(
        "Boursier & Flammarion, JMLR 2025", "saddle-to-saddle dynamics of small starts", "6.2", restated=True
    ),
    needs=("symbolic", "scaling"),
    mutants=(
        Mutant(
            "the neurons with the smallest norm leave first",
            STATEMENT.altered(leaves="smallest norm"),
            "orthogonal toy: the first escape would be at log(1/lambda)/||D_-|| = 1.79 log(1/lambda), but by then S "
            "would have grown from lambda^2 like e^{2 ||D_+|| t}, beyond every bound",
        ),
        Mutant(
            "the pull is not updated at the saddle",
            STATEMENT.altered(pulls="labels"),
            "non-orthogonal toy: the second escape would be at s = 6.097 + 0.511, that of the third longest vector at "
            "h = 0; the residual at the first saddle gives 6.900",
        ),
        Mutant(
            "the limit interpolates",
            STATEMENT.altered(ends="interpolation"),
            "three points: after the first escape no neuron that is left moves, and the loss stays at 256/2925",
        ),
    ),
    depends_on=("early.escape-time", "alignment.fates"),
)

POWERS = {"quick": (60, 80, 100), "full": (4, 40, 60, 80, 100)}
"""lambda = 10^-power by level; the last two blocks decide."""
LEAST_GAP = 0.05
ACCURACY = 1e-6
"""Of the outputs and norms of a predicted limit, as a share of their sizes: pulls are known to 1e-8 at a saddle, and
an ill-conditioned one may stretch that a hundredfold (`stationary` would say so beyond)."""


@symbolic(covers="lemma")
def dormant_neurons_grow_as_at_rest(statement: Predicate) -> tuple[Goal, ...]:
    """At a saddle <D, omega> rests at ||D|| or -||D||, at which log|a| then grows, until the depth reaches 0."""
    return saddles.goals()


@scaling()
def the_published_data_sets(statement: Predicate, run: Run) -> Margin:
    """Times of all escapes and the end on the four published data sets."""
    margins: list[Margin] = []
    for name in ("three-points", "orthogonal-toy", "non-orthogonal-toy", "stewart"):
        data, wanted = Dataset.published(name), len(margins) + run.choose(1, 2)
        while len(margins) < wanted:
            case = BalancedStart(data, run.choose(30, 60), int(run.rng.integers(10**6)))
            if _qualifies(case_limit(case)):
                margins.append(_compared(statement, case, case_limit(case), POWERS[run.level]))
    return worst(*margins)


@scaling()
def random_data(statement: Predicate, run: Run) -> Margin:
    """The same on random data of few points, where the process is determined and no other escape is near."""
    margins: list[Margin] = []
    while len(margins) < run.choose(2, 8):
        case = _drawn(run.rng)
        limit = case_limit(case)
        if _qualifies(limit):
            margins.append(_compared(statement, case, limit, POWERS[run.level]))
    return worst(*margins)


@property_check(lambda: st.tuples(st.integers(1, 8), st.integers(0, 12)), covers="lemma", quick=4, full=20)
def ties_are_reported(statement: Predicate, drawn: tuple[int, int]) -> Margin:
    """Labels c and -c', c' = c or c (1 + 2^-k), on the two unit vectors: escapes at 2/c and 2/c', a tie where equal."""
    from ....numerics.limit.process import limit_process

    size, power = drawn
    other = Fraction(size) * (1 + (Fraction(1, 2**power) if power else 0))
    data = Dataset(((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))), (Fraction(size), -other))
    limit = limit_process(data)
    where = {"data": data, "reason": limit.reason}
    return Margin(float(limit.determined != bool(power)), 0.0, "determined exactly when the labels differ", where)


FITTED_BY_ONE = (
    [["1/4", "1/2", "1/2"], [1, "7/4", -2], ["-5/4", "7/4", "7/4"], ["-3/2", "-1/2", "-7/4"], [1, 0, "-1/2"]],
    ["1/4", "17/4", "29/4", "19/4", "-1/2"],
)
"""Inputs and labels: a neuron along (-3, 3, -1) fits four points and is inactive on the fifth."""


@property_check(lambda: st.integers(0, 10**6), covers="lemma", quick=1, full=10)
def a_fit_moves_no_neuron(statement: Predicate, seed: int) -> Margin:
    """Four points fitted by one neuron, and one that no a > 0 neuron can fit: the first escape leads to the end.

    That the neuron is at rest leaves one direction free for the pulls of four points in R^3. What the flow has left of
    them would let others grow, however slowly, and leave the saddle again.
    """
    from ....numerics.limit.process import limit_process

    data = Dataset.from_arrays(*FITTED_BY_ONE)
    w = np.random.default_rng(seed).standard_normal((12, 3))
    limit = limit_process(data, Start(np.linalg.norm(w, axis=1), w, "balanced", None, None))
    loss = float(data.labels[-1]) ** 2 / (2 * data.n)
    where = {"seed": seed, "saddles": len(limit.saddles), "loss": limit.loss, "reason": limit.reason}
    wrong = abs(len(limit.saddles) - 1) + (not limit.determined)
    return worst(
        Margin(float(wrong), 0.0, "one saddle, and all of it determined", where),
        Margin(abs(limit.loss - loss), ACCURACY * loss, "rest of the pulls at the end", where),
    )


@property_check(lambda: st.integers(0, 10**6), covers="lemma", quick=5, full=40)
def only_dead_neurons_are_left_out(statement: Predicate, seed: int) -> Margin:
    """A saddle on two orthogonal points of which the first is fitted, y_2 > 0: of 40 small neurons those left at rest.

    The first coordinate of a neuron keeps its sign. Where it is positive the neuron stays active on the first point: it
    grows if a > 0 and it is active on the second one too, and otherwise stops, to move when the pulls have changed.
    """
    from ....numerics.limit.dormant import Dormant, at_rest

    rng = np.random.default_rng(seed)
    w, signs = rng.standard_normal((40, 2)), rng.choice((-1.0, 1.0), 40)
    data = Dataset.from_arrays([[1, 0], [0, 1]], [0, 1])
    rest = at_rest(data, Fraction(0), Dormant.of(signs * np.linalg.norm(w, axis=1), w, 1.0))
    stays = (w[:, 0] > 0) & ~((signs > 0) & (w[:, 1] > 0))
    found = int(np.sum((rest.growths == 0) & (rest.dormant.directions[:, 0] > 0)))
    where = {"seed": seed, "at rest": found, "expected": int(stays.sum())}
    return Margin(float(abs(found - stays.sum())), 0.0, "a count: no difference", where)


def _drawn(rng: np.random.Generator) -> BalancedStart:
    d = int(rng.integers(2, 4))
    n = int(rng.integers(2, 5))
    inputs = signed_eighths(rng, 2, (n, d))
    labels = signed_eighths(rng, 2, (n,))
    data = Dataset(tuple(map(tuple, inputs)), tuple(labels))
    return BalancedStart(data, int(rng.integers(20, 41)), int(rng.integers(0, 10**6)))


@lru_cache(maxsize=256)
def case_limit(case: BalancedStart) -> Limit:
    """The predicted process for the directions that the start occupies."""
    from ....numerics.limit.process import limit_process

    return limit_process(case.data, case.start(1.0))


def _qualifies(limit: Limit) -> bool:
    """Whether the process is determined and, at every escape, no other neurons are near."""
    return limit.determined and bool(limit.saddles) and _gap(limit) >= LEAST_GAP


def _gap(limit: Limit) -> float:
    """The least depth left to the neurons that do not leave a saddle when others do."""
    left = [
        (other.time - saddle.time) * other.norm for saddle in limit.saddles for other in saddle.candidates[1:]
    ]  # fmt: skip
    return min(left, default=1.0)


@lru_cache(maxsize=256)
def _measured(case: BalancedStart, powers: tuple[int, ...]) -> Slopes:
    """Slopes of the times at which the loss is half way between a saddle and the next."""
    limit = case_limit(case)
    losses = [saddle.loss for saddle in limit.saddles] + [limit.loss]
    levels = [(above + below) / 2 for above, below in pairwise(losses)]
    return slopes_of_moments(case, levels, powers, limit.saddles[-1].time, limit.travel)


def _compared(statement: Predicate, case: BalancedStart, limit: Limit, powers: tuple[int, ...]) -> Margin:
    """The slopes of the last block beside the stated clocks, and the simulated end beside the stated one."""
    slopes = _measured(case, powers)
    margins = []
    for i in range(len(limit.saddles)):
        stated = _stated_clock(statement, limit.saddles, i)
        where = case.described | {"escape": i + 1, "stated": stated, "slopes": slopes.blocks[:, i].tolist()}
        distance = abs(float(slopes.blocks[-1, i]) - stated)
        margins.append(Margin(distance, float(slopes.allowed[i]), "change of the slope, error of the times", where))
    return worst(*margins, _end(statement, case, limit, slopes))


def _stated_clock(statement: Predicate, saddles: tuple[Saddle, ...], i: int) -> float:
    """When the statement has the escape number i, counted from 0."""
    candidates = saddles[i].candidates
    if statement["leaves"] == "smallest norm":
        return min(candidates, key=lambda candidate: candidate.norm).time
    if statement["pulls"] == "labels":
        at_zero = saddles[0].candidates
        return at_zero[i].time if i < len(at_zero) else np.inf
    return candidates[0].time


def _end(statement: Predicate, case: BalancedStart, limit: Limit, slopes: Slopes) -> Margin:
    """The outputs and ||theta||^2/2 at the smallest scale; what is left falls from scale to scale by two or more."""
    before, last = (_final(slopes, place) for place in (-2, -1))
    expected = np.append(limit.outputs, limit.norm)
    if statement["ends"] == "interpolation":
        expected[:-1] = case.data.y
    allowed = float(np.max(np.abs(last - before))) + ACCURACY * float(np.max(np.abs(expected)))
    where = case.described | {"stated": expected.tolist(), "simulated": last.tolist()}
    return Margin(float(np.max(np.abs(last - expected))), allowed, "change with the scale, 1e-6 of its size", where)


def _final(slopes: Slopes, place: int) -> np.ndarray:
    run = slopes.passages[place].run
    return np.append(run.outputs[-1], float(np.sum(run.a**2) + np.sum(run.w**2)) / 2)
