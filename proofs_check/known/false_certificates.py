"""Certificates that violate one condition of docs/certificates.md each, to see that `recheck` checks every one of them.

They are written by hand on data symmetric about an axis, x = (-c, 1), (0, t), (c, 1), y = (p, q, p), which are turned
by a rational angle so that no coordinate vanishes. Nothing here comes from the prover. Beside a certificate that is to
be rejected, for this condition and for no other, stands one that differs from it by a unit in the last digit of one
number and that satisfies the condition. So a condition that is dropped, weakened or sharpened changes an answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from ...numerics.data.dataset import Dataset
from ..recheck import LARGEST_FILE, NotACertificate, Rejected, recheck

Row: TypeAlias = tuple[Any, ...]
ONE_THEN_ALL, ALL, TWO_THEN_NONE, ONE_THEN_NONE, ALL_THEN_NONE = (
    (25, 24, -7),
    (5, -3, 4),
    (-13, 12, 5),
    (-25, 24, -7),
    (-5, -3, 4),
)
"""Neurons (a, w1, w2), named for the points they are active on at first and in the end; |a| = ||w|| exactly."""


@dataclass(frozen=True)
class Parts:
    """What a certificate is made of; the neurons are in units of `unit`, and what is None follows from the data."""

    c: str = "1/2"
    t: str = "2"
    p: str = "1"
    q: str = "1/2"
    unit: str = "1/40000"
    neurons: tuple[Row, ...] = (ONE_THEN_ALL, ALL, TWO_THEN_NONE)
    time: str = "5"
    size: str = "8948273e-9"
    activation: str = "1576155e-6"
    death: str = "1933022e-6"
    tangent: str = "2660244e-8"
    left: tuple[Row, ...] = (("-1/60", "1/8"), ("-1/36", "1/4"), ("-1/24", "3/8"), ("-1/20", "9/20"))
    right: tuple[Row, ...] = (("1/60", "1/8"), ("1/36", "1/4"), ("1/24", "3/8"), ("1/20", "9/20"))
    tail: int = 3
    mu: str = "1/6"
    distance: str = "1802776e-7"
    end: str = "2604128e-5"
    limit: Row | None = None
    outputs: Row | None = None
    loss: str | None = None
    turn: Row = ("4/5", "3/5")
    """Cosine and sine of the angle by which everything is turned."""

    @property
    def text(self) -> str:
        """The certificate as `recheck` reads it."""
        return json.dumps(self.tree())

    @property
    def data(self) -> Dataset:
        """The data alone."""
        data = self.tree()["data"]
        return Dataset.from_arrays(data["inputs"], data["labels"])

    def turned(self, v: Row) -> Row:
        """The vector v in the coordinates of the certificate."""
        (cosine, sine), (u, w) = map(Fraction, self.turn), map(Fraction, v)
        return cosine * u - sine * w, sine * u + cosine * w

    def corners(self, number: int) -> list[Row]:
        """The corners of a cell of the tube, anticlockwise; its front edge is the second side."""
        front = (self.right[number], self.left[number])
        if number == 0:
            return [self.turned(corner) for corner in ((0, 0), *front)]
        return [self.turned(S) for S in (self.right[number - 1], *front, self.left[number - 1])]

    def tree(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        c, t, p, q = (Fraction(value) for value in (self.c, self.t, self.p, self.q))
        inputs, labels, height = ((-c, 1), (0, t), (c, 1)), (p, q, p), (2 * p + q * t) / (2 + t * t)
        outputs = (height, height * t, height)
        loss = sum((h - label) ** 2 for h, label in zip(outputs, labels, strict=True)) / 6
        unit = Fraction(self.unit)
        neurons = [
            (unit * Fraction(a), *self.turned((unit * Fraction(u), unit * Fraction(v)))) for a, u, v in self.neurons
        ]
        early = {name: getattr(self, name) for name in ("time", "size", "activation", "death", "tangent")}
        return {
            "schema": 1,
            "kind": "flow to least squares",
            "data": {"inputs": _texts(map(self.turned, inputs)), "labels": _text(labels)},
            "start": {"neurons": _texts(neurons), "note": "written by hand"},
            "early": {name: str(Fraction(value)) for name, value in early.items()},
            "tube": {
                "left": _texts(map(self.turned, self.left)),
                "right": _texts(map(self.turned, self.right)),
                "tail": self.tail,
            },
            "trap": {"mu": self.mu, "distance": str(Fraction(self.distance)), "time": str(Fraction(self.end))},
            "conclusion": {
                "limit": _text(self.turned((0, height)) if self.limit is None else self.limit),
                "outputs": _text(self.outputs or outputs),
                "loss": self.loss or str(loss),
            },
        }


def _text(row: Row) -> list[str]:
    return [str(value) for value in row]


def _texts(rows: Any) -> list[list[str]]:
    return [_text(row) for row in rows]


@dataclass(frozen=True)
class CertificatePair:
    """A certificate to be rejected with a sentence that contains `condition`, and one that satisfies this condition."""

    condition: str
    violated: Parts
    satisfied: Parts = Parts()


LOOSE = Parts(
    unit="1/100000000",
    time="10",
    size="1/50",
    activation="2",
    death="3",
    tangent="1/2000",
    distance="1/5",
    end="10000",
)
"""A start so small that it does not matter in phase two, with room in all stated numbers."""
UNEVEN = Parts(
    p="3/2",
    q="3/4",
    unit="1/60000",
    time="10/3",
    size="1/50",
    activation="2",
    death="3",
    tangent="1/30",
    left=(("-1/32", "3/16"), ("-1/17", "3/8"), ("-3/40", "9/16"), ("-1/11", "27/40")),
    right=(("1/40", "5/24"), ("1/24", "2/5"), ("1/16", "3/5"), ("3/40", "17/25")),
    distance="3/10",
    end="10000",
)
"""Larger labels, and a tube whose left corners are further from the limit than the right ones."""
ONE_NEURON = replace(LOOSE, neurons=(ALL,), activation="0", death="0")
WIDE = replace(ONE_NEURON, c="99/100", mu="65/100")
"""The outer inputs almost at a right angle."""
CURVED = replace(
    ONE_NEURON,
    c="24/25",
    t="29/250",
    p="31/200",
    q="289/200",
    unit="1/1000000",
    time="30",
    size="1/100000",
    tangent="1/200",
    mu="61/100",
    left=(("-117/1000", "138/1000"), ("-164/1000", "18/100")),
    right=(("117/1000", "138/1000"), ("37/1000", "229/1000")),
    tail=1,
)
"""Data on which the flow turns along an edge: it is inwards at the ends of the edge, and outwards between them."""


def _stated(condition: str, name: str, violated: Any, satisfied: Any, parts: Parts = Parts()) -> CertificatePair:
    """A pair that differs in one number."""
    return CertificatePair(condition, replace(parts, **{name: violated}), replace(parts, **{name: satisfied}))


def _dying(neuron: Row, violated: str, satisfied: str) -> CertificatePair:
    parts = replace(LOOSE, neurons=(ALL, neuron), unit="1/100000", time="5", tangent="1/20")
    return _stated("may die later than early.death", "death", violated, satisfied, parts)


def _neuron(condition: str, violated: Row, satisfied: Row) -> CertificatePair:
    return CertificatePair(condition, *(replace(Parts(), neurons=(ALL, neuron)) for neuron in (violated, satisfied)))


def _labels(condition: str, violated: str, satisfied: str, parts: Parts = Parts()) -> CertificatePair:
    """Middle labels; the outer ones are such that p + q and with it beta* stays the same."""
    both = (replace(parts, q=q, p=str(Fraction(3, 2) - Fraction(q))) for q in (violated, satisfied))
    return CertificatePair(condition, *both)


def _corner(
    condition: str, side: str, number: int, violated: Row, satisfied: Row, parts: Parts = Parts()
) -> CertificatePair:
    """One corner of the tube moved."""
    return CertificatePair(condition, *(with_corner(side, number, row, parts) for row in (violated, satisfied)))


def with_corner(side: str, number: int, row: Row, parts: Parts = Parts()) -> Parts:
    """The parts with another corner of the tube on one side."""
    rows = getattr(parts, side)
    changes: dict[str, Any] = {side: (*rows[:number], row, *rows[number + 1 :])}
    return replace(parts, **changes)


def _symmetric(rows: tuple[Row, ...], **changes: Any) -> Parts:
    """A tube that is its own reflection."""
    return replace(LOOSE, right=rows, left=tuple((f"-{u}", v) for u, v in rows), **changes)


def backwards(height: str) -> Parts:
    """The front edge of cell 1 so wide, and so near to beta*, that the flow crosses its outer parts backwards."""
    return _symmetric((("3/5", "2/5"), ("3/5", height), ("3/5", "499/1000")), tail=1)


def reflected(parts: Parts) -> Parts:
    """The same with a tube that is reflected in the axis of the data."""
    left, right = (tuple((f"{-Fraction(u)}", v) for u, v in side) for side in (parts.right, parts.left))
    return replace(parts, left=left, right=right)


def asymmetric(height: str) -> Parts:
    """One wide cell, whose right corner is at this height."""
    return replace(LOOSE, left=(("-1/10", "3/10"),), right=(("3/5", height),), tail=1)


def pairs() -> Iterator[CertificatePair]:
    """Every condition of the checker, in its own order; a condition with several parts has a pair for each."""
    yield _labels("a label is not positive", "-1/100", "1/100", ONE_NEURON)
    yield _labels("a label is not positive", "0", "1/100", ONE_NEURON)
    yield _stated("inner product that is not positive", "c", "1", "999999/1000000", WIDE)
    yield _stated("the inputs are all parallel", "c", "0", "1/100", ONE_NEURON)
    yield from _phase_one()
    yield from _phase_two()
    yield from _trap_and_conclusion()


def _phase_one() -> Iterator[CertificatePair]:
    no_live = replace(Parts(), neurons=(TWO_THEN_NONE,))
    yield CertificatePair("no neuron with a > 0 is active", no_live)
    yield _stated("early.activation (>= 0)", "activation", "-1", "1576155e-6")
    yield _stated("early.death must not exceed", "activation", "5000001e-6", "5")
    yield _stated("early.death must not exceed", "death", "5000001e-6", "5")
    yield _stated("early.size is below", "size", "8948272e-9", "8948273e-9")
    yield _stated("early.size is too large", "size", "250001e-6", "249999e-6")
    outer = replace(LOOSE, p="1/4", q="5/4")
    yield _stated("early.size is too large", "size", "223607e-6", "223606e-6", outer)
    yield _stated("neuron 3 (a < 0) may die later than early.death", "death", "1933021e-6", "1933022e-6")
    yield _dying(ONE_THEN_NONE, "485220e-6", "485221e-6")
    yield _dying(ALL_THEN_NONE, "2678732e-6", "2678733e-6")
    yield _neuron("is not dominated", (13, 12, "5000001/1000000"), (13, 12, 5))
    yield _neuron("is not dominated", (0, 12, 5), (13, 12, 5))
    yield _neuron("lies on a hyperplane", (0, 0, 0), (13, 12, 5))
    yield _neuron("lies on a hyperplane", (3, 2, 1), (3, 2, "1000001/1000000"))
    narrow = replace(WIDE, q="1/50", neurons=((13, 12, 5), ALL), unit="1/20000", time="7", size="9/1000", tangent="1/5")
    yield _stated("the drift is not certain enough to reach point 1", "activation", "654493e-5", "654492e-5", narrow)
    yield _neuron("lies exactly along its drift", (-5, 0, 4), (-5, "1/1000000", 4))
    yield _neuron("is not certain to die", (-5, "4383267e-9", 4), (-5, "4383268e-9", 4))
    yield _stated("early.tangent must be between 0 and 1", "tangent", "1000", "2660244e-8")
    yield _stated("early.tangent must be between 0 and 1", "tangent", "-2660244e-8", "2660244e-8")
    large = replace(WIDE, q="142/100", unit="1/1000", size="7/10", tangent="9/10")
    yield _stated("at early.time the drift is not certain enough", "time", "3129885e-6", "3129884e-6", large)
    yield _stated("may be active on all later than stated", "activation", "1576154e-6", "1576155e-6")
    yield _stated("is not within early.tangent at T", "tangent", "2660243e-8", "2660244e-8")


def _phase_two() -> Iterator[CertificatePair]:
    yield _stated("tube.tail must be", "tail", 0, 3)
    yield _stated("tube.tail must be", "tail", 5, 4)
    yield _stated("trap.mu must be positive", "mu", "166667/1000000", "1/6")
    yield _stated("trap.mu must be positive", "mu", "-1/6", "1/6")
    yield _stated("trap.mu must be positive", "mu", "0", "1/6")
    yield _stated("trap.mu must be positive", "mu", "3", "1/6")  # above both eigenvalues
    for turn in (("1", "0"), ("0", "1")):  # H is diagonal
        yield _stated("trap.mu must be positive", "mu", "2", "1/6", replace(Parts(), turn=turn))
    directions = "does not hold all directions"
    yield _corner(directions, "left", 0, ("-66553e-7", "1/8"), ("-66554e-7", "1/8"))
    yield _corner(directions, "right", 0, ("66553e-7", "1/8"), ("66554e-7", "1/8"))
    yield _corner(directions, "left", 0, ("-125139e-7", "3/16"), ("-125140e-7", "3/16"), UNEVEN)
    yield _corner(directions, "left", 0, ("1/100", "1/8"), ("-1/100", "1/8"))  # both corners to the right of b
    yield _corner(directions, "right", 0, ("-1/100", "1/8"), ("1/100", "1/8"))
    yield _stated("the first cell ends before early.size", "size", "1/8", "124999e-6")
    yield _corner("cell 1 of the tube is not convex", "right", 1, ("1/36", "124999e-6"), ("1/36", "125001e-6"))
    yield _corner("cell 3 of the tube holds beta*", "right", 3, ("1/20", "550001e-6"), ("1/20", "549999e-6"))
    yield from _edges()
    cone = "cell 0 of the tube: a neuron may leave the half-plane of a point"
    yield _corner(cone, "right", 0, ("1/60", "1069426e-8"), ("1/60", "1069427e-8"))
    yield CertificatePair("but <D, S> is not positive", asymmetric("4302776e-7"), asymmetric("4302775e-7"))
    yield CertificatePair("but a neuron may shrink", asymmetric("4282214e-7"), asymmetric("4282213e-7"))
    behind = _symmetric((*Parts.right, ("1/20", "-1/2")), tail=4)
    yield CertificatePair(
        "is not in the half-plane of beta*", behind, _symmetric((*Parts.right, ("1/20", "1/2")), tail=4)
    )


def _edges() -> Iterator[CertificatePair]:
    """Where the flow may leave a cell: cell 0 by either side, a later one by its sides, or by the edge it comes in."""
    side = "of the tube: the flow may leave through side"
    for number, ends in ((0, ("-1/8", "1/10")), (2, ("-1/10", "1/8"))):
        first = [((end, "1/8"), *rows[1:]) for end, rows in zip(ends, (Parts.left, Parts.right), strict=True)]
        spread = replace(LOOSE, left=first[0], right=first[1])
        yield _stated(f"cell 0 {side} {number}", "tangent", "262209e-6", "262208e-6", spread)
    yield _corner(f"cell 1 {side} 0", "right", 1, ("2483915e-8", "1/4"), ("2483916e-8", "1/4"))
    yield _corner(f"cell 1 {side} 2", "left", 1, ("-2483915e-8", "1/4"), ("-2483916e-8", "1/4"))
    for height, violated, satisfied in (
        ("20/100", "662112384e-10", "662112385e-10"),  # the third coefficient of the cubic decides
        ("21/100", "589766205e-10", "589766207e-10"),  # the second one
    ):
        yield _corner(f"cell 1 {side} 0", "right", 1, (violated, height), (satisfied, height), CURVED)
    high, low = (backwards(height) for height in ("4824673e-7", "4824672e-7"))
    yield CertificatePair(f"cell 2 {side} 3", high, low)


def _trap_and_conclusion() -> Iterator[CertificatePair]:
    yield _stated("trap.distance is below", "distance", "1802775e-7", "1802776e-7")
    yield _stated("trap.distance is below", "distance", "-1802776e-7", "1802776e-7")
    yield _stated("trap.distance is not below", "distance", "3/5", "1802776e-7")
    yield _stated("the trap is not reached", "distance", "2175266e-7", "2175265e-7")
    yield _stated("later than trap.time", "end", "2604127e-5", "2604128e-5")
    for parts in (UNEVEN, reflected(UNEVEN)):
        yield _stated("trap.distance is below", "distance", "2752534e-7", "2752535e-7", parts)
        yield _stated("the trap is not reached", "distance", "3109961e-7", "3109960e-7", parts)
        yield _stated("later than trap.time", "end", "2413057e-5", "2413058e-5", parts)
    yield _stated("conclusion.limit", "limit", ("-3/10", "41/100"), ("-3/10", "2/5"))
    yield _stated("conclusion.outputs", "outputs", ("1/2", "1", "3/5"), ("1/2", "1", "1/2"))
    yield _stated("conclusion.loss", "loss", "1/7", "1/8")
    yield _labels("interpolates: its loss is 0", "1", "999999/1000000", ONE_NEURON)


def answers() -> Iterator[str | None]:
    """For every certificate here what is wrong with the answer of `recheck`, in a sentence; None where it is right."""
    said = _said(Parts().text)
    yield said and f"a true certificate is rejected: {said}"
    for pair in pairs():
        said = _said(pair.violated.text)
        rejected = said is not None and pair.condition in said
        yield None if rejected else f"a certificate is not rejected because {pair.condition!r}: {said or 'accepted'}"
        said = _said(pair.satisfied.text)
        rejected = said is not None and pair.condition in said
        yield f"a certificate is rejected without cause: {said}" if rejected else None
    for what, text in unreadable():
        yield None if _is_refused(text) else f"a text is read as a certificate although {what}"


def _said(text: str) -> str | None:
    """The sentence of the rejection; None when the certificate is accepted."""
    try:
        recheck(text)
    except Rejected as reason:
        return str(reason)
    return None


def _is_refused(text: str) -> bool:
    try:
        recheck(text)
    except NotACertificate:
        return True
    except Rejected:
        pass
    return False


def unreadable() -> Iterator[tuple[str, str]]:
    """Texts that are not certificates, with the reason."""

    def altered(change: Callable[[dict[str, Any]], Any]) -> str:
        tree = Parts().tree()
        change(tree)
        return json.dumps(tree)

    yield "the schema is 2", altered(lambda tree: tree.update(schema=2))
    yield "it is of another kind", altered(lambda tree: tree.update(kind="flow to the labels"))
    yield "it has one more field", altered(lambda tree: tree.update(extra="1"))
    yield "a field is missing", altered(lambda tree: tree["trap"].pop("mu"))
    yield "a number is a float", altered(lambda tree: tree["early"].update(time=5.0))
    yield "a number is a decimal", altered(lambda tree: tree["early"].update(time="5.0"))
    yield "a denominator is 0", altered(lambda tree: tree["early"].update(time="5/0"))
    yield "a point has three coordinates", altered(lambda tree: tree["tube"]["left"][0].append("1"))
    yield "a list is empty", altered(lambda tree: tree["start"].update(neurons=[]))
    yield "a label is missing", altered(lambda tree: tree["data"]["labels"].pop())
    yield (
        "a label and an output are missing",
        altered(lambda tree: (tree["data"]["labels"].pop(), tree["conclusion"]["outputs"].pop())),
    )
    yield "the data are a list", altered(lambda tree: tree.update(data=[]))
    yield "a point is a text", altered(lambda tree: tree["tube"]["left"].__setitem__(0, "12"))
    yield "an index is a text", altered(lambda tree: tree["tube"].update(tail="3"))
    yield "an output is missing", altered(lambda tree: tree["conclusion"]["outputs"].pop())
    yield "the sides of the tube differ in length", altered(lambda tree: tree["tube"]["left"].pop())
    yield "a field occurs twice", Parts().text.replace('"schema": 1,', '"schema": 1, "schema": 1,')
    yield "it is not JSON", Parts().text[:-1]
    yield "it is too long", Parts().text + " " * LARGEST_FILE
