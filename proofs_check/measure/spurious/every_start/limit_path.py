"""What the evidence of `spurious.limit-path` measures (theory.md 9.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, partial
from typing import Any

import flint

from .....numerics.certify.errors import Undecided
from .....numerics.certify.every_start.cone import linear_fit_of
from .....numerics.certify.every_start.constants import StartBounds, data_constants
from .....numerics.certify.instance import PRECISION
from .....numerics.certify.path.certificate import PathCertificate, certify_by_limit_path
from .....numerics.certify.path.constants import path_constants
from .....numerics.certify.path.leaving import LeavingTube, leaving_tube, tube_beyond_the_cone
from .....numerics.data.dataset import Dataset
from ....cases.spurious.every_start.limit_paths import LEAVING, OUTSIDE, SPACE, listed, random_cloud
from ....claim.evidence import Certificate, Run
from ....claim.statement import Predicate
from ....kinds.rechecks import EveryStartEndsAtLeastSquares, LimitPathLeavesCone
from ....known.false_path_tubes import path_tube_answers
from ....recheck import EveryStartAccepted, Rejected, recheck, recheck_every_start

Tree = dict[str, Any]


def data_sets(run: Run) -> Iterator[tuple[str, Dataset]]:
    """The listed data, and random ones in dimensions 2, 3 and 4."""
    yield from listed()
    for d in (2, 3, 4):
        for _ in range(run.choose(1, 6)):
            data = random_cloud(run.rng, d)
            yield str(data.to_json()), data


@cache
def _proved(data: Dataset) -> PathCertificate:
    """The certificate, once for the statement and its mutants; Undecided without one."""
    return certify_by_limit_path(data)


@cache
def _accepted(text: str) -> EveryStartAccepted:
    """What the file proves; Rejected when the checker does not accept it."""
    return recheck_every_start(text)


@cache
def _leaving() -> LeavingTube:
    return leaving_tube(LEAVING)


def enclosures(statement: Predicate, run: Run) -> Certificate:
    """The certificate of every data set, and what it says of the stated cone and limit."""
    if statement["data"] == "beta* in K":
        return _path_that_leaves()
    cases, proved = [*data_sets(run)], []
    for name, data in cases:
        try:
            found = _proved(data)
            text = json.dumps(found.to_json())
            accepted = _accepted(text)
        except (Undecided, Rejected) as reason:
            return Certificate(len(cases), "not decided", undecided=f"{name}: {reason}")
        if statement["cone"] == "leaves":
            where = {"data": name, "least cosine in the tube": found.tube.cosine}
            return Certificate(len(cases), "the path stays in the cone", counterexample=where)
        stated = data.labels if statement["limit"] == "labels" else _outputs_of_the_fit(data)
        if accepted.outputs != stated:
            where = {"data": name, "certified": accepted.outputs, "stated": stated}
            return Certificate(len(cases), "the flow ends elsewhere", counterexample=where)
        start = found.known.start
        asked = (accepted.exponent, start.delta, start.bound)
        proved.append(EveryStartEndsAtLeastSquares(text, data.inputs, data.labels, *asked))
    return Certificate(len(cases), "every path is enclosed, and every certificate accepted", rechecks=tuple(proved))


def _outputs_of_the_fit(data: Dataset) -> tuple[Fraction, ...]:
    """The outputs h with sum_k (h_k - y_k) x_k = 0 and h = <beta, x>: by elimination, written here once more."""
    d = range(data.d)
    rows = [[*(sum((x[i] * x[j] for x in data.inputs), Fraction(0)) for j in d), Fraction(0)] for i in d]
    for i in d:
        rows[i][-1] = sum((x[i] * y for x, y in zip(data.inputs, data.labels, strict=True)), Fraction(0))
    for i in d:  # the matrix is positive definite, so that no pivot vanishes
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for k in d:
            if k != i:
                rows[k] = [p - rows[k][i] * q for p, q in zip(rows[k], rows[i], strict=True)]
    return tuple(sum((rows[i][-1] * x[i] for i in d), Fraction(0)) for x in data.inputs)


def _path_that_leaves() -> Certificate:
    """Data with beta* in K whose path is certainly outside of K at one place."""
    found = _leaving()
    if min(_outputs_of_the_fit(LEAVING)) <= 0:
        return Certificate(1, "not decided", undecided="the least-squares solution is not in K")
    shown = LimitPathLeavesCone(LEAVING.inputs, LEAVING.labels, found.path, found.constants, found.point)
    where = {"data": str(LEAVING.to_json()), "point": found.point, "its cosine is at most": found.cosine}
    return Certificate(1, "the path leaves the cone", counterexample=where, rechecks=(shown,))


def forged(data: Dataset) -> Tree:
    """A certificate that is right but for the neurons, which need not stay active on all points along the tube."""
    with flint.ctx.workprec(PRECISION):
        known = data_constants(linear_fit_of(data), StartBounds())
        tube, start = tube_beyond_the_cone(known, Fraction(1, 2**30))
        return PathCertificate(known, tube, path_constants(known, start, tube, Fraction(1, 2**30))).to_json()


def answers() -> Iterator[str | None]:
    """What is wrong with the checker's answers to altered certificates; None for each that is right."""
    yield from path_tube_answers(_proved(SPACE).to_json())
    for data, sentence in ((LEAVING, "a neuron may become inactive on point"), (SPACE, None)):
        try:
            recheck(json.dumps(forged(data)))
            said = None
        except Rejected as reason:
            said = str(reason)
        right = said is None if sentence is None else said is not None and sentence in said
        yield None if right else f"a tube that may leave K: {said or 'accepted'}"
    found = _leaving()
    for point in range(1, LEAVING.n + 1):
        shown = LimitPathLeavesCone(LEAVING.inputs, LEAVING.labels, found.path, found.constants, point).fault()
        right = shown == "" if point == found.point else "may still be active" in shown
        yield None if right else f"whether the path leaves K at point {point}: {shown or 'accepted'}"


def without_a_tube() -> list[tuple[str, Callable[[], object]]]:
    """Data for which there is no tube, with part of the sentence that says so."""
    orthogonal = Dataset.from_arrays([[1, 0], [0, 1]], [1, 1])
    parallel = Dataset.from_arrays([[1, 2], [2, 4]], [1, 2])
    negative = Dataset.from_arrays([[1, 0], [1, 1]], [1, -1])
    reasons = (
        ("seems to leave the cone", LEAVING),
        ("the least-squares solution is not active on point 5", OUTSIDE),
        ("have an inner product that is not positive", orthogonal),
        ("do not span the space", parallel),
        ("the label of point 2 is not positive", negative),
    )
    attempts: list[tuple[str, Callable[[], object]]] = [
        (reason, partial(certify_by_limit_path, data)) for reason, data in reasons
    ]
    return [*attempts, ("no tube was found that leads out", partial(leaving_tube, Dataset.published("three-points")))]
