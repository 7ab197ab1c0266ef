"""Theory.md 4.4 for single starts: the fates at tau, for all lambda up to an explicit lambda_1.

Theorem. Let the data, the unscaled dominated start (or a box of them), the leak and epsilon be rational and as listed;
square or logistic loss. For each there are explicit lambda_1, C_1 and C_2 (docs/certificates.md) such that for every
0 < lambda <= lambda_1 and every solution, each neuron that is named as decided has at tau = epsilon log(1/lambda)/D_max
the fate of its frozen trajectory: D_j = 0 (dead), or held on a ray against its drift (pinned), or in the cell or on the
face of the extremal vector D that its frozen trajectory follows, with

    angle(w_j, sign(a_j) D) <= C_1 lambda^{epsilon ||D||/D_max} + C_2 lambda^{2 - 2 epsilon D_1/D_max}.

D_1 is the largest ||D|| of those that are followed if every neuron is decided, and D_max otherwise.

Source: Boursier and Flammarion, JMLR 2025, Theorem 1 (ii), for single starts and with constants (restated).
Certified: each start has a certificate, whose events are enclosed in balls for every drift within the deviation that
theory.md 4.1 and 4.2 bound. It is written out, read back and checked by code that shares nothing with the prover. That
the inequalities of the certificate imply the statement is proved by hand in docs/certificates.md.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import sympy

from ....numerics.certify.early_alignment.certificate import certify_early
from ....theory.early import bounds
from ...cases.early.certified_early import uncertified
from ...claim.evidence import Certificate, Run, certified
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...known.answers import each_as_known, each_left_undecided
from ...known.false_early import early_answers
from ...measure.early.certified_instance import fates_are_certified

STATEMENT = Predicate(
    "the fates at tau below an explicit scale",
    r"0 < \lambda \le $scale,\ t = \tau:\quad \text{decided neurons have the fates of their frozen trajectories;}\quad "
    r"\text{following } D\text{: } \angle(w_j, \operatorname{sign}(a_j) D) \le $first \lambda^{$power} + "
    r"C_2 \lambda^{2 - 2 \epsilon D_1/D_{\max}}",
    {"scale": sympy.Integer(1), "first": sympy.Integer(1), "power": bounds.aligned},
    words={
        "scale": {sympy.Integer(1): r"\lambda_1", sympy.Integer(10): r"10 \lambda_1"},
        "first": {sympy.Integer(1): "C_1", sympy.Rational(1, 2): r"\tfrac12 C_1"},
    },
)

CLAIM = Claim(
    id="early.certified-instance",
    title="For single starts the fates at tau, and the angles, are certain for all lambda up to an explicit one",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square or logistic loss, any leak; rational data and unscaled start, dominated, a_j not 0",
        "tau = epsilon log(1/lambda)/D_max, 0 < epsilon < 1",
        "a neuron is decided where ball arithmetic shows that its frozen trajectory crosses each hyperplane with both "
        "drifts across it, or slides on one that both sides push towards, one at a time, and ends in the interior of "
        "the cell or face of its vector, dead, or pinned",
    ),
    scope="the published three points with two starts and a box of starts, four further instances by hand, and random "
    "data in dimension 2 to 4, square and logistic loss, four leaks; neurons that are not decided are named, and "
    "nothing is claimed of them; docs/certificates.md says why the statement follows from the inequalities of a "
    "certificate",
    source=Source("Boursier & Flammarion, JMLR 2025", "Theorem 1 (ii), page 7", "4.4", restated=True),
    needs=("certified",),
    mutants=(
        Mutant(
            "lambda_1 ten times as large",
            STATEMENT.altered(scale=sympy.Integer(10)),
            "published points, epsilon = 1/4: at 10 lambda_1 = 10^-3.722, tau = 2.997, but the neuron a = -1, "
            "w = (-3/5, 4/5) meets the hyperplane of point 1 at 3.801 only, and is still active on it at tau",
        ),
        Mutant(
            "half the first constant",
            STATEMENT.altered(first=sympy.Rational(1, 2)),
            "a balanced neuron in the cell of its vector: tan(theta/2) = U e^{-rt} under the frozen flow, so that the "
            "angle is nearly 2 U lambda^{epsilon r/D_max} = C_1 lambda^{epsilon r/D_max} for small lambda",
        ),
        Mutant(
            "every vector is approached at the rate of the longest drift",
            STATEMENT.altered(power=bounds.epsilon),
            "x = (1, 0), (-1, 1), y = (2, 1): D_max = 1, and a neuron near D = (-1/2, 1/2) turns to it at the rate "
            "||D|| = 0.7071, so that its angle is nearly C_1 lambda^{0.7071 epsilon}",
        ),
    ),
    depends_on=("alignment.crossing", "alignment.closed-form", "early.field-deviation", "early.growth-bound"),
)


@certified(timeout=600.0)
def each_start_is_certified_and_rechecked(statement: Predicate, run: Run) -> Certificate:
    """`certify` proves the fates, `recheck` checks the file; the statement is compared with what is certain at tau."""
    return fates_are_certified(statement, run)


@certified(covers="lemma")
def what_is_not_proved_is_left_undecided(statement: Predicate, run: Run) -> Certificate:
    """Starts in the exceptional set, one for each reason: `certify` must name it."""
    attempts: list[tuple[str, Callable[[], object]]] = [
        (reason, partial(certify_early, case.problem, case.start, Fraction(1, 4))) for reason, case in uncertified()
    ]
    return each_left_undecided(attempts)


@certified(covers="lemma")
def the_checker_decides_each_condition(statement: Predicate, run: Run) -> Certificate:
    """Certificates written by hand: for each condition one that barely violates it, and one that satisfies it."""
    return each_as_known(early_answers())
