"""Theory.md 5.6 for single starts: the flow of this network, from this start, provably ends at least squares.

Theorem. Let beta* be the least-squares fit. For each of the listed rational starts on three points (square loss, ReLU,
regular solutions), dominated, on no hyperplane, with some a > 0 neuron active on a point,

    h(x_k) -> <beta*, x_k> for all k,  L -> L(beta*) > 0.

The starts: the published points at lambda = 1e-3 and below, random T(eta) data, widths 1 to 100, lambda to 1e-24.

Source: Boursier and Flammarion, JMLR 2025, Theorem 2, for single starts (restated).
Certified: each flow has a certificate in ball arithmetic (docs/certificates.md), which is written out, read back and
checked by code that shares nothing with the prover. Both are tested on starts and certificates that violate one
condition each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ....numerics.certify.instance import drawn_start
from ....numerics.certify.one_start.prove import certify
from ...cases.spurious.certified_starts import too_large_or_unbalanced, unproved
from ...claim.evidence import Certificate, Run, certified
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...known.answers import each_as_known, each_left_undecided
from ...known.false_certificates import answers
from ...measure.spurious.certified_limit import certified_starts_end_there

STATEMENT = Predicate(
    "the flow from this start ends at least squares",
    r"(X, y, \theta(0)) \text{ rational, as listed},\ $live j: a_j > 0,\ \langle w_j, x_k\rangle > 0 \implies $limit",
    {"limit": "least squares", "live": True},
    words={
        "limit": {
            "least squares": r"h(x_k) \to \langle \beta^*, x_k\rangle \ \forall k,\quad L \to L(\beta^*) > 0",
            "outer": r"h(x_k) \to \langle \beta, x_k\rangle,\ \langle \beta, x_k\rangle = y_k, k = 1, n",
            "labels": r"h(x_k) \to y_k,\quad L \to 0",
        },
        "live": {True: r"\exists", False: r"\nexists"},
    },
)

CLAIM = Claim(
    id="spurious.certified-limit",
    title="From rational starts on three points the flow provably ends at the least-squares fit, above zero loss",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU; regular solutions: a neuron that is active on no point has stopped",
        "the start is dominated, no neuron lies on a hyperplane, some a > 0 neuron is active on a point",
    ),
    scope="the published three points at lambda = 1e-3 and below, T(eta) data, widths 1 to 100, lambda to 1e-24; each "
    "certificate is written out, read back and checked again by code that shares nothing with the prover; "
    "docs/certificates.md says what it holds and why the limit follows from its inequalities",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example", "5.6", restated=True),
    needs=("certified",),
    mutants=(
        Mutant(
            "no live a > 0 neuron is needed",
            STATEMENT.altered(live=False),
            "a single neuron with a < 0: h <= 0 for ever, but <beta*, x_k> > 0",
        ),
        Mutant(
            "the limit is the line through the outer points",
            STATEMENT.altered(limit="outer"),
            "published points: least squares gives 0.69, 0.67, 0.64 there, and the line through (-3/4, 11/10) and "
            "(1/8, 4/5) gives 1.1, 1.01, 0.8",
        ),
        Mutant(
            "the limit fits the labels",
            STATEMENT.altered(limit="labels"),
            "published points: the residuals of the limit are 16/39, -112/195, 32/195",
        ),
    ),
    depends_on=("flow.balancedness", "flow.lorentz", "spurious.trap"),
)


@certified(timeout=600.0)
def each_start_is_certified_and_rechecked(statement: Predicate, run: Run) -> Certificate:
    """`certify` proves where the flow ends, `recheck` checks the file; the outputs in the limit beside those stated."""
    return certified_starts_end_there(statement, run)


@certified(covers="lemma")
def what_is_not_proved_is_left_undecided(statement: Predicate, run: Run) -> Certificate:
    """Data and starts that violate one condition each, or whose scale is too large: `certify` must say so."""
    attempts: list[tuple[str, Callable[[], object]]] = [
        *((case.reason, partial(certify, case.data, case.start)) for case in unproved()),
        *((reason, partial(drawn_start, start)) for reason, start in too_large_or_unbalanced()),
    ]
    return each_left_undecided(attempts)


@certified(covers="lemma")
def the_checker_decides_each_condition(statement: Predicate, run: Run) -> Certificate:
    """Certificates written by hand: for each condition one that barely violates it, and one that satisfies it."""
    return each_as_known(answers())
