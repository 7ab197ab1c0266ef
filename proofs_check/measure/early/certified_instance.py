"""What the evidence of `early.certified-instance` measures (theory.md 4.4, docs/certificates.md)."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from typing import Any

import flint

from ....numerics.certify.early_alignment.certificate import certify_early
from ....numerics.certify.errors import Undecided
from ....theory.early import bounds
from ....theory.formal.balls import enclose_over
from ...cases.early.certified_early import EarlyCase, by_hand, drawn
from ...claim.evidence import Certificate, Run
from ...claim.statement import Predicate
from ...kinds.rechecks import FatesInEarlyPhase
from ...recheck import EarlyAccepted, NotACertificate, Rejected, recheck
from ...recheck.fates import Fate

BITS = 200
TINY = 40
"""The scale 10^-40, at which the first term of the bound stands out."""


def fates_are_certified(statement: Predicate, run: Run) -> Certificate:
    """The certificate of every case; a counterexample where the statement claims more than is true."""
    cases, proved, left = [*by_hand(), *drawn(run.rng, run.choose(4, 24))], [], 0
    for case in cases:
        try:
            text, accepted = _certified(case, case.epsilon)
        except Undecided:
            if case.name.startswith("random"):
                left += 1
                continue
            return Certificate(len(cases), "not decided", undecided=f"{case.name}: no neuron is decided")
        except (NotACertificate, Rejected) as reason:
            return Certificate(len(cases), "not decided", undecided=f"{case.name}: {reason}")
        found = _too_early(case, accepted, statement["scale"]) or _too_close(case, accepted, statement)
        if found is not None:
            return Certificate(len(cases), found.pop("detail"), counterexample={"data": case.name, **found})
        proved.append(_carried(case, text))
    if (statement["scale"], statement["first"], statement["power"]) != (1, 1, bounds.aligned):
        return Certificate(len(cases), "not decided", undecided="the certificates do not prove as much")
    detail = f"{len(proved)} certificates accepted, {left} of the random cases without a decided neuron"
    return Certificate(len(cases), detail, rechecks=tuple(proved))


def _carried(case: EarlyCase, text: str) -> FatesInEarlyPhase:
    problem, start = case.problem, case.start
    neurons = tuple((neuron.a, *neuron.w) for neuron in start.neurons)
    about = problem.data.inputs, problem.data.labels, problem.loss, problem.leak
    return FatesInEarlyPhase(text, *about, neurons, start.box, case.epsilon)


def _certified(case: EarlyCase, epsilon: Fraction) -> tuple[str, EarlyAccepted]:
    """The prover's file and what the checker makes of it; Undecided, NotACertificate or Rejected."""
    found = _tried(case, epsilon)
    if isinstance(found, Exception):
        raise found
    return found


@cache
def _tried(case: EarlyCase, epsilon: Fraction) -> tuple[str, EarlyAccepted] | Exception:
    """Remembered, since every altered statement asks for it again."""
    try:
        text = json.dumps(certify_early(case.problem, case.start, epsilon).to_json())
        accepted = recheck(text)
    except (Undecided, NotACertificate, Rejected) as reason:
        return reason
    assert isinstance(accepted, EarlyAccepted)
    return text, accepted


def _ball(value: Fraction) -> Any:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _too_early(case: EarlyCase, accepted: EarlyAccepted, scale: int) -> dict[str, Any] | None:
    """A neuron that is at tau certainly not yet in its last cell, for lambda = `scale` lambda_1.

    A certificate with a larger epsilon holds at this lambda, and its events with it: they do not depend on epsilon.
    """
    exponent = accepted.exponent - (len(str(scale)) - 1)
    if scale == 1 or not exponent > 0:
        return None
    longer = case.epsilon * accepted.exponent / exponent * Fraction(101, 100)
    if not longer < 1:
        return None
    try:
        _, other = _certified(case, longer)
    except (Undecided, Rejected):
        return None
    if other.exponent > exponent:
        return None
    tau = _ball(case.epsilon * exponent) * flint.arb(10).log() / _ball(accepted.norm).sqrt()
    for number, fate in enumerate(other.fates, 1):
        if tau < _ball(fate.begin):
            return {
                "detail": "a neuron is in another cell at tau",
                "neuron": number,
                "log10(1/lambda)": exponent,
                "last hyperplane not met before": fate.begin,
            }
    return None


def _too_close(case: EarlyCase, accepted: EarlyAccepted, statement: Predicate) -> dict[str, Any] | None:
    """A balanced neuron without events whose angle at tau is certainly above the stated bound, at lambda = 10^-40.

    There u = tan(theta/2) obeys u' = -r u up to rho (1 + u^2)/2, so that u(tau) is at least its value without a
    deviation less half the second term of the bound; and the angle is at least 2 (u - u^3/3).
    """
    if accepted.box or accepted.exponent > TINY:
        return None
    scale = 1 / flint.arb(10) ** TINY
    largest, growth = _ball(accepted.norm).sqrt(), _ball(accepted.growth).sqrt()
    for number, (neuron, fate) in enumerate(zip(case.start.neurons, accepted.fates, strict=True), 1):
        if fate.name != "aligned" or fate.time or not neuron.balanced:
            continue
        r = _ball(sum((value * value for value in fate.drift), Fraction(0))).sqrt()
        epsilon = _ball(case.epsilon)
        second = _ball(fate.second) * scale ** (2 - 2 * epsilon * growth / largest)
        u = _half_tangent(neuron, fate, r) * scale ** (epsilon * r / largest) - second / 2
        stated = _ball(fate.first * Fraction(statement["first"].p, statement["first"].q))
        power = enclose_over(
            statement["power"], {bounds.epsilon: epsilon, bounds.followed: r, bounds.d_max: largest}, BITS
        )
        if 2 * (u - u**3 / 3) > stated * scale**power + second:
            return {"detail": "a neuron is farther from its vector at tau", "neuron": number, "lambda": f"10^-{TINY}"}
    return None


def _half_tangent(neuron: Any, fate: Fate, r: Any) -> Any:
    """tan(theta/2) at the start."""
    along = sum((p * q for p, q in zip(neuron.w, fate.drift, strict=True)), Fraction(0)) * neuron.sign
    size = _ball(abs(neuron.a))
    return ((size - _ball(along) / r) / (size + _ball(along) / r)).sqrt()
