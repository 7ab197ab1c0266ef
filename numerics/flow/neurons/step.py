"""One DOP853 step for all neurons at once, by matrix products (theory.md 2.5)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...arrays import Floats
from ..engine.chebyshev import COUNT, SHARES
from ..engine.step import DENSE, FIFTH, TABLEAU, THIRD, TRIED, size_of
from .state import NeuronState

SEEN = [4, 9, 10, 12]
"""Stages, at the shares 0.28, 0.6, 0.86 and 1, by whose pulls it is seen whether neurons leave their hyperplanes."""


@dataclass
class Attempt:
    """A step of `length` from `state`: `stages` (16, m, d+1), `outputs` and `pulls` (16, n) at them, `end` (m, d+1).

    `drifts` are those (m, d) at the start and at the end; `error` is the largest of a neuron, relative to its size.
    """

    state: NeuronState
    length: float
    stages: Floats
    outputs: Floats
    pulls: Floats
    end: Floats
    drifts: tuple[Floats, Floats]
    error: float

    @classmethod
    def of(cls, state: NeuronState, length: float, stages: Floats) -> Attempt:
        """Try a step; `stages` is room for them."""
        start = state.places
        outputs, pulls = np.empty((2, 16, len(state.problem.y)))
        flat, at = stages.reshape(16, -1), start
        first = last = np.zeros(0)
        with np.errstate(over="ignore", invalid="ignore"):  # of a step far too long, whose error is infinite
            for row in range(TRIED):
                if row:
                    at = start + length * (TABLEAU[row, :row] @ flat[:row]).reshape(start.shape)
                last = velocity(state, at, stages[row], outputs[row], pulls[row])
                first = last if row == 0 else first
            error = _error(flat, length, at)
        return cls(state, length, stages, outputs, pulls, at, (first, last), error)

    def interpolant(self) -> Floats:
        """The coefficients (7, m, d+1) of DOP853's interpolant of order 7, after three more stages."""
        stages, start, length = self.stages, self.state.places, self.length
        flat = stages.reshape(16, -1)
        for row in range(TRIED, 16):
            at = start + length * (TABLEAU[row, :row] @ flat[:row]).reshape(start.shape)
            velocity(self.state, at, stages[row], self.outputs[row], self.pulls[row])
        found = np.empty((7, *start.shape))
        found[0] = self.end - start
        found[1] = length * stages[0] - found[0]
        found[2] = 2 * found[0] - length * (stages[0] + stages[12])
        found[3:] = length * (DENSE @ flat).reshape(4, *start.shape)
        return found

    def within(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """The outputs and the pulls (9, n) at `SHARES`."""
        problem = self.state.problem
        outputs, pulls = np.empty((2, COUNT, len(problem.y)))
        for node, share in enumerate(SHARES.tolist()):
            outputs[node] = self.state.outputs_at(self.at(coefficients, share))
            pulls[node] = problem.pulls(outputs[node])
        return outputs, pulls

    def lost(self) -> float:
        """The integral of the mean loss over the step: DOP853's sum over its stages."""
        return self.length * float(TABLEAU[12, :12] @ self.state.problem.mean_loss(self.outputs[:12]))

    def at(self, coefficients: Floats, share: float) -> Floats:
        """Where the neurons are at a share of the step, with the patterns of its start (m, d+1)."""
        if share in (0.0, 1.0):
            return self.state.places if share == 0.0 else self.end
        value = np.zeros_like(self.end)
        for row in range(6, -1, -1):
            value += coefficients[row]
            value *= share if row % 2 == 0 else 1.0 - share
        return np.asarray(self.state.places + value)


def velocity(state: NeuronState, places: Floats, rate: Floats, outputs: Floats, pulls: Floats) -> Floats:
    """w' = a D and a' = <w, D> of neurons at `places`, into `rate`, outputs and pulls there; the drifts (m, d)."""
    outputs[:] = state.outputs_at(places)
    pulls[:] = state.problem.pulls(outputs)
    drifts = state.drifts(pulls)
    np.multiply(places[:, -1:], drifts, out=rate[:, :-1])
    np.einsum("jd,jd->j", places[:, :-1], drifts, out=rate[:, -1])
    return drifts


def _error(flat: Floats, length: float, end: Floats) -> float:
    """Hairer's combination of the two embedded errors of a neuron relative to its size, as in SciPy: the largest."""
    fifth, third = ((weights @ flat[:TRIED]).reshape(end.shape) for weights in (FIFTH, THIRD))
    power = np.frexp(np.abs(end).max(axis=1))[1]
    unit = size_of(length)
    parts = fifth * unit, third * unit, end
    squares = [np.square(np.ldexp(part, -power[:, None])).sum(axis=1) for part in parts]
    if not np.isfinite(squares).all():
        return math.inf
    errors = length / unit * squares[0] / np.sqrt((squares[0] + 0.01 * squares[1]) * squares[2])
    return float(np.where(squares[0] > 0.0, errors, 0.0).max())
