"""What the evidence of `spurious.certified-limit` measures (theory.md 5.6)."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache

from ....numerics.certify.errors import Undecided
from ....numerics.certify.instance import RationalStart
from ....numerics.certify.one_start.prove import certify
from ....numerics.data.dataset import Dataset
from ...cases.spurious.certified_starts import certified_cases, is_live, without_live
from ...claim.evidence import Certificate, Run
from ...claim.statement import Predicate
from ...kinds.rechecks import FlowEndsAtLeastSquares
from ...recheck import Accepted, Rejected, recheck_flow

PUBLISHED = (Fraction(-4, 65), Fraction(251, 390)), Fraction(256, 2925)
"""beta* and the loss of the published points, by hand: H = ((53/192, -3/8), (-3/8, 1)), b = (-31/120, 2/3)."""


def certified_starts_end_there(statement: Predicate, run: Run) -> Certificate:
    """The certificate of every start, and the outputs that it proves."""
    cases, proved = [*certified_cases(run.rng, *run.choose((3, 2), (12, 12)))], []
    for case in cases:
        start = case.start if statement["live"] else without_live(case.start, case.data)
        stated = _stated(statement["limit"], case.data)
        if not is_live(start, case.data) and any(value > 0 for value in stated):
            # a < 0 neurons keep their sign (2.2), a > 0 neurons that are active on no point rest: h <= 0 forever
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


@cache
def _proved(data: Dataset, start: RationalStart) -> str:
    """The prover's file; Undecided without one."""
    return json.dumps(certify(data, start).to_json())


@cache
def _accepted(text: str) -> Accepted:
    """What the file proves; Rejected when the checker does not accept it."""
    return recheck_flow(text)


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
