"""A certificate beside a simulation of its own start: every number it states is compared with the simulation.

Nothing here is rigorous and nothing comes from the prover or the checker: it is a plain comparison with a simulation.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np

from early_alignment import Dataset, simulate

TOLERANCE = 1e-11
SLACK = 1e-6
"""Relative: what a flow at that tolerance may be off by, generously; the stated bounds have far more room."""


class Witness:
    """A simulation from t = 0 on, whose states are available at any times."""

    def __init__(self, inputs: list[list[str]], labels: list[str], neurons: list[list[str]]) -> None:
        self.data = Dataset.from_arrays(inputs, labels)
        rows = np.array([[float(Fraction(entry)) for entry in row] for row in neurons])
        self.a, self.w = rows[:, 0].copy(), rows[:, 1:].copy()
        exact = [[Fraction(entry) for entry in row] for row in neurons]
        self.surplus = np.array([float(a * a - u * u - v * v) for a, u, v in exact])
        self.known: dict[float, np.ndarray] = {}

    def states(self, times: list[float]) -> dict[float, np.ndarray]:
        """Rows (w, a) of all neurons at each of the times."""
        wanted = sorted(set(times) - set(self.known))
        if wanted:
            found: list[np.ndarray] = []
            simulate(
                self.data,
                self,
                wanted[-1],
                tolerance=TOLERANCE,
                times=[0.0, *[time for time in wanted if time > 0]],
                observe=lambda engine: found.append(engine.state.neurons()),
            )
            self.known.update(zip([0.0, *[time for time in wanted if time > 0]], found, strict=True))
        return {time: self.known[time] for time in times}


def contradictions(certificate: dict[str, Any], witness: Witness) -> list[str]:
    """What the certificate says and the simulation does not show."""
    X, y = witness.data.X, witness.data.y
    early = {name: float(Fraction(text)) for name, text in certificate["early"].items()}
    trap = {name: float(Fraction(text)) for name, text in certificate["trap"].items()}
    grid = [float(t) for t in np.linspace(0, 80, 401)]
    states = witness.states([*grid, early["time"], early["activation"], early["death"]])
    live = (witness.a > 0) & (witness.w @ X.T > 0).any(axis=1)
    H, b = X.T @ X / len(y), X.T @ y / len(y)
    beta = np.linalg.solve(H, b)
    wrong = []

    def active(time: float) -> np.ndarray:
        """A dead neuron lies on a hyperplane, on either side of it by rounding."""
        w = states[time][:, :-1]
        return w @ X.T > 1e-9 * np.linalg.norm(w, axis=1)[:, None] * np.linalg.norm(X, axis=1)

    if not active(early["activation"])[live].all():
        wrong.append("a live neuron is not active on all points at early.activation")
    if active(early["death"])[witness.a < 0].any():
        wrong.append("a neuron with a < 0 is active at early.death")
    at = states[early["time"]][live]
    # 2 (1 - cos psi) = ||omega - b/r||^2 + 1 - ||omega||^2, without cancellation: a^2 - ||w||^2 is a constant
    gap = np.sum((at[:, :-1] / at[:, -1:] - b / np.linalg.norm(b)) ** 2, axis=1)
    short = (gap + witness.surplus[live] / at[:, -1] ** 2) / 2
    if np.sqrt(float(np.max(short / (2 - short)))) > early["tangent"] * (1 + SLACK):
        wrong.append("a live neuron is not within early.tangent")
    if np.sum(at[:, -1] ** 2) > early["size"] * (1 + SLACK):
        wrong.append("the network is larger than early.size")
    cells, out = _cells(certificate), None
    for time in sorted(states):
        if time < early["time"]:
            continue
        rows = states[time][live]
        S = rows[:, -1] @ rows[:, :-1]
        if not any(_holds(cell, S) for cell in cells):
            out = time
            break
    if out is None or out > trap["time"] + 80 / 400:
        wrong.append(f"S leaves the tube at {out}, later than trap.time")
    else:
        R, L = cells[-1][1], cells[-1][2]
        before = (R - L)[0] * (S - L)[1] - (R - L)[1] * (S - L)[0]
        if before < 0:
            wrong.append(f"S leaves the tube at t = {out}, but not by the last front edge")
        if (beta - S) @ H @ (beta - S) > trap["distance"] ** 2 * trap["mu"] * (1 + SLACK):
            wrong.append("S is further from the limit than trap.distance says")
    last = states[grid[-1]]
    outputs = np.maximum(last[:, :-1] @ X.T, 0).T @ last[:, -1]
    stated = np.array([float(Fraction(text)) for text in certificate["conclusion"]["outputs"]])
    loss = float(Fraction(certificate["conclusion"]["loss"]))
    if np.max(np.abs(outputs - stated)) > 1e-2 or abs(np.mean((outputs - y) ** 2) / 2 - loss) > 1e-3:
        wrong.append("the simulation does not come near the stated end")
    if np.max(np.abs(X @ beta - stated)) > 1e-12 or trap["mu"] > np.linalg.eigvalsh(H)[0] * (1 + 1e-12):
        wrong.append("the stated outputs or trap.mu are not those of least squares")
    return wrong


def _cells(certificate: dict[str, Any]) -> list[np.ndarray]:
    left, right = (
        [np.array([float(Fraction(entry)) for entry in row]) for row in certificate["tube"][side]]
        for side in ("left", "right")
    )
    first = [np.array([np.zeros(2), right[0], left[0]])]
    return first + [np.array([right[i - 1], right[i], left[i], left[i - 1]]) for i in range(1, len(left))]


def _holds(corners: np.ndarray, S: np.ndarray) -> bool:
    for A, B in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if (B - A)[0] * (S - A)[1] - (B - A)[1] * (S - A)[0] < -1e-9 * np.linalg.norm(B - A) * np.linalg.norm(S):
            return False
    return True


def witness_of(certificate: dict[str, Any]) -> Witness:
    """The simulation that belongs to a certificate's own data and start."""
    return Witness(certificate["data"]["inputs"], certificate["data"]["labels"], certificate["start"]["neurons"])


def copied(certificate: dict[str, Any]) -> dict[str, Any]:
    """A copy to be altered."""
    return json.loads(json.dumps(certificate))  # type: ignore[no-any-return]
