"""The largest lambda_1 = 10^-exponent, three decimals, for which every step of docs/certificates.md holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import flint

from ..errors import Undecided
from ..instance import Ball, ball, rational_above
from .path import Path, follow
from .setting import Setting

GRID = 1_000
"""Steps of the exponent for each power of ten."""
LARGEST_EXPONENT = 100_000
SMALLEST_DEVIATION = Fraction(1, 2**300)
"""Against this one it is decided which neurons can be certified at all."""
ROUNDS = 30


@dataclass(frozen=True)
class Threshold:
    """All numbers of a certificate but those of single neurons.

    `time` T: when all events are over; `deviation`, `final`: bounds of the drift's deviation until T and until tau;
    `growth_square` D_1^2; `paths`: a path or the reason why there is none, for each neuron.
    """

    exponent: Fraction
    time: Fraction
    deviation: Fraction
    final: Fraction
    growth_square: Fraction
    paths: tuple[Path | str, ...]


def threshold_of(setting: Setting, epsilon: Fraction) -> Threshold:
    """The threshold at which all neurons that can be certified are; Undecided when there are none."""
    paths = _paths(setting, SMALLEST_DEVIATION)
    if all(isinstance(path, str) for path in paths):
        raise Undecided("; ".join(f"neuron {j}: {reason}" for j, reason in list(enumerate(paths, 1))[:3]))
    search = _Search(setting, epsilon, paths)
    low = search.least
    step = 1
    while search.at(low + step - 1) is None:
        low, step = low + step, 2 * step
        if low > LARGEST_EXPONENT * GRID:
            raise Undecided(f"lambda_1 would be below 10^-{LARGEST_EXPONENT}")
    high = low + step - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if search.at(middle) is not None else (middle + 1, high)
    found = search.at(high)
    assert found is not None
    return found


def _paths(setting: Setting, deviation: Fraction) -> tuple[Path | str, ...]:
    return tuple(_path(setting, j, deviation) for j in range(len(setting.start.neurons)))


def _path(setting: Setting, j: int, deviation: Fraction) -> Path | str:
    try:
        return follow(setting, setting.start.neurons[j], deviation)
    except Undecided as reason:
        return str(reason)


class _Search:
    """Whether the steps hold at an exponent; `first` are the paths for a very small deviation."""

    def __init__(self, setting: Setting, epsilon: Fraction, first: tuple[Path | str, ...]) -> None:
        self.setting, self.epsilon, self.first = setting, epsilon, first
        growths = [path.cell.square for path in first if isinstance(path, Path) and path.fate == "aligned"]
        whole = all(isinstance(path, Path) for path in first)
        self.growth_square = max(growths, default=Fraction(0)) if whole else setting.norm_square
        self.largest, self.growth = ball(setting.norm_square).sqrt(), ball(self.growth_square).sqrt()
        self.known: dict[int, Threshold | None] = {}

    @property
    def least(self) -> int:
        """The exponent at which tau reaches the last event of the frozen paths, in steps."""
        time = max(path.time for path in self.first if isinstance(path, Path))
        needed = self.largest * ball(time / self.epsilon) / flint.arb(10).log() * GRID
        return max(1, math.ceil(float(needed)))

    def at(self, steps: int) -> Threshold | None:
        """The threshold at this exponent; None if a step fails."""
        if steps not in self.known:
            self.known[steps] = self._at(Fraction(steps, GRID))
        return self.known[steps]

    def _at(self, exponent: Fraction) -> Threshold | None:
        time = max(path.time for path in self.first if isinstance(path, Path))
        kept: tuple[Fraction, tuple[Path | str, ...]] | None = None
        for _ in range(ROUNDS):  # a later T allows a larger deviation, which makes the windows longer
            paths = self._paths(rational_above(deviation_until(self, exponent, time)))
            if paths is None:
                break
            reached = max(path.time for path in paths if isinstance(path, Path))
            if reached <= time:
                kept = time, paths
                if time - reached <= time / 10**8:
                    break
                time = reached
            elif kept is None:
                time = reached + (reached - time) / 2**8
            else:
                break
        if kept is None:
            return None
        time, paths = kept
        deviation = rational_above(deviation_until(self, exponent, time))
        ten = flint.arb(10).log()
        if not ball(self.epsilon * exponent) * ten >= self.largest * ball(time):
            return None
        final = rational_above(final_deviation(self, exponent, time))
        if not all(_stays(path, final) for path in paths if isinstance(path, Path)):
            return None
        return Threshold(exponent, time, deviation, final, self.growth_square, paths)

    def _paths(self, deviation: Fraction) -> tuple[Path | str, ...] | None:
        """The paths for a deviation; None if one of those that can be certified is lost."""
        paths = tuple(
            _path(self.setting, j, deviation) if isinstance(path, Path) else path for j, path in enumerate(self.first)
        )
        lost = any(
            isinstance(path, str) != isinstance(first, str) for path, first in zip(paths, self.first, strict=True)
        )
        return None if lost else paths


def deviation_until(search: _Search, exponent: Fraction, time: Fraction) -> Ball:
    """kappa R_2 c_0 lambda^2 e^{2 D_max T}."""
    power = 2 * search.largest * ball(time) - ball(2 * exponent) * flint.arb(10).log()
    return power.exp() * ball(search.setting.strength)


def final_deviation(search: _Search, exponent: Fraction, time: Fraction) -> Ball:
    """kappa R_2 c_0 e^{2 (D_max - D_1) T} lambda^{2 - 2 epsilon D_1/D_max}."""
    power = 2 - ball(2 * search.epsilon) * search.growth / search.largest
    grown = 2 * (search.largest - search.growth) * ball(time) - power * ball(exponent) * flint.arb(10).log()
    return grown.exp() * ball(search.setting.strength)


def _stays(path: Path, final: Fraction) -> bool:
    """Whether the neuron keeps its last cell, and theta does not grow past its first bound, or a right angle."""
    if path.fate == "dead":
        return not path.events or path.margin > final * final
    if not path.margin > final * final:
        return False
    if path.tangent is None:
        return True
    most = max(Fraction(1), path.tangent)
    return (final * (1 + most * most)) ** 2 <= 4 * most * most * path.cell.square
