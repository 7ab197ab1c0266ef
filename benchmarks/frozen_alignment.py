"""Frozen alignment of 10,000 neurons on the Stewart data: event-driven closed forms against SciPy's `solve_ivp`.

The truth is an event solution in 50 digits, written here by hand. The error of a method is the largest distance, over a
sample of neurons and the times in `TIMES`, between its directions w/||w|| and the true ones. It prints one
table. The integrators stop at the horizon; the closed form continues to every neuron's fate.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads: one thread for every method

import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

import mpmath
import numpy as np
from scipy.integrate import solve_ivp

from early_alignment import Dataset, frozen_alignment, make_start

NEURONS, SCALE, SEED = 10_000, 1e-3, 0
TIMES = (1.0, 4.0, 16.0, 70.0)  # the last pattern change of these neurons comes at about 69
TRUTH_SAMPLE = 40  # neurons solved in 50 digits
SINGLE_SAMPLE = 40  # neurons integrated one by one
VECTOR_SAMPLE = 200  # neurons integrated together while settings are scanned
TARGET = 1e-9
# For the integration of all neurons at once. The direction of the field jumps at every crossing of every neuron, so
# that steps shrink with the tolerance whatever the order of the method.
SETTINGS = (
    ("RK23", 1e-3), ("RK45", 1e-3), ("DOP853", 1e-3), ("LSODA", 1e-3), ("RK23", 1e-6), ("RK45", 1e-6), ("RK23", 1e-9),
    ("RK23", 1e-12), ("RK45", 2.3e-14), ("DOP853", 1e-13),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds for all the neurons, error, and what was really run."""

    method: str
    seconds: float
    error: float
    note: str


def exact_directions(data: Dataset, a: float, w: np.ndarray) -> np.ndarray:
    """Directions (T, 2) of one ReLU neuron in the plane at TIMES, by events solved in 50 digits (square loss)."""
    mpmath.mp.dps = 50
    to_mp = lambda value: mpmath.mpf(value.numerator) / value.denominator  # noqa: E731
    X = [mpmath.matrix([to_mp(v) for v in row]) for row in data.inputs]
    parts = [x * to_mp(label) / data.n for x, label in zip(X, data.labels, strict=True)]
    dot = lambda u, v: u[0] * v[0] + u[1] * v[1]  # noqa: E731
    z, size, now = mpmath.matrix([mpmath.mpf(float(v)) for v in w]), mpmath.mpf(a), mpmath.mpf(0)
    size = mpmath.sign(size) * mpmath.sqrt(dot(z, z))  # balanced, to all digits
    active, last, found = [dot(z, x) > 0 for x in X], None, []
    while True:
        D = sum((part for part, on in zip(parts, active, strict=True) if on), mpmath.matrix([0, 0]))
        r = mpmath.sqrt(dot(D, D))
        hits = []
        for k, x in enumerate(X):
            if k == last or r == 0:
                continue
            beta, gamma = dot(z, D) * dot(D, x) / r**2, size * dot(D, x) / r
            alpha = dot(z, x) - beta
            if beta + gamma == 0:
                continue
            root = alpha**2 - (beta + gamma) * (beta - gamma)
            if root >= 0:
                for sign in (1, -1):
                    E = (-alpha + sign * mpmath.sqrt(root)) / (beta + gamma)
                    if E > 1:
                        hits.append((mpmath.log(E) / r, k))
        step, hit = min(hits) if hits else (mpmath.inf, None)

        def at(t, z=z, size=size, D=D, r=r):
            if r == 0:
                return z, size
            along = dot(z, D) / r
            grown = size * mpmath.cosh(r * t) + along * mpmath.sinh(r * t)
            return z + ((mpmath.cosh(r * t) - 1) * along + size * mpmath.sinh(r * t)) * D / r, grown

        while len(found) < len(TIMES) and TIMES[len(found)] <= now + step:
            found.append(at(mpmath.mpf(TIMES[len(found)]) - now)[0])
        if len(found) == len(TIMES):
            break
        (z, size), now = at(step), now + step
        flipped = [on != (k == hit) for k, on in enumerate(active)]
        beyond = sum((part for part, on in zip(parts, flipped, strict=True) if on), mpmath.matrix([0, 0]))
        if dot(D, X[hit]) * dot(beyond, X[hit]) <= 0:  # both sides push towards the line, or nothing pushes on
            found += [z] * (len(TIMES) - len(found))
            break
        active, last = flipped, hit
    return np.array([[float(v / mpmath.sqrt(dot(u, u))) for v in u] for u in found])


def field(X: np.ndarray, y: np.ndarray, sign: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """The projected frozen field sign (D - <D, v> v) at directions v (m, 2) of balanced ReLU neurons."""
    drift = ((directions @ X.T > 0) @ (y[:, None] * X)) / len(X)
    return sign[:, None] * (drift - (drift * directions).sum(axis=1, keepdims=True) * directions)


def one_by_one(data: Dataset, sign: float, start: np.ndarray, rtol: float) -> np.ndarray:
    """Directions (T, 2) of one neuron by DOP853 with an event per data point, restarted at each of them."""
    X, active = data.X, data.X @ start > 0
    now, v, found = 0.0, start, []
    watch = [lambda _t, u, x=x: u @ x for x in X]
    for event in watch:
        event.terminal = True
    while len(found) < len(TIMES):
        D = (active * data.y) @ X / data.n
        flow = lambda _t, u, D=D: sign * (D - (D @ u) * u)  # noqa: E731
        todo = np.array(TIMES[len(found) :])
        for k, event in enumerate(watch):
            event.direction = -1 if active[k] else 1
        out = solve_ivp(flow, (now, TIMES[-1]), v, "DOP853", t_eval=todo, events=watch, rtol=rtol, atol=rtol)
        found += list(np.reshape(out.y, (2, -1)).T)
        if out.status != 1:
            break
        hit = next(k for k, times in enumerate(out.t_events) if len(times))
        now, v = float(out.t_events[hit][0]), out.y_events[hit][0]
        v = v - (v @ X[hit]) / (X[hit] @ X[hit]) * X[hit]
        active = active ^ (np.arange(data.n) == hit)
        beyond = (active * data.y) @ X / data.n
        if (D @ X[hit]) * (beyond @ X[hit]) <= 0:
            found += [v] * (len(TIMES) - len(found))
    return np.array(found) / np.linalg.norm(found, axis=1, keepdims=True)


def all_together(data: Dataset, sign: np.ndarray, start: np.ndarray, method: str, rtol: float) -> np.ndarray:
    """Directions (T, m, 2) of all neurons by one `solve_ivp` on the stacked projected field, events not located."""
    flow = lambda _t, u: field(data.X, data.y, sign, u.reshape(-1, 2)).ravel()  # noqa: E731
    out = solve_ivp(flow, (0, TIMES[-1]), start.ravel(), method, t_eval=TIMES, rtol=rtol, atol=rtol)
    directions = out.y.T.reshape(len(TIMES), -1, 2)
    return directions / np.linalg.norm(directions, axis=2, keepdims=True)


def timed(run, repeats: int = 1):
    """The last result and the median of the CPU seconds, on which a busy machine has less influence."""
    seconds = []
    for _ in range(repeats):
        begin = time.process_time()
        result = run()
        seconds.append(time.process_time() - begin)
    return result, statistics.median(seconds)


def worst(found: np.ndarray, truth: np.ndarray) -> float:
    """The largest distance between directions (T, 2) of the same neurons."""
    return float(np.linalg.norm(found - truth, axis=-1).max())


def floor_seconds(count: float) -> float:
    """Seconds to stream 16 bytes (a distance and a speed) for each of `count` hyperplanes evaluated, at copy speed."""
    block = np.zeros(2**17)
    target = np.empty_like(block)
    _, seconds = timed(lambda: [np.copyto(target, block) for _ in range(100)], repeats=5)
    return 16.0 * count / (16.0 * len(block) * 100 / seconds)


def million() -> None:
    """Follow 10^6 neurons and print the seconds and the peak resident memory of this process."""
    data, start = Dataset.published("stewart"), make_start(10**6, SCALE, SEED)
    result, seconds = timed(lambda: frozen_alignment(data, start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "gib": peak, "undetermined": int((result.fate == 0).sum())}))


def main() -> None:
    data, start = Dataset.published("stewart"), make_start(NEURONS, SCALE, SEED)
    sign, v = np.sign(start.a), start.w / np.linalg.norm(start.w, axis=1, keepdims=True)
    sample = np.random.default_rng(SEED).permutation(NEURONS)
    checked = sample[:TRUTH_SAMPLE]
    truth = np.array([exact_directions(data, start.a[j], start.w[j]) for j in checked])

    result, ours = timed(lambda: frozen_alignment(data, start), repeats=7)
    error = max(worst(result.path(int(j), TIMES).direction, truth[i]) for i, j in enumerate(checked))
    count = float((result.n_events + 1).sum()) * data.n
    rows = [Row("frozen_alignment", ours, error, f"to every fate; median of 7; {result.n_events.sum()} events")]

    for rtol in (1e-9, 1e-10, 1e-11):
        singles, seconds = timed(lambda r=rtol: [one_by_one(data, sign[j], v[j], r) for j in checked[:SINGLE_SAMPLE]])
        error = max(worst(single, truth[i]) for i, single in enumerate(singles))
        note = f"DOP853 with events, {SINGLE_SAMPLE} neurons run, times {NEURONS // SINGLE_SAMPLE}"
        rows.append(Row(f"one by one, rtol {rtol:.0e}", seconds * NEURONS / SINGLE_SAMPLE, error, note))
        if error <= TARGET:
            break

    few = sample[:VECTOR_SAMPLE]
    for method, rtol in SETTINGS:
        found, seconds = timed(lambda m=method, r=rtol: all_together(data, sign[few], v[few], m, r))
        error = worst(found[:, :TRUTH_SAMPLE].swapaxes(0, 1), truth)
        note = f"{VECTOR_SAMPLE} neurons run, times {NEURONS // VECTOR_SAMPLE}"
        rows.append(Row(f"together, {method} {rtol:.0e}", seconds * NEURONS / VECTOR_SAMPLE, error, note))

    # Scaling from a few neurons to all is checked, and corrected, at a setting that all of them can be run at.
    found, seconds = timed(lambda: all_together(data, sign, v, "RK23", 1e-6))
    correction = seconds / next(row.seconds for row in rows if row.method == "together, RK23 1e-06")
    rows.append(
        Row("all together, RK23 1e-06", seconds, worst(found[:, checked].swapaxes(0, 1), truth), "all neurons run")
    )

    for row in rows:
        print(f"{row.method:28s} {row.seconds:10.3f} s {row.seconds / ours:10.0f}x  error {row.error:.1e}  {row.note}")
    print(f"seconds of all neurons together, run / scaled from {VECTOR_SAMPLE}: {correction:.2f}")
    for kind, ratio, factor in (("one by one", 1000, 1.0), ("together", 50, min(correction, 1.0))):
        good = [row for row in rows if row.method.startswith(kind) and row.error <= TARGET]
        best = min(good, key=lambda row: row.seconds, default=None)
        what = f"{best.method}: {factor * best.seconds / ours:.0f} times slower" if best else "no setting reached it"
        print(f"{kind}, cheapest within {TARGET:g}: {what} (aim {ratio})")
    print(f"floor: {count:.3g} evaluations of a hyperplane, {floor_seconds(count):.4f} s to stream their 16 bytes each")
    child = subprocess.run([sys.executable, __file__, "--million"], capture_output=True, text=True, check=True)
    print(f"10^6 neurons: {child.stdout.strip()}")


if __name__ == "__main__":
    million() if "--million" in sys.argv else main()
