"""A simulated network at tau beside its prediction, in numbers; `watch` says how they are found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class VectorComparison:
    """The neurons that must follow one extremal vector at tau, and where the simulation has them.

    `extremal` is the vector's number in the prediction. `count` neurons are compared; `unsettled` others follow it too,
    but the frozen flow has not brought them within `angle` of it by tau, or the flow may have left it by then. Of the
    `count`, the one that uses most of its allowance is `worst_error` radians away, `allowed` being its bound (0 when it
    does not have the drift D). `predicted_time` and `measured_time` are the last times at which one of the `count`, its
    pattern settled, comes within `angle`; the second is None when that has not happened by tau, and is as fine as the
    recorded times. Each of `timed` neurons must do so within `allowed_time` of its own predicted time, and `off_time`
    of them do not; the others of the `count` have no bound on their times.
    """

    extremal: int
    count: int
    unsettled: int
    worst_error: float
    allowed: float
    angle: float
    predicted_time: float
    measured_time: float | None
    timed: int
    off_time: int
    allowed_time: float

    @property
    def within(self) -> bool:
        """Whether the neuron that uses most of its allowance stays inside it, and all arrive in time."""
        return self.worst_error <= self.allowed and self.off_time == 0

    def to_json(self) -> dict[str, Any]:
        """One entry of `alignment`."""
        return asdict(self)


@dataclass(frozen=True)
class Comparison:
    """Prediction and simulation at tau, one entry per extremal vector that some neuron follows."""

    tau: float
    epsilon: float
    alignment: tuple[VectorComparison, ...]

    @property
    def within(self) -> bool:
        """Whether every entry is inside its allowance."""
        return all(entry.within for entry in self.alignment)

    def to_json(self) -> dict[str, Any]:
        """The `comparison` of `proofs-check simulate --json`."""
        entries = [entry.to_json() for entry in self.alignment]
        return {"tau": self.tau, "epsilon": self.epsilon, "alignment": entries, "within": self.within}
