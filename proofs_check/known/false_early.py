"""False certificates of early alignment, as `false_every_start.py` has them for every start: what must be rejected.

They are written by hand for the points x_1 = (3/5, 4/5), x_2 = (-3/5, 4/5), turned by a rational angle, with labels
(p, 1), ReLU, the square loss and the neurons (1, (1, 0)) and (-1, (1, 0)). Nothing here comes from the prover. With
p = 1 both start where only x_1 is active, with D = (3/10, 2/5), r = 1/2. The first meets the hyperplane of x_2 at
2 log(7/2) = 2.505525936990736..., where 4X/5 - 1/(5X) = 96/35 for X = e^{t/2}, and then aligns with b = (0, 4/5); the
second dies at 2 log 2 = 1.386294361119890..., where X/5 = 4/(5X). All numbers of `LOOSE` are far on the safe side.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from .answers import answers_to

PHASE = {
    "epsilon": "1/2",
    "exponent": "20",
    "time": "3",
    "deviation": "1e-20",
    "final": "1e-10",
    "norm": "16/25",
    "growth": "16/25",
}
ALIGNED = {
    "fate": "aligned",
    "reason": "",
    "events": (("2", "5/2", "1/100"),),
    "tangent": "10",
    "first": "1000",
    "second": "1000",
}
NOTHING = {"reason": "", "tangent": "0", "first": "0", "second": "0"}
DEAD = {"fate": "dead", "events": (("1", "13/10", "1/5"),), **NOTHING}
UNDECIDED = {"fate": "undecided", "events": (), **NOTHING, "reason": "not tried"}


@dataclass(frozen=True)
class EarlyParts:
    """What a certificate is made of; `aligned` and `dead` are the fates of the two neurons, as far as they differ."""

    p: str = "1"
    loss: str = "square"
    leak: str = "0"
    neurons: tuple[tuple[str, ...], ...] = (("1", "1", "0"), ("-1", "1", "0"))
    box: str = "0"
    phase: dict[str, str] = field(default_factory=dict)
    aligned: dict[str, Any] = field(default_factory=dict)
    dead: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The certificate as `recheck` reads it."""
        return json.dumps(self.tree())

    def tree(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        return {
            "schema": 1,
            "kind": "early alignment",
            "data": {
                "inputs": [_turned(("3/5", "4/5")), _turned(("-3/5", "4/5"))],
                "labels": [_text(self.p), "1"],
                "loss": self.loss,
                "leak": self.leak,
            },
            "start": {
                "neurons": [[a, *_turned(w)] for a, *w in self.neurons],
                "box": _text(self.box),
                "note": "by hand",
            },
            "phase": {name: _text(value) for name, value in {**PHASE, **self.phase}.items()},
            "fates": [_fate({**ALIGNED, **self.aligned}), _fate({**DEAD, **self.dead})],
        }


def _text(value: str) -> str:
    return str(Fraction(value))


def _fate(stated: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: _text(stated[name]) for name in ("tangent", "first", "second")}
    events = [[_text(value) for value in row] for row in stated["events"]]
    return {"fate": stated["fate"], "reason": stated["reason"], "events": events, **numbers}


def _turned(v: Any) -> list[str]:
    """The vector turned by the angle with cosine 4/5 and sine 3/5."""
    u, w = map(Fraction, v)
    return [str((4 * u - 3 * w) / 5), str((3 * u + 4 * w) / 5)]


LOOSE = EarlyParts()
BOTH_DIE = replace(LOOSE, neurons=(("-1", "1", "0"),) * 2, aligned=DEAD, phase={"growth": "0"})
SLIDING = replace(
    LOOSE,
    p="-1/2",
    neurons=(("1", "-1", "0"), ("-1", "1", "0")),
    phase={"norm": "1/4", "growth": "1/4"},
    aligned={"events": (("1", "5/2", "1/100"),)},
    dead=UNDECIDED,
)
"""With p < -7/25 the neuron (1, (-1, 0)) starts where only x_2 is active, and slides on the hyperplane of x_1."""
Pair = tuple[str, EarlyParts, EarlyParts]
"""A part of the sentence, a certificate to be rejected with it, and one that is not rejected with it."""


def pairs() -> Iterator[Pair]:
    """Every condition of the checker; a condition with several parts has a pair for each."""
    yield from _hypotheses()
    yield from _starts()
    yield from _events()
    yield from _fates()
    yield from _thresholds()


def _part(condition: str, name: str, violated: Any, satisfied: Any, base: EarlyParts = LOOSE) -> Pair:
    return condition, replace(base, **{name: violated}), replace(base, **{name: satisfied})


def _phase(condition: str, name: str, violated: str, satisfied: str, base: EarlyParts = LOOSE) -> Pair:
    first, second = ({**base.phase, name: value} for value in (violated, satisfied))
    return condition, replace(base, phase=first), replace(base, phase=second)


def _hypotheses() -> Iterator[Pair]:
    for value in ("0", "1", "-1/2"):
        yield _phase("phase.epsilon is not between 0 and 1", "epsilon", value, "1/2")
    yield _phase("phase.norm is not the square of D_max", "norm", "640000001e-9", "16/25")
    yield _phase("phase.norm is not the square of D_max", "norm", "1/4", "16/25")
    yield _phase("phase.norm is not positive", "norm", "0", "16/25")
    yield _part("data.loss is none of", "loss", "hinge", "square")
    yield _part("a label is neither 1 nor -1", "p", "2", "1", replace(LOOSE, loss="logistic"))
    for value in ("1", "-1/8"):
        yield _part("data.leak is not at least 0", "leak", value, "1/8")
    yield _part("start.box is negative", "box", "-1/10", "0")


def _starts() -> Iterator[Pair]:
    other = ("-1", "1", "0")
    below = "1000000001e-9"
    yield _part("neuron 1 is not dominated", "neurons", (("1", below, "0"), other), (("1", "1", "0"), other))
    yield _part("neuron 1 has a = 0", "neurons", (("0", "0", "0"), other), (("1", "1", "0"), other))
    on, off = ("1", "4/5", "3/5"), ("1", "4/5", "599/1000")
    yield _part("neuron 1 may start on the hyperplane of point 2", "neurons", (on, other), (off, other))
    # sqrt(3) R ||x|| against |<w, x>| = 3/5
    yield _part("neuron 1 may start on the hyperplane of point 1", "box", "346410162e-9", "346410161e-9")
    small = (("1/100", "1/100", "0"), other)
    yield _part("the box around neuron 1 holds both signs", "box", "1/100", "9/1000", replace(LOOSE, neurons=small))


def _event(condition: str, violated: Any, satisfied: Any, base: EarlyParts = LOOSE) -> Pair:
    first, second = ({"events": (row,)} for row in (violated, satisfied))
    return condition, replace(base, aligned=first), replace(base, aligned=second)


def _events() -> Iterator[Pair]:
    good = ("2", "5/2", "1/100")
    for point in ("0", "3", "3/2"):
        yield _event("an event of neuron 1 is at no point", (point, *good[1:]), good)
    yield _event("the events overlap", ("2", "5/2", "0"), good)
    yield _event("the events overlap", ("2", "-1", "4"), good)
    yield _event("point 1: it is not approached", ("1", *good[1:]), good)
    before, late = "point 2: it may be met before its time", "point 2: it may not be met in time"
    yield _event(before, ("2", "2505525937e-9", "1/100"), ("2", "2505525936e-9", "1/100"))
    yield _event(late, ("2", "2", "505525936e-9"), ("2", "2", "505525938e-9"))
    # with F(q) = sqrt(2) Q e^{q/2 + Q}, Q = q/10^4, at the ends 2.6 and below
    wide = replace(LOOSE, phase={"deviation": "1e-4"})
    yield _event(before, ("2", "2502149366e-9", "97850634e-9"), ("2", "2502149365e-9", "97850635e-9"), wide)
    yield _event(late, ("2", "2", "508633500e-9"), ("2", "2", "508633501e-9"), wide)
    dies = "point 1: it may be met before its time"
    rows = ("1", "1386294362e-9", "1/100"), ("1", "1386294361e-9", "1/100")
    yield dies, replace(LOOSE, dead={"events": (rows[0],)}), replace(LOOSE, dead={"events": (rows[1],)})
    yield _phase("point 2: it is not approached", "deviation", "7/50", "139999999e-9")
    yield _part("neither crosses nor slides", "p", "-7/25", "-28001e-5", SLIDING)
    twice = (("1", "13/10", "1/5"), ("2", "2", "1"))
    yield "does not move before an event", replace(LOOSE, dead={"events": twice}), LOOSE
    slides = (("1", "5/2", "1/100"), ("1", "3", "1/100"))
    yield "already on the hyperplane of point 1", replace(SLIDING, aligned={"events": slides}), SLIDING


def _fates() -> Iterator[Pair]:
    def stated(condition: str, **changes: Any) -> Pair:
        return condition, replace(LOOSE, aligned=changes), LOOSE

    yield stated("the fate of neuron 1 is none of", fate="alive")
    yield stated("neuron 1 is decided but has a reason", reason="none")
    yield stated("neuron 1 is undecided but has events or constants", fate="undecided")
    yield stated("neuron 1 is undecided but has events or constants", fate="undecided", events=())
    yield stated("neuron 1 is active on a point", fate="dead", **NOTHING)
    yield stated("neuron 1 has constants although it does not align", fate="pinned")
    yield stated("neuron 1 is not pinned", fate="pinned", **NOTHING)
    yield stated("neuron 1 may leave its last cell", events=())
    yield "neuron 2 is dead", replace(LOOSE, dead={"fate": "aligned"}), LOOSE
    yield "neuron 2 has constants", replace(LOOSE, dead={"first": "1"}), LOOSE
    yield "no neuron is decided", replace(LOOSE, aligned=UNDECIDED, dead=UNDECIDED), replace(LOOSE, dead=UNDECIDED)
    for name, below, above in (
        ("tangent", "504371811e-9", "504371812e-9"),
        ("first", "148968112586e-9", "148968112587e-9"),
        ("second", "42083333333e-9", "42083333334e-9"),
    ):
        condition = "the tangent of" if name == "tangent" else f"the {name} constant of"
        first, second = ({name: number} for number in (below, above))
        yield f"{condition} neuron 1 is too small", replace(LOOSE, aligned=first), replace(LOOSE, aligned=second)


def _thresholds() -> Iterator[Pair]:
    """exp(24/5)/10^40, (12/5)/(log(10)/2) and 10^-20 are where (E1), (E2) and (E3) hold with equality."""
    yield _phase("phase.deviation is too small", "deviation", "1215104175e-47", "1215104176e-47")
    yield _phase("phase.exponent is too small", "exponent", "2084613513e-9", "2084613514e-9")
    yield _phase("phase.final is too small", "final", "999999999e-29", "1000000001e-29")
    for name in ("exponent", "deviation", "final"):
        yield _phase(f"phase.{name} is not positive", name, "0", PHASE[name])
    yield _phase("neuron 1 is not over at phase.time", "time", "2509999999e-9", "251/100")
    yield _phase("phase.growth is not the square of D_1", "growth", "1/4", "16/25")
    yield _phase("phase.growth is not the square of D_1", "growth", "16/25", "0", BOTH_DIE)
    yield _phase("phase.final is too large for neuron 1", "final", "158415842e-9", "158415841e-9")
    steady = replace(LOOSE, aligned={"tangent": "1"})
    yield _phase("neuron 1 may leave its last cell", "final", "16/25", "639999999e-9", steady)
    yield _phase("may turn the pull that stops neuron 1", "final", "1", "999999999e-9", BOTH_DIE)
    # both sides push towards the face by (7/25 + p)/2 and 7/50
    yield _phase("too large for the face of neuron 1", "final", "11/100", "109999999e-9", SLIDING)


def early_answers() -> Iterator[str | None]:
    """For every certificate here what is wrong with the answer of `recheck`, in a sentence; None where it is right."""
    return answers_to((LOOSE, BOTH_DIE, SLIDING), pairs())
