"""`compare`: the flow from the start of a prediction, beside that prediction (docs/theory.md 4.1-4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from ..flow.observables import Observables
from ..flow.simulation import Ends, Floats, Progress, Recorded, Simulation, simulation_of, start_run
from ..predict.prediction import Prediction
from .comparison import Comparison
from .watch import watch_for


@dataclass(frozen=True)
class Compared:
    """A simulated flow, and its network at tau beside the prediction; None when it has not come so far or cannot be."""

    simulation: Simulation
    comparison: Comparison | None

    @property
    def within(self) -> bool:
        """Whether nothing that is compared lies outside its allowance."""
        return self.comparison is None or self.comparison.within

    def to_json(self) -> dict[str, Any]:
        """The JSON object of `proofs-check simulate`."""
        comparison = None if self.comparison is None else self.comparison.to_json()
        return self.simulation.to_json() | {"comparison": comparison}


def compare(
    prediction: Prediction,
    time: float,
    tolerance: float = 1e-8,
    times: Sequence[float] | Floats | None = None,
    until_loss: float | None = None,
    progress: Progress | None = None,
    observables: Observables | None = None,
) -> Compared:
    """Simulate the flow from the start of the prediction up to `time`, and set the network at tau beside it.

    The options are those of `simulate`. Raises InputError for a prediction without a start, and as `simulate` does.
    """
    start = prediction.start
    if start is None:
        raise InputError("the prediction has no start; give one to predict")
    watch = watch_for(prediction, time)
    recorded = Recorded(times, watch=watch, observables=observables)
    run = start_run(prediction.problem, start, time, tolerance, recorded)
    simulation = simulation_of(run, run.follow(done=Ends(until_loss, progress=progress)))
    return Compared(simulation, None if watch is None else watch.result())
