"""The equations of motion of one neuron as Coq terms, printed from those that `theory.model` derives."""

from __future__ import annotations

from dataclasses import dataclass

from ...theory import model
from ...theory.formal.vectors import Inner
from .printer import to_coq


@dataclass(frozen=True)
class CoqNeuron:
    """The terms for a neuron in its drift: the output weight, both vectors, and their coordinates with the index i."""

    output: str
    weights: str
    weights_i: str
    drift: str
    drift_i: str

    def weights_rate(self) -> str:
        """The derivative of the coordinate i of w; coefficients stand before vectors, as in the lemmas on `dot`."""
        moved = model.neuron_flow().weights
        generators = ((model.neuron_drift, self.drift_i), (model.neuron_weights, self.weights_i))
        parts = [(moved.coefficient(name), term) for name, term in generators]
        return " + ".join(f"{to_coq(value, self._names())} * {term}" for value, term in parts if value != 0)

    def output_rate(self) -> str:
        """The derivative of a."""
        return to_coq(model.neuron_flow().output, self._names())

    def _names(self) -> dict[object, str]:
        product = Inner(model.neuron_drift, model.neuron_weights)
        return {model.neuron_output: self.output, product: f"(dot d {self.drift} {self.weights})"}
