"""A plain, slow, trusted reference for the unreduced flow of a small network (theory.md 1, 2.6).

Independent on purpose: nothing here comes from `theory`. The loss is written by hand and its pull is the complex-step
derivative of that loss, so that an error in the symbolic model cannot agree with itself. Every neuron is integrated
by itself with SciPy's DOP853. The integration stops at each event (a preactivation vanishes, a sliding slope reaches
the end of its interval), puts the neuron on its hyperplane and continues with the new slopes. Events are searched for
at several times within each step, so that a function that vanishes twice between its ends is found as well.

Conventions of theory.md 2.6: parallel points share one hyperplane; between two sides that push towards it a neuron
slides with the least-norm drift; a ReLU neuron with no drift left stays where it is (regular solutions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# The step of the complex-step derivative: so small that the truncation error vanishes in double precision.
COMPLEX_STEP = 1e-30
# What an inner product of unit vectors may be off by for each coordinate, with a few operations in between.
ROUNDING = 32 * float(np.finfo(float).eps)
# Samples within a step: between two of them a path of degree 7 seldom turns twice.
SAMPLES = 8


@dataclass(frozen=True)
class HandwrittenLoss:
    """A loss l(h, y) as a complex function of h, and what is known of it by hand.

    `slope_at_zero` is the pull at h = 0 divided by the label, `curvature` the largest l'', infinite where there
    is none, and `largest_pull` the largest |dl/dh|, None where there is none.
    """

    value: Callable[[NDArray[np.complex128], Array], NDArray[np.complex128]]
    slope_at_zero: Fraction
    curvature: float
    largest_pull: float | None = None


HANDWRITTEN_LOSSES = {
    "square": HandwrittenLoss(lambda h, y: (h - y) ** 2 / 2, Fraction(1), 1.0),
    # l'' = s (1 - s) with s = 1/(1 + e^{yh})
    "logistic": HandwrittenLoss(lambda h, y: np.log1p(np.exp(-y * h)), Fraction(1, 2), 0.25, 1.0),
    "exponential": HandwrittenLoss(lambda h, y: np.exp(-y * h), Fraction(1), np.inf),
}


@dataclass(frozen=True)
class ReferenceEvent:
    """A change of one neuron's activation: when, which neuron, which points (indices), and what it did."""

    time: float
    neuron: int
    points: tuple[int, ...]
    kind: str  # "cross", "slide", "leave" or "die"


@dataclass(frozen=True)
class ReferenceFlow:
    """The sampled trajectory: times (T,), output weights a (T, m), input weights w (T, m, d), and its events.

    `path` gives the neurons (T, m, d+1), rows (w, a), at any times (T,) of the run.
    """

    times: Array
    a: Array
    w: Array
    events: tuple[ReferenceEvent, ...]
    right_hand_sides: int
    path: Callable[[Array], Array]

    def sampled(self, times: Array) -> ReferenceFlow:
        """The same run at other times, from its dense output."""
        z = self.path(times)
        return replace(self, times=times, a=z[..., -1], w=z[..., :-1])

    def first_event_time(self) -> float:
        """The time of the first event, infinity when there is none."""
        return min((event.time for event in self.events), default=float("inf"))


def network_outputs(X: Array, a: Array, w: Array, leak: float = 0.0) -> Array:
    """h(x_k) = sum_j a_j max(z, leak z), z = <w_j, x_k>; X (n, d), a (..., m), w (..., m, d); gives (..., n)."""
    preactivation = w @ X.T
    return np.asarray((a[..., None, :] @ np.maximum(preactivation, leak * preactivation))[..., 0, :])


def mean_loss(X: Array, y: Array, a: Array, w: Array, loss: str = "square", leak: float = 0.0) -> Array:
    """L = (1/n) sum_k l(h(x_k), y_k) for parameters a (..., m), w (..., m, d)."""
    h = network_outputs(X, a, w, leak)
    return np.mean(HANDWRITTEN_LOSSES[loss].value(np.asarray(h, dtype=np.complex128), y).real, axis=-1)


def handwritten_pull(h: Array, y: Array, loss: str = "square") -> Array:
    """-dl/dh at (h, y), by a complex step through the handwritten loss; h and y (n,)."""
    ahead = np.asarray(h + 1j * COMPLEX_STEP, dtype=np.complex128)
    return -HANDWRITTEN_LOSSES[loss].value(ahead, y).imag / COMPLEX_STEP


def correlation(X: Array, y: Array, w: Array, loss: str = "square", leak: float = 0.0) -> Array:
    """G(w) = (1/n) sum_k p_k(0) max(z_k, leak z_k), z_k = <w, x_k>, for weights w (..., d); gives (...)."""
    outputs = network_outputs(X, np.ones(1), w[..., None, :], leak)
    return np.asarray(outputs @ handwritten_pull(np.zeros(len(y)), y, loss) / len(y))


@dataclass
class _Sides:
    """The hyperplanes and the side every neuron is on. `side` (m, H) in {-1, 0, 1}; 0 means sliding."""

    X: Array
    y: Array
    leak: float
    loss: str
    multiple: float
    frozen: bool
    normals: Array  # (H, d), unit
    owner: NDArray[np.intp]  # (n,): the hyperplane of each point
    orientation: Array  # (n,): +-1, the sign of x_k along its hyperplane's normal
    side: NDArray[np.int64]
    dead: NDArray[np.bool_]

    def pulls(self, z: Array) -> Array:
        """p (..., n) for neurons z (..., m, d+1), rows (w, a): at h = 0 when frozen, else at the network's outputs."""
        h = np.zeros(len(self.y)) if self.frozen else network_outputs(self.X, z[..., -1], z[..., :-1], self.leak)
        return self.multiple * handwritten_pull(h, self.y, self.loss)

    def slopes(self, side: NDArray[np.int64]) -> Array:
        """The slope of every point for sides (..., H); sliding hyperplanes count as their negative side."""
        upward = np.where(side[..., self.owner] > 0, 1.0, -1.0) * self.orientation
        return np.where(upward > 0, 1.0, self.leak)

    def jump(self, p: Array, hyperplane: int) -> Array:
        """The drift on the positive side minus the drift on the negative side, a vector (d,)."""
        members = self.owner == hyperplane
        weights = (1 - self.leak) * p[members] * self.orientation[members]
        return np.asarray(weights @ self.X[members] / len(self.y))

    def face(self, neuron: int) -> _Face:
        """The face that the neuron slides on: the whole space when it does not slide."""
        sliding = np.flatnonzero(self.side[neuron] == 0)
        normals = self.normals[sliding]
        inverse = np.linalg.pinv(normals)
        base = self.slopes(self.side[neuron])[:, None] * self.X / len(self.y)
        lengths = (1 - self.leak) * np.linalg.norm(self.X, axis=1) / len(self.y)
        return _Face(sliding, base @ (np.eye(len(inverse)) - inverse @ normals), -base @ inverse,
                     lengths[:, None] * (self.owner[:, None] == sliding))  # fmt: skip


@dataclass(frozen=True)
class _Face:
    """The k hyperplanes that a neuron slides on. The matrices are multiplied from the left by the pulls p (n,).

    The drift is D = D' + sum_h theta_h c_h normal_h: D' is that of the negative sides, c_h normal_h the jump at a
    hyperplane, and theta_h the position of the slope there. <D, normal_h> = 0 for all h makes D the projection of D'.
    """

    hyperplanes: NDArray[np.intp]  # (k,)
    drift: Array  # (n, d), gives D
    across: Array  # (n, k), gives theta_h c_h
    jumps: Array  # (n, k), gives c_h

    def positions(self, p: Array) -> Array:
        """theta (..., k) for pulls (..., n): 0 is the negative side's slope, 1 the positive side's."""
        jumps = p @ self.jumps
        return np.divide(p @ self.across, jumps, out=np.zeros_like(jumps), where=jumps != 0.0)


def parallel_classes(X: Array) -> tuple[Array, NDArray[np.intp], Array]:
    """Unit normals (H, d), the hyperplane of each point (n,), and the orientation of each point (n,)."""
    normals: list[Array] = []
    owner = np.zeros(len(X), dtype=np.intp)
    orientation = np.zeros(len(X))
    for k, x in enumerate(X):
        unit = x / np.linalg.norm(x)
        for h, normal in enumerate(normals):
            cosine = float(normal @ unit)
            # Parallel up to rounding: the residual of a unit vector is at most a few ulp per coordinate.
            if np.linalg.norm(unit - np.sign(cosine) * normal) <= 8 * np.finfo(float).eps * len(x):
                owner[k], orientation[k] = h, np.sign(cosine)
                break
        else:
            owner[k], orientation[k] = len(normals), 1.0
            normals.append(unit)
    return np.array(normals), owner, orientation


def reference_flow(
    X: Array,
    y: Array,
    a: Array,
    w: Array,
    times: Array,
    loss: str = "square",
    leak: float = 0.0,
    frozen: bool = False,
    rtol: float = 1e-12,
    max_events: int = 10_000,
    multiple: float = 1.0,
) -> ReferenceFlow:
    """Integrate da_j/dt = <w_j, D_j>, dw_j/dt = a_j D_j from (a (m,), w (m, d)), sampled at increasing `times`.

    The start is at `times[0]`. `frozen=True` keeps the network's output at 0 in the pulls (the early-alignment flow);
    the loss descended is `multiple` times the mean loss. The absolute tolerance is `rtol` times a thousandth of the
    largest initial weight, so that small scales are integrated as well as large ones.

    Raises ValueError when a neuron starts exactly on a hyperplane (the start is then not regular) and RuntimeError when
    the integrator fails or `max_events` is exceeded.
    """
    X, y, times = np.asarray(X, float), np.asarray(y, float), np.asarray(times, float)
    z = np.concatenate([np.asarray(w, float), np.asarray(a, float)[:, None]], axis=1)
    normals, owner, orientation = parallel_classes(X)
    side = np.sign(z[:, :-1] @ normals.T).astype(np.int64)
    if np.any(side == 0):
        neuron, hyperplane = np.argwhere(side == 0)[0]
        raise ValueError(f"neuron {neuron} starts on hyperplane {hyperplane}; the reference needs a regular start")
    sides = _Sides(X, y, leak, loss, multiple, frozen, normals, owner, orientation, side, np.zeros(len(z), dtype=bool))
    tolerances = (rtol, 1e-3 * rtol * float(np.max(np.abs(z))))
    events: list[ReferenceEvent] = []
    start, t, evaluations = z, float(times[0]), 0
    steps: list[tuple[float, Callable[[Array], Array]]] = []
    _bury(sides, t, events)
    while t < times[-1]:
        leg, hit = _Leg(sides, t, z, float(times[-1]), *tolerances), None
        while hit is None and t < times[-1]:
            hit = leg.step()
            t = leg.solver.t if hit is None else hit[0]
            steps.append((t, leg.pieces[-1]))
        evaluations += leg.solver.nfev
        if hit is not None:
            z = leg.states(np.array([t]))[0]
            _settle(sides, z, hit, events)
            if len(events) > max_events:
                raise RuntimeError(f"more than {max_events} events by t = {t}")
    path = partial(_along, start, steps)
    z = path(times)
    return ReferenceFlow(times, z[..., -1], z[..., :-1], tuple(events), evaluations, path)


def _along(start: Array, steps: list[tuple[float, Callable[[Array], Array]]], times: Array) -> Array:
    """The neurons (T, m, d+1) at times (T,), from the end and the dense output of every step."""
    found = np.tile(start, (len(times), 1, 1))
    ends = np.minimum.accumulate([end for end, _ in reversed(steps)])[::-1]  # an event may be before its step began
    for i in np.unique(places := np.searchsorted(ends, times)) if steps else ():
        found[places == i] = steps[i][1](times[places == i]).T.reshape(-1, *start.shape)
    return found


class _Leg:
    """The flow while no neuron changes sides: SciPy's DOP853 with fixed slopes, so that what it integrates is smooth.

    The slopes stay as they are where a step extends beyond the event that ends the leg.
    """

    def __init__(self, sides: _Sides, t: float, z: Array, end: float, rtol: float, atol: float) -> None:
        from scipy.integrate import DOP853

        self.sides = sides
        self.faces = {j: sides.face(j) for j in np.flatnonzero(~sides.dead).tolist()}
        self.sliding = {j: face for j, face in self.faces.items() if len(face.hyperplanes)}
        self.maps = self._maps(*z.shape)
        self.at_zero = sides.pulls(np.zeros(z.shape))
        self.solver = DOP853(self._velocity, t, z.ravel(), end, rtol=rtol, atol=atol)
        self.pieces: list[Callable[[Array], Array]] = []
        self.samples, self.distances = np.array([t]), self._distances(z[None])

    def _maps(self, m: int, size: int) -> Array:
        """(m, (d+1) n, d+1): from each neuron to its part of the gradients of the outputs, divided by n."""
        maps = np.zeros((m, size, len(self.sides.y), size))
        for j, face in self.faces.items():
            maps[j, :-1, :, -1] = face.drift.T
            maps[j, -1, :, :-1] = face.drift
        return maps.reshape(m, -1, size)

    def _velocity(self, _t: float, z: Array) -> Array:
        """z' = sum_k p_k grad h(x_k)/n; h(x_k) is quadratic in z, and thus <z, grad h(x_k)>/2."""
        sides, n = self.sides, len(self.sides.y)
        gradients = (self.maps @ z.reshape(len(self.maps), -1, 1)).reshape(-1, n)
        if sides.frozen:
            return gradients @ self.at_zero
        return gradients @ (sides.multiple * handwritten_pull(n / 2 * (z @ gradients), sides.y, sides.loss))

    def step(self) -> tuple[float, int, int] | None:
        """Take a step; time, neuron and hyperplane of the first event in it, or just before where a distance turned."""
        message = self.solver.step()
        if self.solver.status == "failed":
            raise RuntimeError(f"the reference integrator failed at t = {self.solver.t}: {message}")
        self.pieces = [*self.pieces[-1:], self.solver.dense_output()]
        samples = np.linspace(self.solver.t_old, self.solver.t, SAMPLES + 1)[1:]
        self.samples = np.append(self.samples[-2:], samples)
        self.distances = np.concatenate([self.distances[-2:], self._distances(self.states(samples))])
        return min(self._hits(), default=None)

    def states(self, times: Array) -> Array:
        """The neurons (T, m, d+1) at times (T,), which are all in the last step or all in the one before it."""
        piece = self.pieces[-1 if np.all(times > self.solver.t_old) else 0]
        return piece(times).T.reshape(len(times), len(self.maps), self.maps.shape[-1])

    def _distances(self, z: Array) -> Array:
        """(T, m, H) for neurons (T, m, d+1): positive until the neuron crosses the hyperplane, or leaves it.

        The preactivation on the neuron's own side, plus its rounding: a neuron may run along a hyperplane forever with
        the drift of one side (theory.md 6.1), where without the allowance every ulp beyond zero would be an event. On
        the hyperplane, how far the position of the slope is from the ends of its interval.
        """
        sides, w = self.sides, z[..., :-1]
        rounding = ROUNDING * w.shape[-1] * np.linalg.norm(w, axis=-1, keepdims=True)
        distances = sides.side * (w @ sides.normals.T) + rounding
        distances[:, sides.dead] = np.inf
        for j, face in self.sliding.items():
            positions = face.positions(sides.pulls(z))
            distances[:, j, face.hyperplanes] = np.minimum(positions, 1.0 - positions)
        return distances

    def _hits(self) -> Iterator[tuple[float, int, int]]:
        """The events between the samples, at most one for each pair of them, neuron and hyperplane.

        Between two samples a distance may dip below zero where it turns: a turn that is nearer to zero than to the
        samples around it is examined more closely.
        """
        from scipy.optimize import brentq, minimize_scalar

        samples, before, here, after = self.samples, self.distances[:-2], self.distances[1:-1], self.distances[2:]
        passed = (self.distances[:-1] >= 0.0) & (self.distances[1:] < 0.0)
        turned = (here >= 0.0) & (here <= np.minimum(before, after)) & (2 * here < np.maximum(before, after))
        brackets = [(samples[i], samples[i + 1], j, h) for i, j, h in np.argwhere(passed)]
        for i, j, h in np.argwhere(turned):
            bounds = (samples[i], samples[i + 2])
            lowest = float(minimize_scalar(self._distance, bounds=bounds, args=(j, h), method="bounded").x)
            if self._distance(lowest, j, h) < 0.0:
                brackets.append((samples[i], lowest, j, h))
        for low, high, j, h in brackets:
            yield float(brentq(self._distance, low, high, (j, h), xtol=4 * np.finfo(float).eps)), int(j), int(h)

    def _distance(self, time: float, neuron: int, hyperplane: int) -> float:
        return float(self._distances(self.states(np.array([time])))[0, neuron, hyperplane])


def _settle(sides: _Sides, z: Array, hit: tuple[float, int, int], events: list[ReferenceEvent]) -> None:
    """Decide what the neuron does at its event, and the others whose events rounding put just before this time."""
    t, *first = hit
    due, settled = [tuple(first)], set()
    while due:
        for neuron, hyperplane in due:
            _resolve(sides, z, neuron, hyperplane, t, events)
        settled.update(due)
        due = [pair for pair in _overdue(sides, z) if pair not in settled]
    _bury(sides, t, events)


def _overdue(sides: _Sides, z: Array) -> list[tuple[int, int]]:
    """Events (neuron, hyperplane) that rounding put just before this time.

    Two neurons that reach their hyperplanes together do so up to rounding: the one that is late by an ulp starts the
    next leg past its zero and still falling, so that the integrator would see no change of sign.
    """
    p = sides.pulls(z)
    late: list[tuple[int, int]] = []
    for j in np.flatnonzero(~sides.dead).tolist():
        a, w, face = z[j, -1], z[j, :-1], sides.face(j)
        past = sides.side[j] * (sides.normals @ w) <= -ROUNDING * len(w) * np.linalg.norm(w) / 2
        falling = sides.side[j] * a * (sides.normals @ (p @ face.drift)) < 0
        late += [(j, h) for h in np.flatnonzero(past & falling).tolist()]
        positions = zip(face.hyperplanes.tolist(), face.positions(p), strict=True)
        late += [(j, h) for h, position in positions if not 0 < position < 1]
    return late


def _resolve(sides: _Sides, z: Array, j: int, hyperplane: int, t: float, events: list[ReferenceEvent]) -> None:
    """Decide what neuron j does at an event on `hyperplane`: cross it, slide on it, or leave it."""
    a, w = z[:, -1], z[:, :-1]  # views: the neuron is put on its hyperplane in place
    p = sides.pulls(z)
    previous = sides.side[j].copy()
    attracting = a[j] * float(sides.jump(p, hyperplane) @ sides.normals[hyperplane]) < 0
    if not attracting and previous[hyperplane]:
        sides.side[j, hyperplane] = -previous[hyperplane]
    else:
        _least_norm_sides(sides, j, np.union1d(np.flatnonzero(previous == 0), [hyperplane]), float(a[j]), p)
    held = np.union1d(np.flatnonzero(sides.side[j] == 0), [hyperplane])
    w[j] -= np.linalg.pinv(sides.normals[held]) @ (sides.normals[held] @ w[j])
    for h in range(len(sides.normals)):
        if sides.side[j, h] != previous[h]:
            kind = "slide" if sides.side[j, h] == 0 else "leave" if previous[h] == 0 else "cross"
            points = tuple(np.flatnonzero(sides.owner == h).tolist())
            events.append(ReferenceEvent(t, j, points, kind))


def _least_norm_sides(sides: _Sides, j: int, candidates: NDArray[np.intp], a: float, p: Array) -> None:
    """Set the sides of neuron j on the attracting `candidates` by the least-norm drift over their slopes."""
    from scipy.optimize import lsq_linear

    sides.side[j, candidates] = -1
    base = (sides.slopes(sides.side[j]) * p) @ sides.X / len(sides.y)
    jumps = np.stack([sides.jump(p, int(h)) for h in candidates], axis=1)
    position = lsq_linear(jumps, -base, bounds=(0.0, 1.0), method="bvls", tol=1e-14).x
    drift = base + jumps @ position
    for h, value in zip(candidates, position, strict=True):
        normal_speed = a * float(drift @ sides.normals[h])
        # Rounding of the active-set solve: a slope this close to an end of its interval counts as at the end.
        at_end = value <= 1e-12 or value >= 1 - 1e-12
        sides.side[j, h] = (1 if value > 0.5 else -1) if at_end or abs(normal_speed) > 1e-9 * abs(a) else 0


def _bury(sides: _Sides, t: float, events: list[ReferenceEvent]) -> None:
    """Mark the ReLU neurons that no point drives any more; they stay dead (regular solutions, theory.md 2.6)."""
    if sides.leak != 0.0:
        return
    for j in np.flatnonzero(~sides.dead):
        if not np.any(sides.side[j] == 0) and not np.any(sides.slopes(sides.side[j])):
            sides.dead[j] = True
            events.append(ReferenceEvent(t, int(j), (), "die"))
