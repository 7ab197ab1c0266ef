"""Checking a certificate of early alignment (docs/certificates.md): standard library only.

The thresholds are checked here, single neurons in `fates`. Where no rational comparison decides there are intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

from .fates import Fate, Problem, fate_of
from .intervals import exactly
from .plane import Rejected, need
from .spaces import Row, inner, line, rank

MOST_SETS, MOST_ZEROS = 20_000, 12
TEN = exactly(10)
SLOPE_AT_ZERO = {"square": (Fraction(1), Fraction(1)), "logistic": (Fraction(1, 2), Fraction(1, 4))}
"""The pull at h = 0 over the label, and kappa."""


@dataclass(frozen=True)
class EarlyAccepted:
    """What an accepted certificate proves for all lambda <= 10^-`exponent`: the fates of the neurons, in order."""

    inputs: tuple[Row, ...]
    labels: Row
    loss: str
    leak: Fraction
    neurons: tuple[Row, ...]
    epsilon: Fraction
    exponent: Fraction
    box: Fraction
    norm: Fraction
    growth: Fraction
    fates: tuple[Fate, ...]

    @property
    def points(self) -> int:
        """n."""
        return len(self.inputs)

    @property
    def dimension(self) -> int:
        """d."""
        return len(self.inputs[0])

    @property
    def undecided(self) -> int:
        """The number of neurons of which nothing is proved."""
        return sum(fate.name == "undecided" for fate in self.fates)


def check_early_alignment(fields: dict[str, Any]) -> EarlyAccepted:
    """What the certificate proves; raises Rejected, in one sentence."""
    try:
        return _checked(fields)
    except Rejected:
        raise
    except (ValueError, ZeroDivisionError) as reason:  # of intervals
        raise Rejected(f"a number is out of range ({reason})") from None


def _checked(fields: dict[str, Any]) -> EarlyAccepted:
    problem, phase, box = problem_of(fields["data"]), fields["phase"], fields["start"]["box"]
    need(0 < phase["epsilon"] < 1, "phase.epsilon is not between 0 and 1")
    need(box >= 0, "start.box is negative")
    need(phase["norm"] > 0, "phase.norm is not positive")
    need(phase["norm"] == longest_drift_square(problem), "phase.norm is not the square of D_max")
    fates = []
    for number, (neuron, stated) in enumerate(zip(fields["start"]["neurons"], fields["fates"], strict=True), 1):
        need(len(neuron) == 1 + len(problem.x[0]), f"neuron {number} has another dimension than the inputs")
        need(neuron[0] != 0, f"neuron {number} has a = 0")
        need(neuron[0] ** 2 >= inner(neuron[1:], neuron[1:]), f"neuron {number} is not dominated")
        fates.append(fate_of(problem, phase, number, neuron, box, stated))
    decided = [fate for fate in fates if fate.name != "undecided"]
    need(bool(decided), "no neuron is decided")
    norms = [inner(fate.drift, fate.drift) for fate in decided if fate.name == "aligned"]
    growth = max(norms, default=Fraction(0)) if len(decided) == len(fates) else phase["norm"]
    need(phase["growth"] == growth, "phase.growth is not the square of D_1")
    for number, fate in enumerate(fates, 1):
        need(fate.time <= phase["time"], f"the last event of neuron {number} is not over at phase.time")
    bound = sum(((abs(neuron[0]) + box) ** 2 for neuron in fields["start"]["neurons"]), Fraction(0)) / len(fates)
    strength = problem.kappa * problem.mean_square * bound
    check_thresholds(phase, strength)
    check_angles(phase, strength, fates)
    data, neurons = fields["data"], fields["start"]["neurons"]
    about = problem.x, data["labels"], data["loss"], problem.leak, neurons, phase["epsilon"]
    return EarlyAccepted(*about, phase["exponent"], box, phase["norm"], growth, tuple(fates))


def problem_of(stated: dict[str, Any]) -> Problem:
    """The data with the pulls at h = 0."""
    x, y, leak = stated["inputs"], stated["labels"], stated["leak"]
    need(stated["loss"] in SLOPE_AT_ZERO, f"data.loss is none of {', '.join(SLOPE_AT_ZERO)}")
    need(stated["loss"] == "square" or all(abs(label) == 1 for label in y), "a label is neither 1 nor -1")
    need(0 <= leak < 1, "data.leak is not at least 0 and less than 1")
    need(all(len(point) == len(x[0]) for point in x), "the inputs differ in dimension")
    need(all(any(point) for point in x), "an input is 0")
    slope, kappa = SLOPE_AT_ZERO[stated["loss"]]
    return Problem(x, tuple(slope * label for label in y), leak, kappa)


def longest_drift_square(problem: Problem) -> Fraction:
    """D_max^2: the largest norm of a drift with slopes that some w != 0 has, at the ends of their ranges.

    The closed cone of the w that have these slopes holds a ray on which d - 1 independent points vanish, or where the
    points do not span the space a w that is orthogonal to all of them.
    """
    d, pulled = len(problem.x[0]), [k for k, pull in enumerate(problem.p) if pull]
    points = [problem.x[k] for k in pulled]
    if rank(points) < d:
        need(len(pulled) <= MOST_ZEROS, f"more than {MOST_ZEROS} points that do not span the space")
        return max(_squares(problem, {}, pulled))
    need(comb(len(points), d - 1) <= MOST_SETS, f"more than {MOST_SETS} sets of {d - 1} points")
    largest, seen = Fraction(0), set()
    for subset in combinations(points, d - 1):
        ray = line(subset, d)
        if ray is None:
            continue
        for side in (ray, tuple(-entry for entry in ray)):
            heights = {k: inner(side, problem.x[k]) for k in pulled}
            pattern = tuple((value > 0) - (value < 0) for value in heights.values())
            if pattern in seen:
                continue
            seen.add(pattern)
            zeros = [k for k, value in heights.items() if value == 0]
            need(len(zeros) <= MOST_ZEROS, f"more than {MOST_ZEROS} points vanish at one w")
            fixed = {k: Fraction(1) if value > 0 else problem.leak for k, value in heights.items() if value}
            largest = max(largest, *_squares(problem, fixed, zeros))
    return largest


def _squares(problem: Problem, fixed: dict[int, Fraction], free: list[int]) -> list[Fraction]:
    """The squared norms of the drifts with the slopes `fixed`, and the leak or 1 at the others."""
    found = []
    for ends in product((problem.leak, Fraction(1)), repeat=len(free)):
        drift = problem.combined({**fixed, **dict(zip(free, ends, strict=True))})
        found.append(inner(drift, drift))
    return found


def check_thresholds(phase: dict[str, Fraction], strength: Fraction) -> None:
    """tau reaches T, and the deviation of the drift until T and until tau, in logarithms at lambda_1."""
    for name in ("exponent", "deviation", "final"):
        need(phase[name] > 0, f"phase.{name} is not positive")
    largest, growth = exactly(phase["norm"]).root(), exactly(phase["growth"]).root()
    small, time, grown = exactly(phase["exponent"]) * TEN.log(), exactly(phase["time"]), exactly(strength).log()
    need(
        largest * time <= exactly(phase["epsilon"]) * small, "phase.exponent is too small: tau is less than phase.time"
    )
    two = exactly(2)
    until = grown + two * largest * time - two * small
    need(until <= exactly(phase["deviation"]).log(), "phase.deviation is too small for phase.exponent")
    power = two - exactly(2 * phase["epsilon"]) * growth / largest
    finally_ = grown + two * (largest - growth) * time - power * small
    need(finally_ <= exactly(phase["final"]).log(), "phase.final is too small for phase.exponent")


def check_angles(phase: dict[str, Fraction], strength: Fraction, fates: list[Fate]) -> None:
    """The constants C_1 and C_2 of the angles of the neurons that align."""
    largest, growth = exactly(phase["norm"]).root(), exactly(phase["growth"]).root()
    grown = (exactly(2) * (largest - growth) * exactly(phase["time"])).exp()
    for number, fate in enumerate(fates, 1):
        if fate.name != "aligned":
            continue
        r, most = exactly(inner(fate.drift, fate.drift)).root(), max(Fraction(1), fate.tangent)
        first = exactly(2 * fate.tangent) * (r * exactly(fate.time)).exp()
        need(first <= exactly(fate.first), f"the first constant of neuron {number} is too small")
        second = exactly((1 + most * most) * strength) * grown / (r + exactly(2) * growth)
        need(second <= exactly(fate.second), f"the second constant of neuron {number} is too small")
        kept = phase["final"] * (1 + most * most)
        need(kept**2 <= 4 * most**2 * inner(fate.drift, fate.drift), f"phase.final is too large for neuron {number}")
