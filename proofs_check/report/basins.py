"""Where balanced neurons of the plane end, for every direction: as a short table, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from ...numerics.frozen.flow import Fate
from ...numerics.frozen.plane_basins import Basin, PlaneFlow, Ray
from ...numerics.predict.prediction import Prediction

_SIGN_STYLES = {1: "bold blue", -1: "bold dark_orange"}


@dataclass(frozen=True)
class DescribedBasins:
    """The basins of both signs of a for one prediction; `numbers` are those of the extremal vectors in its list."""

    basins: tuple[Basin, ...]
    numbers: tuple[int | None, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """The list `basins` of `predict --basins --json`: exact rays, and angles in degrees, counterclockwise."""
        return [
            basin.to_json() | {"degrees": list(_arc(basin)), "extremal": number}
            for basin, number in zip(self.basins, self.numbers, strict=True)
        ]

    def lines(self) -> Iterator[Text]:
        """The lines of the report, to be printed without wrapping."""
        yield Text()
        yield Text.assemble(
            ("basins", "bold"), " of balanced neurons under the frozen flow, by the angle of w in degrees; exact"
        )
        for basin, number in zip(self.basins, self.numbers, strict=True):
            first, last = _arc(basin)
            sign = (f"a {'>' if basin.sign > 0 else '<'} 0", _SIGN_STYLES[basin.sign])
            latest = "unbounded" if basin.latest is None else f"{float(basin.latest.mid()):.6g}"
            place = f"  from {first:8.2f} to {last:8.2f}  {_end(basin, number):<24} "
            yield Text.assemble("  ", sign, place, f"latest arrival {latest}")


def described_basins(prediction: Prediction) -> DescribedBasins:
    """The basins for the data of a prediction, which must be in the plane (InputError otherwise)."""
    flow = PlaneFlow(prediction.problem)
    basins = tuple(basin for sign in (1, -1) for basin in flow.basins(sign))
    listed = {(vector.sign, vector.exact): place for place, vector in enumerate(prediction.extremal.vectors)}
    return DescribedBasins(
        basins,
        tuple(listed.get((basin.sign, basin.drift)) if basin.fate == Fate.EXTREMAL else None for basin in basins),
    )


def _end(basin: Basin, number: int | None) -> str:
    if basin.direction is None:
        return "dead"
    where = f"at {_degrees(basin.direction):.2f}"
    if basin.fate == Fate.PINNED:
        return f"pinned {where}"
    return f"aligned {where}" if number is None else f"to [{number}] {where}"


def _arc(basin: Basin) -> tuple[float, float]:
    """The angles of both ends in degrees, the second one larger by at most a whole turn."""
    first, last = _degrees(basin.first), _degrees(basin.last)
    return first, last if last > first else last + 360


def _degrees(ray: Ray) -> float:
    return math.degrees(math.atan2(float(ray[1]), float(ray[0])))
