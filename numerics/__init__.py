"""What is computed: data sets, extremal vectors, the frozen alignment flow, predictions, and the flow itself.

The public names, each from its own module (nothing is imported before it is asked for):

| name | gives |
|---|---|
| `Dataset` | points and labels as exact rationals: `from_csv`, `from_arrays`, `published` |
| `PUBLISHED` | the published data sets that ship with the package |
| `Start`, `make_start` | initial weights: drawn from a seed, or read from a file |
| `predict`, `Prediction` | what the theory says about a data set and a start |
| `extremal_vectors`, `ExtremalVectors`, `ExtremalVector` | all extremal vectors, exactly |
| `frozen_alignment`, `FrozenAlignment`, `Fate` | every neuron's fate under the frozen flow |
| `least_squares`, `LeastSquares` | the exact least-squares fit |
| `activation_pattern` | the ternary patterns of neurons |
| `get_loss`, `Loss` | the losses in floating point |
| `simulate`, `Simulation` | the full flow of a network of any width |
| `limit_process`, `Limit` | where small starts go as lambda -> 0: saddle after saddle |
| `least_norm_interpolation`, `LeastNorm` | the least norm that interpolates, with a proved bracket |
| `reference_flow`, `ReferenceFlow` | the full flow of a small network, slow and trusted |
| `InputError` | input that cannot be used, in one sentence |
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dataset import Dataset
    from .errors import InputError
    from .extremal import ExtremalVector, ExtremalVectors, extremal_vectors
    from .flow.simulation import Simulation, simulate
    from .frozen import Fate, FrozenAlignment, frozen_alignment
    from .interpolation.least import LeastNorm, least_norm_interpolation
    from .limit.process import Limit, limit_process
    from .linear_fit import LeastSquares, least_squares
    from .losses import Loss, get_loss
    from .patterns import activation_pattern
    from .prediction import Prediction, predict
    from .published import PUBLISHED
    from .reference import ReferenceFlow, reference_flow
    from .start import Start, make_start

__all__ = [
    "PUBLISHED",
    "Dataset",
    "ExtremalVector",
    "ExtremalVectors",
    "Fate",
    "FrozenAlignment",
    "InputError",
    "LeastNorm",
    "LeastSquares",
    "Limit",
    "Loss",
    "Prediction",
    "ReferenceFlow",
    "Simulation",
    "Start",
    "activation_pattern",
    "extremal_vectors",
    "frozen_alignment",
    "get_loss",
    "least_norm_interpolation",
    "least_squares",
    "limit_process",
    "make_start",
    "predict",
    "reference_flow",
    "simulate",
]

_MODULES = {
    "dataset": ("Dataset",),
    "errors": ("InputError",),
    "extremal": ("ExtremalVector", "ExtremalVectors", "extremal_vectors"),
    "flow.simulation": ("Simulation", "simulate"),
    "frozen": ("Fate", "FrozenAlignment", "frozen_alignment"),
    "interpolation.least": ("LeastNorm", "least_norm_interpolation"),
    "limit.process": ("Limit", "limit_process"),
    "linear_fit": ("LeastSquares", "least_squares"),
    "losses": ("Loss", "get_loss"),
    "patterns": ("activation_pattern",),
    "prediction": ("Prediction", "predict"),
    "published": ("PUBLISHED",),
    "reference": ("ReferenceFlow", "reference_flow"),
    "start": ("Start", "make_start"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    globals()[name] = value  # from now on the plain attribute
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
