"""What is kept of a run at its recorded times, for tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..data.losses import get_loss
from .checkpoint import Damaged
from .engine.problem import FlowProblem
from .observables import Observables

if TYPE_CHECKING:
    from .engine.state import State
    from .neurons.state import NeuronState


NEURONS_KEPT = 200
"""Most neurons whose places are kept: those of the first numbers. Outputs and losses are those of the whole network."""

OBSERVED = "observed_"
"""Before the name of an observable among the arrays of a recording."""


def _finite(name: str, array: NDArray) -> bool:
    """Whether all entries are finite numbers, or NaN in an observable, which it is where it is not defined."""
    return bool((np.isfinite(array) | (name.startswith(OBSERVED) & np.isnan(array))).all())


@dataclass
class Recording:
    """Rows, one per recorded time: the time, the outputs (n,), the loss, S = sum_j a_j^2, and on request more.

    `kept` neurons are put down as rows (w, a) in `neurons`, (kept, d+1) each; where `line` (G,) holds one-dimensional
    inputs, `functions` holds the network's function on them. `observed` holds the values of the `observables` by name.
    """

    kept: int = 0
    line: Floats | None = None
    observables: Observables | None = None
    times: list[float] = field(default_factory=list)
    outputs: list[Floats] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    neurons: list[Floats] = field(default_factory=list)
    functions: list[Floats] = field(default_factory=list)
    observed: dict[str, list[float]] = field(default_factory=dict)

    def note(self, time: float, state: State | NeuronState) -> None:
        """Put down where the network is."""
        from .neurons.state import NeuronState  # with it numba, which takes a second to load

        if isinstance(state, NeuronState):
            self.note_neurons(time, state.problem, state.outputs(), state.places)
            return
        self._note(time, state.problem, state.outputs(), state.size())
        maps = state.groups.active().to_now
        if self.line is not None:
            from .line import function_on_line

            self.functions.append(function_on_line(state.frame, state.group, maps, self.line, state.problem.leak))
        if self.kept:
            chosen = slice(min(self.kept, len(state)))
            self.neurons.append(np.einsum("ji,jie->je", state.frame[chosen], maps[state.group[chosen]]))
        if self.observables is not None:
            self._observe(state.neurons(), state.problem)

    def note_neurons(self, time: float, problem: FlowProblem, outputs: Floats, neurons: Floats) -> None:
        """The same for a network that is given by its neurons, rows (w, a) of (m, d+1), and its outputs (n,)."""
        self._note(time, problem, outputs, float(neurons[:, -1] @ neurons[:, -1]))
        if self.line is not None:
            from .line import function_on_line

            one_group, unchanged = np.zeros(len(neurons), dtype=np.int64), np.eye(neurons.shape[1])[None]
            self.functions.append(function_on_line(neurons, one_group, unchanged, self.line, problem.leak))
        if self.kept:
            self.neurons.append(neurons[: self.kept].copy())
        self._observe(neurons, problem)

    def _note(self, time: float, problem: FlowProblem, outputs: Floats, size: float) -> None:
        self.times.append(time)
        self.outputs.append(outputs)
        self.losses.append(float(np.mean(get_loss(problem.loss).value(outputs, problem.y))))
        self.sizes.append(size)

    def _observe(self, neurons: Floats, problem: FlowProblem) -> None:
        if self.observables is not None:
            for name, value in self.observables.values(neurons, problem).items():
                self.observed.setdefault(name, []).append(value)

    def observed_arrays(self) -> dict[str, Floats]:
        """The values of the observables as arrays (T,), by name."""
        return {name: np.array(values) for name, values in self.observed.items()}

    def without_last(self) -> Recording:
        """A recording of the same without its last row."""
        return replace(
            self,
            times=self.times[:-1],
            outputs=self.outputs[:-1],
            losses=self.losses[:-1],
            sizes=self.sizes[:-1],
            neurons=self.neurons[:-1],
            functions=self.functions[:-1],
            observed={name: values[:-1] for name, values in self.observed.items()},
        )

    def arrays(self) -> dict[str, NDArray]:
        """Everything as named arrays; `line`, `functions` and observables only where there are any."""
        found: dict[str, NDArray] = {
            "times": np.array(self.times),
            "outputs": np.array(self.outputs),
            "losses": np.array(self.losses),
            "sizes": np.array(self.sizes),
            "neurons": np.array(self.neurons),
        }
        if self.line is not None:
            found |= {"line": self.line, "functions": np.array(self.functions)}
        return found | {OBSERVED + name: values for name, values in self.observed_arrays().items()}

    @classmethod
    def restored(cls, arrays: Mapping[str, NDArray], problem: FlowProblem) -> Recording:
        """The recording that `arrays` described; Damaged when they do not fit together or the problem.

        Its `observables` are to be set before more is recorded.
        """
        n, d = problem.X.shape
        names = ["times", "outputs", "losses", "sizes", "neurons", *(["line", "functions"] if "line" in arrays else [])]
        observed = [name for name in arrays if name.startswith(OBSERVED)]
        missing = [name for name in names if name not in arrays]
        if missing:
            raise Damaged(f"there is no array {missing[0]}")
        found = {name: np.array(arrays[name]) for name in (*names, *observed)}
        rows = len(found["times"]) if found["times"].ndim == 1 else 0
        kept = found["neurons"].shape[1] if found["neurons"].ndim == 3 else 0
        shapes = {"times": (rows,), "outputs": (rows, n), "losses": (rows,), "sizes": (rows,)}
        shapes |= {"neurons": (rows, kept, d + 1)} | dict.fromkeys(observed, (rows,))
        if "line" in found:
            shapes |= {"line": (found["line"].size,), "functions": (rows, found["line"].size)}
        for name, shape in shapes.items():
            array = found[name]
            if array.dtype != np.float64 or array.shape != shape or not _finite(name, array):
                raise Damaged(f"the array {name} has the wrong type or shape, or is not finite")
        if not rows or not kept or np.any(np.diff(found["times"]) <= 0):
            raise Damaged("the recorded times do not increase, or no neuron is kept")
        return cls(
            kept,
            found.get("line"),
            None,
            found["times"].tolist(),
            list(found["outputs"]),
            found["losses"].tolist(),
            found["sizes"].tolist(),
            list(found["neurons"]),
            list(found.get("functions", ())),
            {name.removeprefix(OBSERVED): found[name].tolist() for name in observed},
        )
