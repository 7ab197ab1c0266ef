"""A plain, slow, trusted reference for the unreduced flow of a small network (theory.md 1, 2.6).

Independent on purpose: nothing here comes from `theory`. The loss is written by hand and its pull is the complex-step
derivative of that loss, so that an error in the symbolic model cannot agree with itself. Every neuron is integrated as
it stands with SciPy's DOP853. The integration stops at each event (a preactivation vanishes, a sliding slope reaches
the end of its interval), puts the neuron on its hyperplane and goes on with the new slopes. SciPy looks for events at
the ends of its steps; a function that vanishes twice in between is found by a look within each step.

Conventions of theory.md 2.6: parallel points share one hyperplane; between two sides that push towards it a neuron
slides with the least-norm drift; a ReLU neuron with no drift left stays where it is (regular solutions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Watched = tuple[Callable[[float, Array], Any], int, int]
"""A function of time and state(s), (dim,) or (dim, times), that vanishes at an event of a neuron on a hyperplane."""

# The step of the complex-step derivative: so small that the truncation error vanishes in double precision.
COMPLEX_STEP = 1e-30
# What an inner product of unit vectors may be off by for each coordinate, with a few operations in between.
ROUNDING = 32 * float(np.finfo(float).eps)
# Looks within a step: between two of them a path of degree 7 seldom turns twice.
LOOKS = 8
HANDWRITTEN_LOSSES: dict[str, Callable[[NDArray[np.complex128], Array], NDArray[np.complex128]]] = {
    "square": lambda h, y: (h - y) ** 2 / 2,
    "logistic": lambda h, y: np.log1p(np.exp(-y * h)),
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
    """The sampled trajectory: times (T,), output weights a (T, m), input weights w (T, m, d), and its events."""

    times: Array
    a: Array
    w: Array
    events: tuple[ReferenceEvent, ...]
    right_hand_sides: int

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
    return np.mean(HANDWRITTEN_LOSSES[loss](np.asarray(h, dtype=np.complex128), y).real, axis=-1)


def handwritten_pull(h: Array, y: Array, loss: str = "square") -> Array:
    """-dl/dh at (h, y), by a complex step through the handwritten loss; h and y (n,)."""
    ahead = np.asarray(h + 1j * COMPLEX_STEP, dtype=np.complex128)
    return -HANDWRITTEN_LOSSES[loss](ahead, y).imag / COMPLEX_STEP


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

    def pulls(self, a: Array, w: Array) -> Array:
        """p (n,): at h = 0 when frozen, else at the network's outputs; of the loss times its multiple."""
        h = np.zeros(len(self.y))
        if not self.frozen:
            preactivation = w @ self.X.T
            h = a @ np.maximum(preactivation, self.leak * preactivation)
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

    def drift(self, neuron: int, p: Array) -> tuple[Array, dict[int, float]]:
        """The drift (d,) of one neuron and the positions in (0, 1) of its sliding hyperplanes' slopes.

        Position 1 is the positive side's slope, 0 the negative side's. Sliding positions solve <D, normal> = 0.
        """
        base = (self.slopes(self.side[neuron]) * p) @ self.X / len(self.y)
        sliding = np.flatnonzero(self.side[neuron] == 0)
        if len(sliding) == 0:
            return base, {}
        jumps = np.stack([self.jump(p, h) for h in sliding.tolist()], axis=1)  # (d, sliding)
        normals = self.normals[sliding]
        position = np.linalg.lstsq(normals @ jumps, -normals @ base, rcond=None)[0]
        return base + jumps @ position, dict(zip(sliding.tolist(), position.tolist(), strict=True))


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

    The start is at `times[0]`.

    `frozen=True` keeps the network's output at 0 in the pulls (the early-alignment flow); the loss descended is
    `multiple` times the mean loss. The absolute tolerance is
    `rtol` times a thousandth of the largest initial weight, so that small scales are integrated as well as large ones.

    Raises ValueError when a neuron starts exactly on a hyperplane (the start is then not regular) and RuntimeError when
    the integrator fails or `max_events` is exceeded.
    """
    from scipy.integrate import solve_ivp

    X, y, times = np.asarray(X, float), np.asarray(y, float), np.asarray(times, float)
    a, w = np.array(a, float), np.array(w, float)
    m, d = w.shape
    normals, owner, orientation = parallel_classes(X)
    side = np.sign(w @ normals.T).astype(np.int64)
    if np.any(side == 0):
        neuron, hyperplane = np.argwhere(side == 0)[0]
        raise ValueError(f"neuron {neuron} starts on hyperplane {hyperplane}; the reference needs a regular start")
    sides = _Sides(X, y, leak, loss, multiple, frozen, normals, owner, orientation, side, np.zeros(m, dtype=bool))
    state = np.concatenate([a, w.ravel()])
    atol = 1e-3 * rtol * float(np.max(np.abs(state)))
    sampled = np.empty((len(times), len(state)))
    events: list[ReferenceEvent] = []
    t, done, evaluations = float(times[0]), 0, 0
    _bury(sides, state, t, events)
    while done < len(times):
        watch = _event_functions(sides, m, d)
        leg = solve_ivp(
            _velocity(sides, m, d),
            (t, float(times[-1])),
            state,
            method="DOP853",
            rtol=rtol,
            atol=atol,
            dense_output=True,
            events=[function for function, _, _ in watch],
        )
        evaluations += leg.nfev
        if leg.status < 0:
            raise RuntimeError(f"the reference integrator failed at t = {leg.t[-1]}: {leg.message}")
        t, state = float(leg.t[-1]), np.array(leg.y[:, -1])
        hit = [(j, h) for found, (_, j, h) in zip(leg.t_events, watch, strict=True) if len(found)]
        passed = _first_passed(leg.sol, leg.t, watch)
        if passed is not None:
            t, *hit = passed
            state = leg.sol(t)
        last = int(np.searchsorted(times, t, side="right"))
        if last > done:
            sampled[done:last] = leg.sol(times[done:last]).T
            done = last
        if hit:
            resolved: set[tuple[int, int]] = set()
            while hit:
                for neuron, hyperplane in hit:
                    _resolve(sides, state, neuron, hyperplane, t, events)
                resolved.update(hit)
                hit = [pair for pair in _overdue(sides, state) if pair not in resolved]
            _bury(sides, state, t, events)
            if len(events) > max_events:
                raise RuntimeError(f"more than {max_events} events by t = {t}")
    return ReferenceFlow(times, sampled[:, :m], sampled[:, m:].reshape(-1, m, d), tuple(events), evaluations)


def _velocity(sides: _Sides, m: int, d: int) -> Callable[[float, Array], Array]:
    """The right-hand side, a function of time and state, for as long as no neuron changes its side."""
    slopes = sides.slopes(sides.side)
    slopes[sides.dead] = 0.0
    sliding = np.flatnonzero((sides.side == 0).any(axis=1) & ~sides.dead).tolist()
    X, n = sides.X, len(sides.y)
    at_zero = sides.pulls(np.zeros(m), np.zeros((m, d)))

    def velocity(_t: float, z: Array) -> Array:
        a, w = z[:m], z[m:].reshape(m, d)
        p = at_zero if sides.frozen else sides.pulls(a, w)
        drifts = (slopes * p) @ X / n
        for j in sliding:
            drifts[j] = sides.drift(j, p)[0]
        return np.concatenate([(w * drifts).sum(axis=1), (a[:, None] * drifts).ravel()])

    return velocity


def _event_functions(sides: _Sides, m: int, d: int) -> list[Watched]:
    """One terminal event per live neuron and hyperplane: a vanishing preactivation, or a slope leaving its interval."""
    watch: list[Watched] = []
    for j in np.flatnonzero(~sides.dead).tolist():
        for h in range(len(sides.normals)):
            function = _slope_event(sides, j, h, m, d) if sides.side[j, h] == 0 else _crossing_event(sides, j, h, m, d)
            function.terminal = True  # type: ignore[attr-defined]
            # A neuron that has just arrived starts at zero and moves off: only the way back counts.
            function.direction = -1.0  # type: ignore[attr-defined]
            watch.append((function, int(j), h))
    return watch


def _first_passed(path: Callable[[Any], Array], steps: Array, watch: list[Watched]) -> tuple[Any, ...] | None:
    """The first event inside the steps of a leg, (time, (neuron, hyperplane)), or None when none was stepped over.

    `path` maps times to states, `steps` are the ends of the steps. Between two looks a function may still dip below
    zero where it turns: a turn that is nearer to zero than to the looks around it is looked at more closely.
    """
    from scipy.optimize import brentq, minimize_scalar

    shares = np.linspace(0.0, 1.0, LOOKS, endpoint=False)
    looks = np.append((steps[:-1, None] + np.diff(steps)[:, None] * shares).ravel(), steps[-1])
    states = path(looks)
    first: tuple[Any, ...] | None = None
    for function, j, h in watch:

        def value(t: float, function: Callable[[float, Array], Array] = function) -> float:
            return float(function(t, path(t)[:, None])[0])

        values = function(0.0, states)
        end = len(looks) - 1
        below = np.flatnonzero(values[1:end] < 0.0) + 1
        brackets = [(looks[below[0] - 1], looks[below[0]])] if len(below) else []
        for i in range(1, below[0] if len(below) else end):
            around = max(values[i - 1], values[i + 1])
            if values[i] <= min(values[i - 1], values[i + 1]) and 2 * values[i] < around:
                lowest = float(minimize_scalar(value, bounds=(looks[i - 1], looks[i + 1]), method="bounded").x)
                if value(lowest) < 0.0:
                    brackets.insert(0, (looks[i - 1], lowest))
                    break
        if brackets and values[0] > 0.0:
            time = float(brentq(value, *brackets[0], xtol=4 * np.finfo(float).eps))
            if first is None or time < first[0]:
                first = (time, (j, h))
    return first


def _crossing_event(sides: _Sides, j: int, h: int, m: int, d: int) -> Callable[[float, Array], Any]:
    """The preactivation on the neuron's own side, plus its rounding.

    A neuron may run along a hyperplane for ever with the drift of one side (theory.md 6.1): there its preactivation is
    pure rounding, and without the allowance every ulp beyond zero would be an event.
    """
    normal, side = sides.normals[h], float(sides.side[j, h])

    def preactivation(_t: float, z: Array) -> Any:
        w = z[m + j * d : m + (j + 1) * d]
        return side * (normal @ w) + ROUNDING * d * np.linalg.norm(w, axis=0)

    return preactivation


def _slope_event(sides: _Sides, j: int, h: int, m: int, d: int) -> Callable[[float, Array], Any]:
    def distance_to_the_interval_end(t: float, z: Array) -> Any:
        if z.ndim == 2:
            return np.array([distance_to_the_interval_end(t, column) for column in z.T])
        position = sides.drift(j, sides.pulls(z[:m], z[m:].reshape(m, d)))[1][h]
        return min(position, 1.0 - position)

    return distance_to_the_interval_end


def _overdue(sides: _Sides, state: Array) -> list[tuple[int, int]]:
    """Events (neuron, hyperplane) that rounding put just before this time.

    Two neurons that reach their hyperplanes together do so up to rounding: the one that is late by an ulp starts the
    next leg past its zero and still falling, so that the integrator would see no change of sign.
    """
    m, d = sides.side.shape[0], sides.normals.shape[1]
    a, w = state[:m], state[m:].reshape(m, d)
    p = sides.pulls(a, w)
    late: list[tuple[int, int]] = []
    for j in np.flatnonzero(~sides.dead):
        drift, positions = sides.drift(int(j), p)
        past = sides.side[j] * (sides.normals @ w[j]) <= -ROUNDING * d * np.linalg.norm(w[j]) / 2
        falling = sides.side[j] * a[j] * (sides.normals @ drift) < 0
        late += [(int(j), int(h)) for h in np.flatnonzero(past & falling)]
        late += [(int(j), h) for h, position in positions.items() if not 0 < position < 1]
    return late


def _resolve(sides: _Sides, state: Array, j: int, hyperplane: int, t: float, events: list[ReferenceEvent]) -> None:
    """Decide what neuron j does at an event on `hyperplane`: cross it, slide on it, or leave it."""
    m, d = sides.side.shape[0], sides.normals.shape[1]
    a, w = state[:m], state[m:].reshape(m, d)  # views: the neuron is put on its hyperplane in place
    was_sliding = sides.side[j, hyperplane] == 0
    p = sides.pulls(a, w)
    previous = sides.side[j].copy()
    attracting = a[j] * float(sides.jump(p, hyperplane) @ sides.normals[hyperplane]) < 0
    if not attracting and not was_sliding:
        sides.side[j, hyperplane] = -previous[hyperplane]
    else:
        _least_norm_sides(sides, j, np.union1d(np.flatnonzero(previous == 0), [hyperplane]), float(a[j]), p)
    face = np.flatnonzero(sides.side[j] == 0)
    held = np.union1d(face, [hyperplane])
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


def _bury(sides: _Sides, state: Array, t: float, events: list[ReferenceEvent]) -> None:
    """Mark the ReLU neurons that no point drives any more; they stay dead (regular solutions, theory.md 2.6)."""
    if sides.leak != 0.0:
        return
    for j in np.flatnonzero(~sides.dead):
        if not np.any(sides.side[j] == 0) and not np.any(sides.slopes(sides.side[j])):
            sides.dead[j] = True
            events.append(ReferenceEvent(t, int(j), (), "die"))
