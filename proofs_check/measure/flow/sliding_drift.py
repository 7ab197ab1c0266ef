"""What the evidence of `flow.sliding-drift` measures (theory.md 10.4)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import sympy

from ....numerics.geometry.box_least_squares import project_out
from ....numerics.oracles.rational import (
    Inequality,
    Vector,
    determinant,
    extremal_by_definition,
    inner,
    shortest_in_box,
    solvable,
)
from ....theory import model
from ....theory.flow import sliding
from ...cases.alignment.constant_drift import Array
from ...cases.strategies import LEAKS
from ...claim.draws import composite, st
from ...claim.evidence import Certificate, Margin, Run
from ...claim.statement import Predicate
from ..trajectories import worst

EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Face:
    """A neuron that slides: p_k x_k/n of the points of its face, the drift of the others, its slopes, and the leak."""

    parts: tuple[Vector, ...]
    base: Vector
    slopes: Vector
    leak: Fraction

    def drift(self, slopes: Vector) -> Vector:
        """The element of frakD with these slopes on the face."""
        return _sum(self.base, self.parts, slopes)

    def stated_slopes(self, statement: Predicate) -> Vector:
        """The slopes that the statement gives the neuron."""
        if statement["slope"] == sliding.SLOPE:
            return self.slopes
        value = statement["slope"].subs(model.leak, sympy.Rational(self.leak.numerator, self.leak.denominator))
        return (Fraction(int(value.p), int(value.q)),) * len(self.slopes)

    @property
    def inside(self) -> bool:
        """Whether all slopes lie strictly between the leak and 1."""
        return all(self.leak < slope < 1 for slope in self.slopes)

    @property
    def independent(self) -> bool:
        """Whether the p_k x_k are independent."""
        return determinant([tuple(inner(u, v) for v in self.parts) for u in self.parts]) != 0

    @property
    def unique(self) -> bool:
        """Whether no other slopes in [g, 1] give the same drift; decided by elimination of one unknown after another.

        The unknowns are the changes z_k of the slopes: sum z_k p_k x_k = 0, and some z_k is not 0.
        """
        system: list[Inequality] = []
        for entries in zip(*self.parts, strict=True):
            system += [(entries, Fraction(0), False), (tuple(-value for value in entries), Fraction(0), False)]
        units = [tuple(Fraction(int(i == k)) for i in range(len(self.slopes))) for k in range(len(self.slopes))]
        for unit, slope in zip(units, self.slopes, strict=True):
            system += [(unit, slope - self.leak, False), (tuple(-value for value in unit), 1 - slope, False)]
        moves = (tuple(side * value for value in unit) for unit in units for side in (1, -1))
        return not any(solvable([*system, (move, Fraction(0), True)], len(self.slopes)) for move in moves)


def _sum(base: Vector, columns: tuple[Vector, ...], weights: Vector) -> Vector:
    return tuple(
        value + sum((w * column[i] for w, column in zip(weights, columns, strict=True)), Fraction(0))
        for i, value in enumerate(base)
    )


PINNED = Face(((Fraction(0), Fraction(-1)),), (Fraction(-7, 30), Fraction(2, 3)), (Fraction(2, 3),), Fraction(0))
"""The pinned neuron of theory.md 3.9: w along (1, 0), on the hyperplane of x_1 = (0, 1)."""
AT_THE_END = Face(
    ((Fraction(1), Fraction(0)),) * 2, (Fraction(-2), Fraction(1, 3)), (Fraction(1), Fraction(1)), Fraction(0)
)
"""Two equal points: D = (-2 + eta_1 + eta_2, 1/3) is orthogonal to them for eta = (1, 1) alone."""


def faces_have_the_stated_drift(statement: Predicate, run: Run) -> Certificate:
    """Exact faces on which a neuron slides: the stated drift is the shortest and the projection, slopes are unique iff.

    A face is made from its sliding drift D, orthogonal to it, and its slopes: no equation is solved for them.
    """
    cases = run.choose(200, 2000)
    faces = [PINNED, AT_THE_END, *(_random_face(run.rng) for _ in range(cases))]
    kinds = set()
    for face in faces:
        where = {"p_k x_k/n": face.parts, "B": face.base, "slopes": face.slopes, "leak": face.leak}
        stated = face.drift(face.stated_slopes(statement))
        jumps = tuple(tuple((1 - face.leak) * value for value in part) for part in face.parts)
        lowest = face.drift((face.leak,) * len(face.parts))
        if stated != shortest_in_box(lowest, jumps):
            return Certificate(len(faces), "a shorter drift", counterexample={**where, "stated drift": stated})
        span = np.array(face.parts, dtype=object)
        for corner in product((face.leak, Fraction(1)), repeat=len(face.parts)):
            projected = tuple(project_out(np.array(face.drift(corner), dtype=object), span))
            if projected != stated:
                return Certificate(len(faces), "not the projection", counterexample={**where, "projection": projected})
        kinds.add((face.inside, face.independent, face.unique))
        if (face.inside or not statement["inside"]) and face.unique != face.independent:
            detail = "unique slopes of dependent vectors" if face.unique else "slopes that are not unique"
            return Certificate(len(faces), detail, counterexample=where)
    expected = {
        (True, True, True),
        (True, False, False),
        (False, True, True),
        (False, False, False),
        (False, False, True),
    }
    missing = expected - kinds
    return Certificate(
        len(faces),
        f"{len(faces)} faces; inside or not, independent or not",
        undecided=f"no face was {sorted(missing)[0]} (inside, independent, unique)" if missing else None,
    )


def _random_face(rng: np.random.Generator) -> Face:
    """One to three points in dimension 1 to 3, often dependent, with slopes inside or at the ends of [g, 1]."""
    d, size = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    leak = LEAKS[int(rng.integers(0, len(LEAKS)))]
    parts = [_random_vector(rng, d) for _ in range(size)]
    if size > 1 and rng.integers(0, 2):
        weights = tuple(Fraction(int(value), 2) for value in rng.integers(-2, 3, size=size - 1))
        parts[-1] = _sum((Fraction(0),) * d, tuple(parts[:-1]), weights)
    slopes = tuple(leak + (1 - leak) * Fraction(int(value), 4) for value in _positions(rng, size))
    sliding_drift = project_out(np.array(_random_vector(rng, d), dtype=object), np.array(parts, dtype=object))
    base = _sum(tuple(sliding_drift), tuple(parts), tuple(-slope for slope in slopes))
    return Face(tuple(parts), base, slopes, leak)


def _positions(rng: np.random.Generator, size: int) -> Array:
    """Quarters of the way from g to 1: strictly inside, or anywhere."""
    inside = rng.integers(0, 2)
    return np.asarray(rng.integers(1 if inside else 0, 4 if inside else 5, size=size), dtype=np.float64)


def _random_vector(rng: np.random.Generator, d: int) -> Vector:
    while True:
        found = tuple(Fraction(int(value), 4) for value in rng.integers(-8, 9, size=d))
        if any(found):
            return found


def extremal_vectors_are_shortest(run: Run) -> Certificate:
    """Extremal vectors by their definition beside the shortest element of frakD on their own face, in rationals."""
    cases, found, faces = run.choose(60, 600), 0, 0
    for _ in range(cases):
        d, n = int(run.rng.integers(1, 4)), int(run.rng.integers(2, 4))
        leak = LEAKS[int(run.rng.integers(0, len(LEAKS)))]
        inputs = [_random_vector(run.rng, d) for _ in range(n)]
        pulls = [Fraction(int(value), 4) for value in run.rng.integers(-12, 13, size=n)]
        for drift, sides in extremal_by_definition(inputs, pulls, leak).items():
            for side in sides:
                found += 1
                base, jumps = _face_of(tuple(side * value for value in drift), inputs, pulls, leak)
                faces += bool(jumps)
                if shortest_in_box(base, jumps) != drift:
                    where = {"inputs": tuple(inputs), "pulls": tuple(pulls), "leak": leak, "D": drift}
                    return Certificate(found, "a shorter drift on its face", counterexample=where)
    detail = f"{found} extremal vectors, {faces} of them on a face"
    return Certificate(found, detail, undecided=None if faces else "no extremal vector lay on a face")


def _face_of(
    direction: Vector, inputs: list[Vector], pulls: list[Fraction], leak: Fraction
) -> tuple[Vector, list[Vector]]:
    """frakD(w, 0) for w along a direction: the drift with slope g on its face, and the jumps there."""
    base, jumps = (Fraction(0),) * len(direction), []
    for x, p in zip(inputs, pulls, strict=True):
        part = tuple(p * value / len(inputs) for value in x)
        side = inner(direction, x)
        base = _sum(base, (part,), (Fraction(1) if side > 0 else leak,))
        if side == 0:
            jumps.append(tuple((1 - leak) * value for value in part))
    return base, jumps


@dataclass(frozen=True)
class Chatter:
    """A neuron (a, w) on the hyperplane of the first point, which attracts it; pulls are those at h = 0, and fixed."""

    X: Array
    pulls: Array
    leak: float
    a: float
    w: Array

    def drift(self, w: Array, on_face: float | None = None) -> Array:
        """The drift at w, with the slope `on_face` at the first point where it is given."""
        slopes = np.where(self.X @ w > 0, 1.0, self.leak)
        if on_face is not None:
            slopes[0] = on_face
        return np.asarray((slopes * self.pulls) @ self.X / len(self.pulls))

    @property
    def slope(self) -> float:
        """The slope at the first point for which <D, x_1> = 0."""
        x, n = self.X[0], len(self.pulls)
        return float(-self.drift(self.w, 0.0) @ x * n / (self.pulls[0] * x @ x))


@composite
def chattering(draw: st.DrawFn) -> Chatter:
    """A neuron in dimension 2 or 3 whose slope at the first of two to four points lies strictly inside."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    d, n, leak = draw(st.integers(2, 3)), draw(st.integers(2, 4)), float(draw(st.sampled_from(LEAKS)))
    while True:
        X, pulls, w = rng.uniform(-1, 1, (n, d)), rng.uniform(-1, 1, n), rng.uniform(-1, 1, d)
        X[0] /= np.linalg.norm(X[0])
        w -= (w @ X[0]) * X[0]
        norm = float(np.linalg.norm(w))
        others = float(Chatter(X, pulls, leak, norm, w).drift(w, 0.0) @ X[0]) * n
        if norm > 0.2 and np.all(np.abs(X[1:] @ w) > 0.1 * norm) and abs(others) > 0.01:
            break
    # The pull of the first point places its slope at a share of the way from g to 1, and a makes the point attract.
    pulls[0] = -others / (leak + (1 - leak) * rng.uniform(0.05, 0.95))
    return Chatter(X, pulls, leak, norm * np.sign(others), w)


STEPS = 4000


def chattering_averages_to_the_drift(statement: Predicate, case: Chatter) -> Margin:
    """Small explicit steps across the hyperplane, which know of no sliding: their mean drift beside the stated one.

    w_N - w_0 = h sum a_i D_i. As long as no other pattern changes, the mean D~ of the D_i with weights a_i lies in
    frakD(w, 0), and D~ - D = c x_1 with c ||x_1||^2 = <w_N, x_1>/(h sum a_i). A step passes the hyperplane by no more
    than its own length: |<w_N, x_1>| <= h max |a_i <D_i, x_1>|.
    """
    slope = case.slope
    if statement["slope"] != sliding.SLOPE:
        slope = float(statement["slope"].subs(model.leak, case.leak))
    w, a, x = case.w.copy(), case.a, case.X[0]
    largest = float(np.mean(np.abs(case.pulls) * np.linalg.norm(case.X, axis=1)))
    # Until the end w and a change by at most 1/19 of |a| = ||w||, and all |<w, x_k>| for k > 1 are larger at first.
    step = 0.05 / (largest * STEPS)
    weight = passing = 0.0
    for _ in range(STEPS):
        drift = case.drift(w)
        passing = max(passing, abs(a * float(drift @ x)))
        weight += a
        w, a = w + step * a * drift, a + step * float(w @ drift)
    mean = (w - case.w) / (step * weight)
    rounding = STEPS * EPS * float(np.linalg.norm(case.w)) / (step * abs(weight))
    gap = float(np.linalg.norm(mean - case.drift(case.w, slope)))
    off = float(abs(w @ x))
    return worst(
        Margin(off, step * passing + STEPS * EPS, "one step", {"slope": slope}),
        Margin(gap, passing / abs(weight) + rounding, "one step of the hyperplane, over all steps", {"slope": slope}),
    )
