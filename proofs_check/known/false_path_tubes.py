"""Certificates by the limit path that violate one condition each, to see that the checker looks at every one of them.

They are made of a true certificate by altering single numbers, each so that one inequality of docs/certificates.md
fails; the sentence of the rejection must name it. Numbers on the other side are accepted where they say less.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from ..recheck import NotACertificate, Rejected, recheck

Tree = dict[str, Any]
Change = Callable[[Tree], None]
LITTLE = Fraction(1, 10**6)


def _scaled(*places: tuple[Any, ...], by: Fraction) -> Change:
    """The numbers at these places multiplied by a factor."""

    def change(tree: Tree) -> None:
        for *path, last in places:
            node: Any = tree
            for key in path:
                node = node[key]
            node[last] = str(Fraction(node[last]) * by)

    return change


def _constants(by: Fraction, *names: str) -> Change:
    return _scaled(*(("constants", name) for name in names), by=by)


def _lower_rate(number: int) -> Change:
    def change(tree: Tree) -> None:
        rate = Fraction(tree["path"]["rates"][number])
        tree["path"]["rates"][number] = str(rate - abs(rate) / 50 - Fraction(1, 1000))

    return change


def _without_the_last(tree: Tree) -> None:
    del tree["path"]["points"][-2:], tree["path"]["radii"][-1], tree["path"]["rates"][-1]


def _turned_back(tree: Tree) -> None:
    """The second segment runs back to where the first began."""
    points = tree["path"]["points"]
    points[3], points[4] = points[1], points[0]


def _through_zero(tree: Tree) -> None:
    """The control point in the middle of the first segment lies so far on the other side that the curve meets 0."""
    points = tree["path"]["points"]
    points[1] = [str(-3 * Fraction(value)) for value in points[0]]


def _wide(tree: Tree) -> None:
    tree["path"]["radii"] = ["51/100" for _ in tree["path"]["radii"]]


def alterations() -> Iterator[tuple[str, Change]]:
    """What is altered, with a part of the sentence of the rejection."""
    more, less = 1 + LITTLE, 1 - LITTLE
    for name, by, sentence in (
        ("size", more, "constants.size"),
        ("activation", less, "constants.activation is below T_a"),
        ("death", less, "constants.death is below T_d"),
        ("turning", more, "constants.turning is above"),
        ("mu", more, "constants.mu is not below"),
        ("largest", less, "constants.largest is not above"),
        ("tangent", more, "the first radius is below"),
        ("tangent", Fraction(20), "constants.tangent is too large for point"),
        ("entry", more, "constants.entry is not in its range"),
        ("epsilon", more, "constants.epsilon is not in its range"),
        ("growth", more, "constants.growth is not positive, or too large"),
        ("growth", Fraction(0), "constants.growth is not positive, or too large"),
        ("eta", Fraction(1000), "constants.eta is not positive, or above 1/4"),
        ("eta", Fraction(0), "constants.eta is not positive, or above 1/4"),
        ("length", less, "constants.length is below"),
        ("least", more, "constants.least is above"),
        ("least", Fraction(0), "constants.least is not positive"),
        ("least", LITTLE, "the bundle may not be tight enough"),
        ("length", Fraction(1000), "the bundle may not be tight enough"),
        ("epsilon", Fraction(1, 1000), "lambda_0 is too large for phase 1"),
        ("distance", less, "constants.distance is too small"),
        ("distance", Fraction(2), "at the end of the tube a neuron may still become inactive on point"),
        ("distance", Fraction(100), "the tube ends too far"),
        ("exponent", 1 - Fraction(1, 1000), "constants.exponent is too small"),
    ):
        radii = (("path", "radii", 0),) if by == 20 else ()  # so that the first radius is as large as it must be
        yield sentence, _scaled(("constants", name), *radii, by=by)
    for number in (2, 8, 14, 20):
        yield (
            f"the tube may be left along segment {number}",
            _scaled(("path", "radii", number), by=1 - Fraction(1, 500)),
        )
        yield f"the rate along segment {number} is too small", _lower_rate(number - 1)
    yield "the tube may be left along segment 1", _constants(Fraction(16), "eta")
    yield "a radius at segment 1 is not positive, or above 1/2", _wide
    yield "the tube does not begin in the direction of b", _scaled(("path", "points", 0, 1), by=more)
    yield "the tube begins beyond constants.entry", _scaled(*(("path", "points", 0, i) for i in range(3)), by=more)
    yield "the limit path may turn back along segment 2", _turned_back
    yield "segment 1 may come near 0", _through_zero
    yield "constants.distance is too small", _without_the_last
    yield "the tube does not begin in the direction of b", _scaled(("data", "labels", 0), by=more)
    yield "conclusion.limit is not the least-squares solution", _scaled(("conclusion", "limit", 0), by=more)
    yield "conclusion.loss", _scaled(("conclusion", "loss"), by=more)
    yield "constants.exponent is too small", _scaled(("start", "bound"), by=Fraction(101, 100))


def path_tube_answers(true: Tree) -> Iterator[str | None]:
    """For every alteration of the true certificate what is wrong with the checker's answer; None where it is right."""
    yield None if _said(true) is None else f"a true certificate: {_said(true)}"
    for sentence, change in alterations():
        tree = copy.deepcopy(true)
        change(tree)
        said = _said(tree)
        right = said is not None and sentence in said
        yield None if right else f"a certificate with {sentence!r}: {said or 'accepted'}"
    for name, by in (("exponent", Fraction(2)), ("growth", Fraction(1, 2)), ("length", Fraction(1001, 1000))):
        tree = copy.deepcopy(true)
        _constants(by, name)(tree)
        _constants(Fraction(2), "exponent")(tree)
        said = _said(tree)
        yield None if said is None else f"a certificate that says less, {name}: {said}"


def _said(tree: Tree) -> str | None:
    """The sentence of the rejection, or None."""
    try:
        recheck(json.dumps(tree))
    except (Rejected, NotACertificate) as reason:
        return str(reason)
    except (ValueError, ZeroDivisionError) as error:  # an exception is not an answer
        return f"{type(error).__name__}: {error}"
    return None
