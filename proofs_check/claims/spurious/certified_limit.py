"""Theory.md 5.6 for single starts: the flow of this network, from this start, provably ends at least squares.

Theorem. For each of the listed rational starts on three points (square loss, ReLU, regular solutions), dominated, on
no hyperplane, with some a > 0 neuron active on a point,

    h(x_k) -> <beta*, x_k> for all k,  L -> L(beta*) > 0.

The starts: the published points at lambda = 1e-3 and below, random T(eta) data, widths 1 to 100, lambda to 1e-24.

Source: Boursier and Flammarion, JMLR 2025, Theorem 2, for single starts (restated).
Certified: each flow has a certificate in ball arithmetic (docs/certificates.md), which is written out, read back and
checked by code that shares nothing with the prover. Both are tested on starts and certificates that violate one
condition each.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from functools import cache, partial

from ....numerics.certify.errors import Undecided
from ....numerics.certify.instance import RationalStart, drawn_start
from ....numerics.certify.prove import certify
from ....numerics.data.dataset import Dataset
from ...cases.certified_starts import certified_cases, is_live, too_large_or_unbalanced, unproved, without_live
from ...claim.evidence import Certificate, Run, certified
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...kinds.rechecks import FlowEndsAtLeastSquares
from ...known.answers import each_as_known, each_left_undecided
from ...known.false_certificates import answers
from ...recheck import Accepted, Rejected, recheck

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
        "the start is dominated, no neuron stands on a hyperplane, some a > 0 neuron is active on a point",
        "docs/certificates.md: what a certificate holds, and why the conclusion follows from its inequalities",
    ),
    scope="the published three points at lambda = 1e-3 and below, T(eta) data, widths 1 to 100, lambda to 1e-24; each "
    "certificate is written out, read back and checked again by code that shares nothing with the prover",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example", "5.6", True),
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


PUBLISHED = (Fraction(-4, 65), Fraction(251, 390)), Fraction(256, 2925)
"""beta* and the loss of the published points, by hand: H = ((53/192, -3/8), (-3/8, 1)), b = (-31/120, 2/3)."""


@certified(timeout=600.0)
def each_start_is_certified_and_rechecked(statement: Predicate, run: Run) -> Certificate:
    """`certify` proves where the flow ends, `recheck` checks the file; the outputs in the limit beside those stated."""
    cases, proved = [*certified_cases(run.rng, *run.choose((3, 2), (12, 12)))], []
    for case in cases:
        start = case.start if statement["live"] else without_live(case.start, case.data)
        stated = _stated(statement["limit"], case.data)
        if not is_live(start, case.data) and any(value > 0 for value in stated):
            # a < 0 neurons keep their sign (2.2), a > 0 neurons that are active on no point rest: h <= 0 for ever
            return Certificate(len(cases), "h <= 0 for ever", counterexample={"start": case.name, "stated": stated})
        try:
            text = _proved(case.data, start)
            found = _accepted(text)
        except (Undecided, Rejected) as reason:
            return Certificate(len(cases), "not decided", undecided=f"{case.name}: {reason}")
        if case.data.name == "three-points" and (found.limit, found.loss) != PUBLISHED:
            return Certificate(len(cases), "not decided", undecided="the published points are not read as published")
        if found.outputs != stated:
            where = {"start": case.name, "certified": found.outputs, "stated": stated}
            return Certificate(len(cases), "the flow ends elsewhere", counterexample=where)
        proved.append(FlowEndsAtLeastSquares(text))
    return Certificate(len(cases), "certified, and every certificate accepted", rechecks=tuple(proved))


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
    """Certificates written by hand: for each condition one that violates it, by a hair, and one that satisfies it."""
    return each_as_known(answers())


@cache
def _proved(data: Dataset, start: RationalStart) -> str:
    """The prover's file; Undecided without one."""
    return json.dumps(certify(data, start).to_json())


@cache
def _accepted(text: str) -> Accepted:
    """What the file proves; Rejected when the checker does not accept it."""
    return recheck(text)


def _stated(limit: str, data: Dataset) -> tuple[Fraction, ...]:
    """The outputs in the stated limit: written here by Cramer's rule, since prover and checker have their own."""
    if limit == "labels":
        return data.labels
    chosen = range(data.n) if limit == "least squares" else (0, data.n - 1)
    points = [(*data.inputs[k], data.labels[k]) for k in chosen]
    p, q, r, s, t = (
        sum((row[i] * row[j] for row in points), Fraction(0)) for i, j in ((0, 0), (0, 1), (1, 1), (0, 2), (1, 2))
    )
    beta = ((s * r - t * q) / (p * r - q * q), (p * t - q * s) / (p * r - q * q))
    return tuple(beta[0] * x[0] + beta[1] * x[1] for x in data.inputs)
