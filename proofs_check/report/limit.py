"""The limit of small starts as text: its saddles, its end, and how far from the least norm that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.text import Text

from ...numerics.data.problem import Problem
from ...numerics.errors import InputError
from ...numerics.geometry.linear_fit import least_squares
from ...numerics.interpolation.least import LeastNorm, least_norm
from ...numerics.interpolation.program import ConvexSolverFailed, ConvexSolverMissing
from ...numerics.limit.process import Candidate, Limit, Progress, Saddle, limit_process
from ...numerics.limit.scales import SMALL, Cause, Distance
from ...numerics.predict.prediction import Prediction

ENTRIES_SHOWN = 8
SADDLES_SHOWN = 30
AT_FIT = 1e-7
"""Distance of the outputs from those of least squares, as a share of the largest label, at which they are called the
same: ten times what is left of the pulls at a saddle."""
SHARP = 1e-8
"""Width of the proved bracket, as a share of the least norm, below which all printed digits are proved."""


@dataclass(frozen=True)
class DescribedLimit:
    """A limit beside the least norm: `least` is None when the limit does not interpolate, or with `why_no_least`."""

    prediction: Prediction
    limit: Limit
    least: LeastNorm | None
    why_no_least: str

    def to_json(self) -> dict[str, Any]:
        """The object `limit` of `predict --limit --json`."""
        return self.limit.to_json(self.least, self.scale)

    @property
    def scale(self) -> float | None:
        """The scale of the start, if there is one and it is known."""
        return None if self.prediction.start is None else self.prediction.start.scale

    @property
    def at_least_squares(self) -> bool:
        """Whether the limit has the outputs of the least-squares fit."""
        data = self.prediction.data
        fit = data.y - np.array([float(value) for value in least_squares(data).residuals])
        return bool(np.max(np.abs(self.limit.outputs - fit)) <= AT_FIT * np.max(np.abs(data.y)))

    def lines(self) -> Iterator[Text]:
        """The lines of the report, to be printed without wrapping."""
        limit = self.limit
        start = "every direction and sign" if self.prediction.start is None else "the directions of the start"
        yield Text()
        yield Text.assemble(("as lambda -> 0", "bold"), f", from {start}, on the clock s = t / log(1/lambda)")
        for number, saddle in enumerate(limit.saddles[:SADDLES_SHOWN]):
            yield _saddle_line(number, saddle)
        if len(limit.saddles) > SADDLES_SHOWN:
            yield Text(f"  and {len(limit.saddles) - SADDLES_SHOWN} more; --json lists all of them")
        yield from self._end_lines()
        yield from self._distance_lines()
        if limit.reason is not None:
            what = "not determined by the theory" if limit.complete else "not complete"
            yield Text(f"  {what}: {limit.reason}", style="bold red")

    def _end_lines(self) -> Iterator[Text]:
        limit = self.limit
        if limit.interpolates:
            where = "every label is fitted"
        elif self.at_least_squares:
            where = f"at the least-squares fit, loss {limit.loss:.6g}: a spurious stationary point"
        else:
            where = f"at a stationary point of loss {limit.loss:.6g}"
        directions = f"{len(limit.a)} direction{'s' if len(limit.a) != 1 else ''}"
        state = "final state" if limit.complete else "last saddle that was reached"
        yield Text.assemble("  ", (state, "bold"), f": {where}, with {directions}")
        norm = f"  ||theta||^2/2 = {limit.norm:.8g}"
        if self.least is not None:
            excess = limit.norm / self.least.norm - 1
            above = f"within {AT_FIT:g} of the least" if excess <= AT_FIT else f"{excess:.3%} above the least"
            sharp = self.least.upper - self.least.lower <= SHARP * self.least.norm
            known = "proved" if sharp else f"proved to lie in [{self.least.lower:.9g}, {self.least.upper:.9g}]"
            norm += f": {above} of all networks that interpolate, {self.least.norm:.8g} ({known})"
        yield Text(norm)
        if self.why_no_least:
            yield Text(f"  the least norm is not known: {self.why_no_least}")

    def _distance_lines(self) -> Iterator[Text]:
        """How far runs are from the limit, in general and at the scale of the start."""
        distance = self.limit.distance
        if distance is None:
            return
        if not distance.exponent > 0:
            yield Text(f"  no scale is small enough for the limit: {_because(distance)}", style="bold red")
            return
        yield Text(
            f"  a run from the scale lambda ends at a distance of the order lambda^{distance.exponent:.3g} at most: "
            + _because(distance)
        )
        if self.scale is None:
            return
        power = distance.power_of_ten
        enough = f"{10**power:.2g}" if power > -300 else f"10^{power:.0f}"
        at_scale = f"  at the scale {self.scale:g} that is {distance.at(self.scale):.2g}"
        if distance.at(self.scale) <= SMALL:
            yield Text(at_scale)
        else:
            yield Text(
                f"{at_scale}: too large for the limit to describe such runs; {SMALL:g} needs lambda below {enough}",
                style="bold red",
            )


def _because(distance: Distance) -> str:
    """Why a run is that far away."""
    saddle = f"saddle [{distance.saddle}]"
    return {
        Cause.APPROACH: f"the network comes to rest slowly at {saddle}",
        Cause.ANGLE: f"neurons have little time to turn at {saddle}",
        Cause.OTHERS: f"other neurons are not much smaller than those that leave {saddle}",
    }[distance.cause]


def limit_of(prediction: Prediction, seconds: float | None = None, progress: Progress | None = None) -> Limit:
    """The limit for the data and the start of a prediction; `seconds` and `progress` are those of `limit_process`."""
    problem = Problem(prediction.data, leak=prediction.leak)
    return limit_process(problem, prediction.start, vectors=prediction.extremal, seconds=seconds, progress=progress)


def described_limit(prediction: Prediction, limit: Limit) -> DescribedLimit:
    """A limit for a prediction, and the least norm beside it where it interpolates."""
    if not limit.interpolates:
        return DescribedLimit(prediction, limit, None, "")
    try:
        least = least_norm(Problem(prediction.data, leak=prediction.leak))
    except (InputError, ConvexSolverMissing, ConvexSolverFailed) as reason:
        return DescribedLimit(prediction, limit, None, str(reason))
    return DescribedLimit(prediction, limit, least, "")


def _saddle_line(number: int, saddle: Saddle) -> Text:
    then = f"  until s = {saddle.time:.6f}  loss {saddle.loss:.6g}, left along {_vector(saddle.escape)}"
    others = len(saddle.candidates) - 1
    later = f"; {others} more kind{'s' if others != 1 else ''} would leave this saddle later" if others else ""
    return Text.assemble(f"  [{number}]", then, f" by neurons with a {'>' if saddle.escape.sign > 0 else '<'} 0{later}")


def _vector(candidate: Candidate) -> str:
    shown = ", ".join(f"{value:.6g}" for value in candidate.vector[:ENTRIES_SHOWN])
    more = ", ..." if len(candidate.vector) > ENTRIES_SHOWN else ""
    return f"D = ({shown}{more}) of norm {candidate.norm:.6g}"
