"""What the evidence of `spurious.bundle` and `spurious.bundle-growth` measures (theory.md 9.1 (1c), (2a) to (2d))."""

from __future__ import annotations

import math

import numpy as np
from sympy import Basic

from .....numerics.oracles.reference import ReferenceFlow, reference_flow
from .....theory.formal.printing import to_numpy
from .....theory.spurious import trap
from .....theory.spurious.every_start import bundle, bundle_growth
from ....cases.spurious.every_start.bundles import BundleCase
from ....claim.evidence import Margin
from ....claim.statement import Relations
from ...trajectories import Array, worst

ERROR = 1e-7
"""The relative tolerance of the reference is 1e-11; neighbouring paths part by less than 1e4 here."""
PATTERN = "no neuron loses a point"


def _stated(statement: Relations, name: str, **values: object) -> Array:
    """The right-hand side of a relation at numbers, whose keys are the names of the symbols with letters only."""
    symbols: dict[str, Basic] = {
        "r": bundle.drift_norm, "rho": bundle.deviation, "epsilon": bundle.epsilon, "eta": bundle.tightness,
        "Q": bundle.size, "D": bundle.drift_size, "Delta0": bundle_growth.initial_excess, "Delta": trap.excess,
        "mu": trap.mu, "M": trap.largest, "beta": trap.limit_norm, "q1": bundle_growth.least_size,
        "X": bundle_growth.spread, "QT": bundle_growth.initial_size, "etaT": bundle_growth.aligned_tightness,
    }  # fmt: skip
    return np.asarray(to_numpy(statement[name].args[1], *(symbols[key] for key in values))(*values.values()))


def _tightness(flow: ReferenceFlow) -> Array:
    """eta at every time: 1 - min over pairs of <omega_i, omega_j>."""
    omega = flow.w / flow.a[:, :, None]
    return np.asarray(1 - np.einsum("tid,tjd->tij", omega, omega).min(axis=(1, 2)))


def alignment_along_the_flow(statement: Relations, case: BundleCase) -> Margin:
    """A bundle with rho <= r epsilon up to T = log(1/epsilon)/r: v and eta at T, and the product that is conserved."""
    X, y = case.data.X, case.data.y
    b = y @ X / len(y)
    r, epsilon = float(np.linalg.norm(b)), case.epsilon
    last = math.log(1 / epsilon) / r
    square = float(np.mean(np.sum(X**2, axis=1)))
    scale = math.sqrt(r * epsilon / (square * len(case.w))) * math.exp(-r * last)
    w, a = scale * case.w, scale * np.linalg.norm(case.w, axis=1)
    flow = reference_flow(X, y, a, w, np.linspace(0.0, last, 9), rtol=1e-11)
    cosine = flow.w[-1] @ (b / r) / flow.a[-1]
    v = np.sqrt(np.maximum(1 - cosine, 0.0) / (1 + cosine))
    eta = _tightness(flow)
    omega = flow.w / flow.a[:, :, None]
    between = 1 - np.einsum("tid,tjd->tij", omega, omega)
    product = flow.a[:, :, None] * flow.a[:, None, :] * between / scale**2
    return worst(
        Margin(float(len(flow.events)), 0.0, PATTERN),
        Margin(float(v.max()), float(_stated(statement, "aligned", epsilon=epsilon)) + ERROR, "v(T); the reference"),
        Margin(float(eta[-1]), float(_stated(statement, "tight", epsilon=epsilon)) + ERROR, "eta(T); the reference"),
        Margin(float(np.abs(product - product[0]).max()), ERROR, "a_i a_j (1 - <omega_i, omega_j>); the reference"),
    )


def growth_along_the_flow(statement: Relations, case: BundleCase) -> Margin:
    """A bundle from a small size to least squares: each bound whose quantities can be read off the flow.

    Only bundles that stay in the cone of the points are compared: their events are those of the hypotheses.
    """
    X, y = case.data.X, case.data.y
    H, b = X.T @ X / len(y), y @ X / len(y)
    beta, (mu, *_, M) = np.linalg.solve(H, b), [*np.linalg.eigvalsh(H), np.linalg.eigvalsh(H)[-1]]
    r = float(np.linalg.norm(b))
    aligned = b / r + case.epsilon * (case.w - b / r) / 4
    scale = 1e-4 * math.sqrt(float(np.linalg.norm(beta)))
    w, a = scale * aligned, scale * np.linalg.norm(aligned, axis=1)
    last = math.log(1 / scale) / r + 6 / (mu * float(np.linalg.norm(beta)))
    flow = reference_flow(X, y, a, w, np.linspace(0.0, last, 1201), rtol=1e-11)
    keep = flow.times <= flow.first_event_time()
    times, S, Q = flow.times[keep], np.einsum("tm,tmd->td", flow.a, flow.w)[keep], np.sum(flow.a**2, axis=1)[keep]
    eta, D = _tightness(flow)[keep], (beta - S) @ H
    excess, norms = np.einsum("td,td->t", beta - S, D) / 2, np.linalg.norm(D, axis=1)
    initial = float(b @ beta) / 2
    rate = -Q * norms**2 - np.sum(np.einsum("tmd,td->tm", flow.w[keep], D) ** 2, axis=1)
    logs = np.log(flow.a[keep] / flow.a[0])
    X_of = (logs.max(axis=1) - logs.min(axis=1)).max()
    late = len(times) // 2
    path = (
        float(np.sum(np.diff(times[late:]) * np.minimum(norms[late:-1], norms[late + 1 :]))) if len(times) > 1 else 0.0
    )
    noise = ERROR * (1 + float(np.linalg.norm(beta)))

    def above(name: str, found: Array, **values: object) -> Margin:
        return Margin(float(np.max(found - _stated(statement, name, **values))), noise, f"{name}; the reference")

    return worst(
        above("radius", np.linalg.norm(S, axis=1), beta=float(np.linalg.norm(beta)), Delta0=initial, mu=mu),
        above("drift", norms, M=M, Delta0=initial),
        above("kept", eta, etaT=float(eta[0]), QT=float(Q[0]), X=float(X_of), Q=Q),
        above("fall", rate, mu=mu, Q=Q, Delta=np.maximum(excess, 0.0)),
        above("path", np.array(path), Delta0=float(max(excess[late], 0.0)), mu=mu, q1=float(Q[late:].min())),
    )
