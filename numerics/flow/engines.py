"""Which engine follows a network: maps of whole patterns, or single neurons (theory.md 2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from ..arrays import Floats, Pattern
from ..geometry.patterns import starting_signs
from .engine.problem import FlowProblem

if TYPE_CHECKING:
    from .engine.engine import Engine
    from .neurons.engine import NeuronEngine

AnyEngine: TypeAlias = "Engine | NeuronEngine"
EngineName: TypeAlias = Literal["patterns", "neurons"]
LEAST_DIMENSION = 5
"""Below this dimension there are few patterns, and neurons soon share them."""


def start_engine(
    problem: FlowProblem, a: Floats, w: Floats, tolerance: float, name: EngineName | None = None
) -> AnyEngine:
    """The engine at time 0 with neurons a (m,), w (m, d): the one of that name, or by default the faster one.

    A pattern is carried by d + 1 vectors, and those next to it are carried too; where the patterns of the start need
    more of them than there are neurons, the neurons are followed one by one.
    """
    from .engine.engine import Engine  # with it numba, which takes a second to load
    from .neurons.engine import NeuronEngine

    if name == "neurons" or (name is None and prefers_neurons(problem, w)):
        return NeuronEngine.start(problem, a, w, tolerance)
    return Engine.start(problem, a, w, tolerance)


def prefers_neurons(problem: FlowProblem, w: Floats) -> bool:
    """Whether the neurons w (m, d) of a start are followed one by one."""
    m, d = w.shape
    if d < LEAST_DIMENSION:
        return False
    return vectors_needed(starting_signs(w, problem.normals), d) > m


def vectors_needed(patterns: Pattern, d: int) -> int:
    """How many vectors of R^(d+1) carry neurons with these patterns (m, h): d + 1 for each one that occurs."""
    if not patterns.size:
        return d + 1
    rows = np.ascontiguousarray(patterns).view(np.dtype((np.void, patterns.shape[1])))  # unique bytes are found faster
    return len(np.unique(rows)) * (d + 1)
