"""Theory.md 9.2: condition (P), the limit path enclosed in any dimension, and Theorem A without condition (C).

Theorem. For the listed data let H = (1/n) sum x_k x_k^T, b = (1/n) sum y_k x_k and beta* = H^-1 b. The solution of

    beta' = ||beta|| (I + u u^T) (b - H beta),  u = beta/||beta||,

that leaves 0 along b stays in K = {w : <w, x_k> > 0 for all k} and tends to beta*. There is an explicit lambda_0 > 0
such that for every width and every lambda <= lambda_0, h(x_k) -> <beta*, x_k> for all k from every dominated start with
sum a_j^2 <= lambda^2, no neuron on a hyperplane, a neuron with a > 0 active on some point, and no neuron with a < 0
nearer to its repeller than tan(theta/2) = 1/10 (theta as in theory.md 9.1).

Source: this project.
Certified: for each data set a tube around the path, which holds S = sum a_j w_j for every width, with all constants;
it is written out, read back, and checked by code that shares nothing with the prover. That its inequalities imply the
theorem is the proof of theory.md 9.2, by hand, but for what is proved in SymPy: the derivative of the distance that
bounds the tube, for every dimension, and the inequalities of one variable. Prover and checker are tried on data without
(P), and the checker on certificates that violate one condition each.
"""

from __future__ import annotations

from collections.abc import Iterator

from .....theory.formal.derivation import Goal
from .....theory.spurious.every_start import limit_path
from ....claim.evidence import Certificate, Run, certified, symbolic
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....known.answers import each_as_known, each_left_undecided
from ....measure.spurious.every_start.limit_path import answers, enclosures, without_a_tube

STATEMENT = Predicate(
    "small networks follow the limit path",
    r"\text{$data}:\ \beta' = \|\beta\|(I+\hat\beta\hat\beta^\top)(b-H\beta),\ \beta \to 0 \text{ along } b "
    r"\text{ at the start} \implies \beta \to \beta^*,\ $cone;\quad "
    r"\lambda \le \lambda_0,\ \text{any width} \implies $limit",
    {"data": "listed", "cone": "stays", "limit": "least squares"},
    words={
        "data": {"listed": "data as listed", "beta* in K": r"all data with $\beta^* \in K$"},
        "cone": {
            "stays": r"\langle\beta, x_k\rangle > 0\ \forall k",
            "leaves": r"\exists t, k: \langle\beta(t), x_k\rangle \le 0",
        },
        "limit": {
            "least squares": r"h(x_k) \to \langle\beta^*, x_k\rangle\ \forall k",
            "labels": r"h(x_k) \to y_k\ \forall k",
        },
    },
)

CLAIM = Claim(
    id="spurious.limit-path",
    title="In dimensions 2 to 4 the limit path is enclosed, and small networks of every width end at least squares",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU, y_k > 0, <x_k, x_l> > 0 for all k, l, H nonsingular; regular solutions",
        "dominated start with sum a_j^2 <= lambda^2, no neuron on a hyperplane, a neuron with a > 0 active on a point; "
        "tan(theta/2) >= 1/10 for every neuron with a < 0 that is active on a point",
    ),
    scope="the published points, five points in dimension 3 and six in dimension 4 on which (C) is not shown, and "
    "random clouds in dimensions 2 to 4 whose path keeps cosines of 0.15 with all points",
    source=Source("this project", "Theorem A'', with constants", "9.2"),
    needs=("certified", "symbolic"),
    mutants=(
        Mutant(
            "for all data with beta* in K",
            STATEMENT.altered(data="beta* in K"),
            "8 x = (3, -3, 1), (2, -3, 4), (6, -3, -5), (9, -3, 2), (16, -1, -1), 8 y = (7, 1, 14, 1, 5): the path "
            "leaves K at x_2, with a cosine of less than -0.06",
        ),
        Mutant(
            "the path leaves the cone",
            STATEMENT.altered(cone="leaves"),
            "the published points: every cosine along the path is at least 0.8",
        ),
        Mutant(
            "the limit fits the labels",
            STATEMENT.altered(limit="labels"),
            "published points: the residuals of the limit are 16/39, -112/195, 32/195",
        ),
    ),
    depends_on=("spurious.phase-one", "spurious.bundle", "flow.lorentz", "spurious.trap"),
)


@certified(timeout=600.0)
def each_path_is_enclosed_and_rechecked(statement: Predicate, run: Run) -> Certificate:
    """`certify_by_limit_path` proves it, the checker checks the file; the outputs in the limit beside those stated."""
    return enclosures(statement, run)


@symbolic(covers="lemma")
def the_distance_and_the_form_that_bounds_it(statement: Predicate) -> Iterator[Goal]:
    """V' for every width and dimension from the flow; ||S - C||; the quadratic form; bounds of -log(1 - theta^2)."""
    yield from limit_path.goals()


@certified(covers="lemma")
def what_has_no_tube_is_left_undecided(statement: Predicate, run: Run) -> Certificate:
    """Data whose path leaves K, or whose beta* is outside, or that violate a hypothesis: the prover must say so."""
    return each_left_undecided(without_a_tube())


@certified(covers="lemma")
def the_checker_decides_each_condition(statement: Predicate, run: Run) -> Certificate:
    """True certificates with one number altered, a whole tube outside of K, and a path that leaves it."""
    return each_as_known(answers())
