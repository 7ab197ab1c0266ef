"""Certificates of the sharp constants: all inequalities, each decided once and rechecked by the runner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ...theory.spurious import three_points as points
from ...theory.spurious.sharp import RANGES, Claimed, steps_for
from ..claim.evidence import Certificate, Recheck
from ..claim.statement import Predicate
from ..kinds.rechecks import AtPoint, PositiveOnBox
from .constants import NotSharp


def every_inequality(
    statement: Predicate, check: Callable[[str, Claimed], Any], recheck: Callable[[str, Claimed, Any], list[Recheck]]
) -> Certificate:
    """One certificate of all inequalities: what `check` finds for each, and what the runner decides again."""
    constants = statement["constants"]
    undecided: list[str] = []
    rechecks: list[Recheck] = []
    for name, claimed in constants.items():
        try:
            rechecks += recheck(name, claimed, _found(check, name, claimed))
        except NotSharp as reason:
            if reason.where is not None:
                return Certificate(len(constants), str(reason), counterexample=reason.where)
            undecided.append(str(reason))
    return Certificate(
        len(constants), "exact signs of polynomials", undecided="; ".join(undecided) or None, rechecks=tuple(rechecks)
    )


@cache
def _found(check: Callable[[str, Claimed], Any], name: str, claimed: Claimed) -> Any:
    """What the check finds, once in a process: a mutant shares most constants with the statement."""
    return check(name, claimed)


def proof_on_the_box(name: str, claimed: Claimed, _: Any) -> list[Recheck]:
    """The proof on the box, for the runner to replay."""
    goal = points.inequalities()[name]
    return [PositiveOnBox(goal, RANGES, points.eta, claimed.largest, steps_for(name), claimed.attained)]


def failure_beyond(name: str, claimed: Claimed, found: Mapping[str, Any] | None) -> list[Recheck]:
    """The data just beyond the constant: they lie in T(eta), and what is claimed positive is not."""
    if found is None:
        return []
    numbers = [value for x, y in zip(found["x"], found["y"], strict=True) for value in (*x, y)]
    symbols = [symbol for pair, label in zip(points.inputs, points.labels, strict=True) for symbol in (*pair, label)]
    place = {points.eta: found["eta"], **dict(zip(symbols, numbers, strict=True))}
    inside = [AtPoint(relation, place) for relation in points.assumption(found["eta"] + 1)]
    return [*inside, AtPoint(points.inequalities()[name] <= 0, place)]
