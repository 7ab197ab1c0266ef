"""Theory.md 6.2 on data of any kind: small starts go from saddle to saddle.

Theorem. From the balanced start lambda theta_0, as lambda -> 0, training rests at saddles that it leaves at times
t_i with t_i/log(1/lambda) -> s_i. At saddle i let the small neuron j follow D_j, extremal for the residuals there, and
let delta_j = log|a_j|/log(lambda) be its depth: 1 at the start, 0 when it leaves. Then

    s_{i+1} = s_i + min_j delta_j/||D_j||,  and meanwhile delta_j falls by (s_{i+1} - s_i) ||D_j||.

Hypotheses: square loss, ReLU; neurons leave a saddle along one direction at a time, those that have stopped on a
hyperplane never move again, and each flow between saddles comes to rest.

Source: Boursier and Flammarion, JMLR 2025, saddle-to-saddle dynamics (restated, beyond orthogonal data).
The growth of a small neuron at a saddle is proved in SymPy. Times, depths and the end are tested by slopes against
log(1/lambda) down to lambda = 1e-100, on the published data sets and random ones; ties are reported.
"""

from __future__ import annotations

from ....theory.alignment import saddles
from ....theory.formal.derivation import Goal
from ...claim.draws import st
from ...claim.evidence import Margin, Run, property_check, scaling, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.bias.limit_process import (
    left_out,
    moved_by_a_fit,
    on_random_data,
    on_the_published_data_sets,
    reported_tie,
)

STATEMENT = Predicate(
    "the limit of small starts is a process of saddles",
    r"s_{i+1} = s_i + $leaves,\quad \delta_j^{(i+1)} = \delta_j^{(i)} - (s_{i+1} - s_i) \|D_j^{(i)}\|,\quad "
    r"D_j^{(i)} \text{ extremal for } $pulls,\quad t_i / \log(1/\lambda) \to s_i,\quad $ends",
    {"leaves": "first", "pulls": "residual", "ends": "predicted"},
    words={
        "leaves": {
            "first": r"\min_j \delta_j^{(i)} / \|D_j^{(i)}\|",
            "smallest norm": r"\delta^{(i)} / \min_j \|D_j^{(i)}\|",
        },
        "pulls": {"residual": r"\text{the residual at saddle } i", "labels": r"\text{the labels}"},
        "ends": {"predicted": r"h \to h^{\mathrm{end}} \text{ after the last saddle}", "interpolation": r"L \to 0"},
    },
)

CLAIM = Claim(
    id="bias.limit-process",
    title="As lambda -> 0 training is a process of saddles, which the data and the occupied directions decide",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU, balanced start lambda theta_0 with lambda -> 0",
        "the process is determined: neurons leave a saddle along one direction at a time, those that have stopped on a "
        "hyperplane never move again, and every flow from saddle to saddle comes to rest",
        "delta_j = log|a_j|/log(lambda) is the depth of a small neuron, D_j the extremal vector that it follows",
    ),
    scope="the published data sets and random ones of 2 to 4 points in the plane and in space; 20 to 60 neurons; "
    "slopes of t_i against log(1/lambda) down to lambda = 1e-100; at each t_i the other small neurons have depths "
    "of at least 0.05",
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


@symbolic(covers="lemma")
def dormant_neurons_grow_as_at_rest(statement: Predicate) -> tuple[Goal, ...]:
    """At a saddle <D, omega> comes to rest at ||D|| or -||D||: the rate of log|a| until the depth is 0."""
    return saddles.goals()


@scaling()
def the_published_data_sets(statement: Predicate, run: Run) -> Margin:
    """Times of all escapes and the end on the four published data sets."""
    return on_the_published_data_sets(statement, run)


@scaling()
def random_data(statement: Predicate, run: Run) -> Margin:
    """The same on random data of few points, where the process is determined and no other escape is near."""
    return on_random_data(statement, run)


@property_check(lambda: st.tuples(st.integers(1, 8), st.integers(0, 12)), covers="lemma", quick=4, full=20)
def ties_are_reported(statement: Predicate, drawn: tuple[int, int]) -> Margin:
    """Labels c and -c', c' = c or c (1 + 2^-k), on the two unit vectors: escapes at 2/c and 2/c', a tie where equal."""
    return reported_tie(statement, drawn)


@property_check(lambda: st.integers(0, 10**6), covers="lemma", quick=1, full=10)
def a_fit_moves_no_neuron(statement: Predicate, seed: int) -> Margin:
    """Four points fitted by one neuron, and one that no a > 0 neuron can fit: the first escape leads to the end.

    That the neuron has drift 0 leaves one direction free for the pulls of four points in R^3. What the computed flow
    leaves of these pulls must not make other neurons grow, however slowly, and leave the saddle.
    """
    return moved_by_a_fit(statement, seed)


@property_check(lambda: st.integers(0, 10**6), covers="lemma", quick=5, full=40)
def only_dead_neurons_are_left_out(statement: Predicate, seed: int) -> Margin:
    """A saddle on two orthogonal points of which the first is fitted, y_2 > 0: of 40 small neurons those left at rest.

    The first coordinate of a neuron keeps its sign. Where it is positive the neuron stays active on the first point: it
    grows if a > 0 and it is active on the second one too, and otherwise stops, to move when the pulls have changed.
    """
    return left_out(statement, seed)
