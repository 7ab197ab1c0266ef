"""The constants of the published alignment theorem beside the true arrival times, as text and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from ...numerics.errors import InputError
from ...numerics.predict.arrival import Arrival, arrival_of_start, arrival_over_directions
from ...numerics.predict.prediction import Prediction
from ...numerics.predict.published_constants import PublishedConstants, published_constants

_NAME, _VALUE = 40, 15
_DECIMALS_FROM = -6
"""Scales from 10^-6 on are printed in decimals, smaller ones as powers of ten."""


@dataclass(frozen=True)
class DescribedTheorem:
    """Theorem 1 of [BF] for one prediction: its constants and the latest arrivals, of all directions and of the start.

    `arrivals` is empty where neither is known: not in the plane, and without a start.
    """

    constants: PublishedConstants
    arrivals: tuple[Arrival, ...]
    unmet: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The object `published` of `predict --published --json`; null stands for infinite values."""
        found, data = self.constants, self.constants.data
        return {
            "alpha_0": found.alpha_0,
            "epsilon": found.epsilon,
            "patterns": data.patterns,
            "d_min": data.d_min,
            "d_max": data.d_max,
            "alpha_min": data.alpha_min,
            "delta_0": _finite(data.delta_0),
            "mean_square_input": data.mean_square_input,
            "lambda_star": found.lambda_star,
            "t_2": _finite(found.t_2),
            "log10_constant": _finite(found.log10_constant),
            "log10_vacuous_scale": _finite(found.log10_vacuous_scale),
            "log10_repaired_scale": _finite(found.log10_repaired_scale),
            "unmet": list(self.unmet),
            "arrivals": [self._arrival_document(arrival) for arrival in self.arrivals],
        }

    def _arrival_document(self, arrival: Arrival) -> dict[str, Any]:
        latest = arrival.latest
        return {
            "of": "start" if arrival.sign is None else "directions",
            "sign": arrival.sign,
            "neurons": arrival.starts if arrival.sign is None else None,
            "undecided": arrival.undecided,
            "latest_time": latest,
            "log10_scale": None if latest is None else self.constants.log10_scale_for(latest),
        }

    def lines(self) -> Iterator[Text]:
        """The lines of the report, to be printed without wrapping."""
        found, data = self.constants, self.constants.data
        yield Text()
        yield Text.assemble(
            ("Theorem 1 of Boursier and Flammarion (JMLR 26(183), 2025)", "bold"),
            f" for alpha_0 = {found.alpha_0:g}, epsilon = {found.epsilon:g}",
        )
        for sentence in self.unmet:
            yield Text(f"  not covered: {sentence}", style="bold red")
        yield _row("D_min", _number(data.d_min), "(22), page 37")
        yield _row("D_max", _number(data.d_max), "page 7")
        yield _row("alpha_min", _number(data.alpha_min), "(22) to (24), page 37")
        yield _row("delta_0", _number(data.delta_0), "(20), page 36")
        yield _row("threshold lambda*", _number(found.lambda_star), "(21), page 37")
        yield _row("tau at lambda = lambda*", _number(found.tau_at_lambda_star), "page 7")
        yield _row("time t_2 allowed for arriving", _number(found.t_2), "page 47")
        yield _row("constant c of part (ii)", _power(found.log10_constant), "(36), page 48")
        vacuous, repaired = _power(found.log10_vacuous_scale), _power(found.log10_repaired_scale)
        yield _row("part (ii) says nothing from lambda =", vacuous, "c lambda^epsilon = 2 D_max, (36)")
        yield _row("t_2 <= tau up to lambda =", repaired, "exp(-t_2 D_max/epsilon), page 47")
        yield from self._arrival_lines()

    def _arrival_lines(self) -> Iterator[Text]:
        yield Text.assemble(
            ("  latest arrival under the frozen flow", "bold"), ", of neurons with Condition 1 (page 7)"
        )
        if not self.arrivals:
            yield Text("    known for all directions in the plane only; give a start with --width and --scale")
        for arrival in self.arrivals:
            if arrival.latest is None:
                yield Text(f"    {_whose(arrival)}: {_why_none(arrival)}")
                continue
            scale = _power(self.constants.log10_scale_for(arrival.latest))
            yield _row(f"  time T, {_whose(arrival)}", _number(arrival.latest), f"T <= tau up to lambda = {scale}")
            if arrival.undecided:
                yield Text(f"    without {arrival.undecided} whose fate is undecided")


def described_theorem(prediction: Prediction, alpha_0: float) -> DescribedTheorem:
    """The published constants for the data of a prediction, and the arrival times that can be known."""
    problem = prediction.problem
    constants = published_constants(problem, alpha_0=alpha_0, epsilon=prediction.epsilon)
    arrivals = []
    if problem.data.d == 2:
        arrivals = [arrival_over_directions(problem, sign, alpha_0) for sign in (1, -1)]
    if prediction.start is not None and prediction.alignment is not None:
        arrivals.append(arrival_of_start(problem, prediction.start, prediction.alignment, alpha_0))
    saddles = sum(1 for vector in prediction.extremal.vectors if vector.stability == "saddle")
    saddle = (f"G has a saddle point at {saddles} of the extremal vectors",) if saddles else ()
    return DescribedTheorem(constants, tuple(arrivals), constants.data.unmet + saddle)


def check_alpha(alpha: float | None, published: bool) -> None:
    """Raise InputError if --alpha is given without --published."""
    if alpha is not None and not published:
        raise InputError("--alpha belongs to the published theorem and needs --published too")


def _whose(arrival: Arrival) -> str:
    if arrival.sign is None:
        return f"{arrival.starts} of {arrival.considered} neurons of the start"
    return f"all directions, a {'>' if arrival.sign > 0 else '<'} 0"


def _why_none(arrival: Arrival) -> str:
    return "the fate of each is undecided" if arrival.undecided else "no neuron satisfies Condition 1"


def _row(name: str, value: str, source: str) -> Text:
    return Text(f"  {name:<{_NAME}} {value:<{_VALUE}} {source}")


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else "infinite"


def _power(logarithm: float) -> str:
    """10 to this power: in decimals if that is short, as 10^-92.62 otherwise."""
    if math.isinf(logarithm):
        return "infinite" if logarithm > 0 else "0"
    return f"{10**logarithm:.3g}" if _DECIMALS_FROM <= logarithm <= -_DECIMALS_FROM else f"10^{logarithm:.2f}"
