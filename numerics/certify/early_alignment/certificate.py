"""`certify_early`: certified early alignment of one start, and its certificate (docs/certificates.md)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from ...data.dataset import Dataset
from ...data.problem import Problem
from ...errors import InputError
from ..errors import Undecided
from ..instance import ball, rational_above
from .path import Path
from .setting import Setting, UnscaledStart
from .threshold import Threshold, threshold_of

KIND = "early alignment"
PRECISION = 384
"""Bits of the balls: deviations may be as small as 2^-300."""
LONGEST_NUMBER = 400


@dataclass(frozen=True)
class AngleBound:
    """angle <= `first` lambda^{epsilon r/D_max} + `second` lambda^{2 - 2 epsilon D_1/D_max} at tau."""

    first: Fraction
    second: Fraction


@dataclass(frozen=True)
class EarlyCertificate:
    """What is certain of every neuron at tau, for all lambda <= 10^-exponent; `to_json` is what `recheck` reads."""

    setting: Setting
    epsilon: Fraction
    threshold: Threshold
    bounds: tuple[AngleBound | None, ...]

    @property
    def undecided(self) -> dict[int, str]:
        """The neurons of which nothing is certain, numbered from 1, with the reason."""
        return {j: path for j, path in enumerate(self.threshold.paths, 1) if isinstance(path, str)}

    def to_json(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        setting, found = self.setting, self.threshold
        problem, start = setting.problem, setting.start
        return {
            "schema": 1,
            "kind": KIND,
            "data": {
                "inputs": [_texts(x) for x in problem.data.inputs],
                "labels": _texts(problem.data.labels),
                "loss": problem.loss,
                "leak": str(problem.leak),
            },
            "start": {
                "neurons": [_texts((neuron.a, *neuron.w)) for neuron in start.neurons],
                "box": str(start.box),
                "note": start.note,
            },
            "phase": {
                "epsilon": str(self.epsilon),
                "exponent": str(found.exponent),
                "time": str(found.time),
                "deviation": str(found.deviation),
                "final": str(found.final),
                "norm": str(setting.norm_square),
                "growth": str(found.growth_square),
            },
            "fates": [_fate_json(path, bound) for path, bound in zip(found.paths, self.bounds, strict=True)],
        }

    def summary(self) -> dict[str, Any]:
        """What was proved, in numbers."""
        tree = self.to_json()
        return {**{name: tree["phase"][name] for name in ("epsilon", "exponent")}, "neurons": tree["fates"]}

    def lines(self) -> list[str]:
        """What a person reads."""
        found, setting, left = self.threshold, self.setting, self.undecided
        fates = [path if isinstance(path, str) else path.fate for path in found.paths]
        counts = [f"{fates.count(fate)} {fate}" for fate in FATES if fate in fates]
        counts += [f"{len(left)} undecided"] if left else []
        near = f" Also for dominated starts within {setting.start.box} of each coordinate." if setting.start.box else ""
        return [
            f"certified for every lambda <= 10^-{float(found.exponent):.3f}: the fates at "
            f"tau = {self.epsilon} log(1/lambda)/D_max.{near}",
            f"of {len(fates)} neuron{'s' * (len(fates) > 1)}: {', '.join(counts)}",
            f"D_max = {float(setting.norm_square) ** 0.5:.6g}, D_1 = {float(found.growth_square) ** 0.5:.6g}; "
            f"no hyperplane is met after T = {float(found.time):.6g} <= tau",
            f"the drift deviates by at most {_short(found.deviation)} until T, {_short(found.final)} until tau",
            *(line for j in range(len(fates)) for line in self._neuron_lines(j)),
        ]

    def _neuron_lines(self, j: int) -> list[str]:
        path, bound = self.threshold.paths[j], self.bounds[j]
        if isinstance(path, str):
            return [f"  neuron {j + 1}: undecided: {path}"]
        met = ", ".join(f"{event.point + 1} (t = {float(event.time):.6g})" for event in path.events)
        said = [f"  neuron {j + 1}: {path.fate}; hyperplanes met: {met or 'none'}"]
        if bound is None:
            return said
        vector = ", ".join(str(value * path.cell.sign) for value in path.cell.drift)
        powers = self._powers(path)
        return [
            *said,
            f"    D = ({vector}), angle <= {float(bound.first):.4g} lambda^{powers[0]:.4g} + "
            f"{float(bound.second):.4g} lambda^{powers[1]:.4g}",
        ]

    def _powers(self, path: Path) -> tuple[float, float]:
        largest, epsilon = float(self.setting.norm_square) ** 0.5, float(self.epsilon)
        growth = float(self.threshold.growth_square) ** 0.5
        return epsilon * float(path.cell.square) ** 0.5 / largest, 2 - 2 * epsilon * growth / largest


FATES = ("aligned", "dead", "pinned")


def _short(value: Fraction) -> str:
    return f"{float(value):.4g}" if value > Fraction(1, 10**300) else "10^-300"


def _texts(row: Any) -> list[str]:
    return [str(value) for value in row]


def _fate_json(path: Path | str, bound: AngleBound | None) -> dict[str, Any]:
    if isinstance(path, str):
        return {"fate": "undecided", "reason": path, "events": [], "tangent": "0", "first": "0", "second": "0"}
    numbers = (Fraction(0),) * 3 if bound is None else (path.tangent, bound.first, bound.second)
    return {
        "fate": path.fate,
        "reason": "",
        "events": [[str(event.point + 1), str(event.time), str(event.width)] for event in path.events],
        **dict(zip(("tangent", "first", "second"), _texts(numbers), strict=True)),
    }


def certify_early(
    problem: Problem | Dataset, start: UnscaledStart, epsilon: Fraction = Fraction(1, 4)
) -> EarlyCertificate:
    """The largest lambda_1 such that the fates at tau = epsilon log(1/lambda)/D_max are certain for lambda <= lambda_1.

    Any loss and leak, any dimension. Neurons that cannot be decided are named in the certificate; Undecided is raised
    if there is no other.
    """
    if not 0 < epsilon < 1:
        raise InputError(f"epsilon is {epsilon}; it must be greater than 0 and less than 1")
    setting = Setting(Problem.of(problem), start)
    with flint.ctx.workprec(PRECISION):
        found = threshold_of(setting, epsilon)
        bounds = tuple(_bound(setting, found, path) for path in found.paths)
    certificate = EarlyCertificate(setting, epsilon, found, bounds)
    _refuse_long_numbers(certificate)
    return certificate


def _bound(setting: Setting, found: Threshold, path: Path | str) -> AngleBound | None:
    """C_1 and C_2 of docs/certificates.md."""
    if isinstance(path, str) or path.tangent is None:
        return None
    r, growth = ball(path.cell.square).sqrt(), ball(found.growth_square).sqrt()
    most = max(Fraction(1), path.tangent)
    first = 2 * ball(path.tangent) * (r * ball(path.time)).exp()
    grown = (2 * (ball(setting.norm_square).sqrt() - growth) * ball(found.time)).exp()
    second = ball((1 + most * most) * setting.strength) * grown / (r + 2 * growth)
    slack = 1 + flint.arb(2) ** -60  # the checker's intervals are wider than these balls
    return AngleBound(rational_above(first * slack), rational_above(second * slack))


def _refuse_long_numbers(found: EarlyCertificate) -> None:
    values = [value for neuron in found.setting.start.neurons for value in (neuron.a, *neuron.w)]
    values += [value for x in found.setting.points for value in x]
    values += [found.setting.norm_square, found.threshold.growth_square]
    if max(abs(part) for value in values for part in (value.numerator, value.denominator)) >= 10**LONGEST_NUMBER:
        raise Undecided(f"the certificate would hold numbers of more than {LONGEST_NUMBER} digits; round the data")
