"""An independent frozen flow of one neuron, slow and plain: SciPy's DOP853 with events, restarted at each of them.

It shares nothing with `numerics.frozen*`: pulls are written by hand, the drift is summed point by point, and the motion
on hyperplanes follows from Filippov's two-sided rule by trying every combination of sides, not from a least norm.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Array = NDArray[np.float64]
PULL_AT_ZERO = {"square": lambda y: y, "logistic": lambda y: y / 2}


class NotUnique(Exception):
    """No choice of sides, or more than one, continues the flow."""


@dataclass
class Trace:
    """The result: w and a at the end, the event times, the hyperplanes the neuron slides on at the end."""

    w: Array
    a: float
    time: float
    event_times: list[float] = field(default_factory=list)
    sliding: tuple[int, ...] = ()


class Oracle:
    """The frozen flow on data X (n, d), y (n,), hyperplanes grouped by direction."""

    def __init__(self, X: Array, y: Array, loss: str, leak: float) -> None:
        self.X, self.p, self.leak = X, PULL_AT_ZERO[loss](y), leak
        self.members: list[list[int]] = []
        for k, x in enumerate(X):
            if self.p[k] == 0:
                continue
            for group in self.members:
                other = X[group[0]]
                if abs(abs(x @ other) - np.linalg.norm(x) * np.linalg.norm(other)) < 1e-12:
                    group.append(k)
                    break
            else:
                self.members.append([k])
        self.normals = np.array([X[group[0]] for group in self.members]).reshape(-1, X.shape[1])

    def part(self, group: int, side: int) -> Array:
        """What one hyperplane's points add to the drift of a neuron strictly on one side of it."""
        total = np.zeros(self.X.shape[1])
        for k in self.members[group]:
            z = side * (self.X[k] @ self.normals[group])
            total += (1.0 if z > 0 else self.leak) * self.p[k] * self.X[k] / len(self.X)
        return total

    def jumps_up(self, group: int) -> bool:
        return (self.part(group, 1) - self.part(group, -1)) @ self.normals[group] > 0

    def drift(self, sides: list[int]) -> tuple[Array, Array]:
        """D of a neuron that keeps to the hyperplanes of side 0, and the weights of their positive sides."""
        base = sum((self.part(i, s) for i, s in enumerate(sides) if s), np.zeros(self.X.shape[1]))
        on = [i for i, s in enumerate(sides) if s == 0]
        if not on:
            return base, np.zeros(0)
        low = base + sum(self.part(i, -1) for i in on)
        rows = np.array([self.part(i, 1) - self.part(i, -1) for i in on])
        normals = self.normals[on]
        weights = np.linalg.lstsq(normals @ rows.T, -normals @ low, rcond=None)[0]
        return low + weights @ rows, weights

    def choose(self, sides: list[int], zero: dict[int, tuple[int, ...]], sign: int) -> list[int]:
        """The one combination of allowed sides on `zero` with which the neuron's own motion agrees."""
        good = []
        for choice in itertools.product(*zero.values()):
            trial = list(sides)
            for i, side in zip(zero, choice, strict=True):
                trial[i] = side
            D, weights = self.drift(trial)
            on = [i for i, s in enumerate(trial) if s == 0]
            size = np.abs(self.p).max() * np.abs(self.X).max() ** 2
            moves_off = all(trial[i] * sign * (D @ self.normals[i]) > 1e-11 * size for i in zero if trial[i])
            stays = all(abs(D @ self.normals[i]) < 1e-11 * size for i in on)
            inside = ((weights > -1e-9) & (weights < 1 + 1e-9)).all()
            if moves_off and stays and inside:
                good.append(trial)
        if len(good) != 1:
            raise NotUnique(f"{len(good)} continuations of {sides} at {zero}")
        return good[0]

    def run(self, a: float, w: Array, horizon: float) -> Trace:
        state = np.append(w, a)
        sides = [int(np.sign(v)) for v in self.normals @ w]
        trace = Trace(w, a, 0.0)
        rate = max(np.linalg.norm(self.p[:, None] * self.X, axis=1).mean(), 1e-300)
        while trace.time < horizon:
            D, _ = self.drift(sides)
            watched = [i for i, s in enumerate(sides) if s]
            on = [i for i, s in enumerate(sides) if s == 0]

            def motion(_t, z, D=D):
                return np.append(z[-1] * D, z[:-1] @ D)

            def watch(i, side):
                def event(_t, z):
                    return side * (z[:-1] @ self.normals[i])

                event.terminal, event.direction = True, -1
                return event

            def vanishing(_t, z):
                return z[-1]

            vanishing.terminal = True
            events = [watch(i, sides[i]) for i in watched] + ([vanishing] if on else [])
            solution = solve_ivp(
                motion, (trace.time, horizon), state, "DOP853", events=events, rtol=1e-13,
                atol=1e-14 * np.abs(state).max(), max_step=0.05 / rate,
            )  # fmt: skip
            trace.time, state = float(solution.t[-1]), solution.y[:, -1]
            if solution.status == 0:
                break
            hits = [i for i, times in zip(watched, solution.t_events, strict=False) if len(times)]
            if not hits:
                raise NotUnique("a vanishes on a sliding face")
            if any(np.abs(self.part(i, 1) - self.part(i, -1)).max() > 1e-12 for i in hits):
                trace.event_times.append(trace.time)  # where opposite pulls cancel nothing happens
            sign = int(np.sign(state[-1]))
            zero: dict[int, tuple[int, ...]] = dict.fromkeys(on, (-1, 0, 1))
            for i in hits:
                repels = self.jumps_up(i) == (sign > 0)
                zero[i] = (-sides[i],) if repels else (0, -sides[i])
            sides = self.choose(sides, zero, sign)
            on = [i for i, s in enumerate(sides) if s == 0]
            if on:  # put the neuron onto the face, so that it does not drift off it
                rows = self.normals[on]
                state[:-1] -= np.linalg.pinv(rows) @ (rows @ state[:-1])
        trace.w, trace.a = state[:-1], float(state[-1])
        trace.sliding = tuple(i for i, s in enumerate(sides) if s == 0)
        return trace
