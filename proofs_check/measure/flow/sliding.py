"""What the evidence of `flow.sliding` measures (theory.md 2.6)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from ....numerics.data.network import Network
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.frozen.alignment import frozen_alignment
from ....numerics.frozen.faces import Reason
from ....numerics.geometry.box_least_squares import least_norm_in_box
from ....numerics.oracles.rational import Vector, determinant, inner
from ....numerics.oracles.reference import handwritten_pull, network_outputs, reference_flow
from ...cases.flow.hand_calculations import EPS, Sinking
from ...cases.strategies import LEAKS, FlowCase
from ...claim.draws import assume
from ...claim.evidence import Certificate, Margin, Run
from ...claim.statement import Predicate
from ..engine_runs import ENGINE, EngineRuns, check_resolved, engine_runs, network
from ..trajectories import COARSE, DERIVATION, FINE, RESOLVED, STAGES, Array, Trajectory, solve, worst


def least_and_projected(statement: Predicate, run: Run) -> Certificate:
    """Random faces in exact rationals."""
    cases = run.choose(300, 3000)
    inside = 0
    for _ in range(cases):
        face = _random_face(run.rng)
        base, columns, leak = face
        slopes, D = _stated_drift(statement, base, columns)
        where = {"drift of the other side": base, "jumps": columns, "leak": leak, "positions": slopes, "D": D}
        if not all(0 <= value <= 1 for value in slopes):
            return Certificate(cases, "a slope outside [g, 1]", counterexample=where)
        for corner in product((0, 1), repeat=len(columns)):
            vertex = _sum(base, columns, corner)
            if inner(D, [v - e for v, e in zip(vertex, D, strict=True)]) < 0:
                return Certificate(cases, "an element of frakD nearer to 0", counterexample={**where, "vertex": vertex})
        if all(0 < value < 1 for value in slopes):
            inside += 1
            if any(inner(D, column) != 0 for column in columns):
                return Certificate(cases, "inside, but not the projection", counterexample=where)
    detail = f"{cases} faces, all slopes strictly inside in {inside}"
    return Certificate(cases, detail, undecided=None if inside else "no face has all slopes strictly inside")


def _random_face(rng: np.random.Generator) -> tuple[Vector, tuple[Vector, ...], Fraction]:
    """The drift with slope g on the face, the jump of each of its hyperplanes (independent, attracting), and the leak.

    D = base + sum_i theta_i jump_i with slope g + (1 - g) theta_i at x_i, theta in [0, 1], jump_i = (1 - g) p_i x_i/n.
    """
    d = int(rng.integers(1, 4))
    size, n = int(rng.integers(1, d + 1)), int(rng.integers(3, 7))
    leak = LEAKS[int(rng.integers(0, len(LEAKS)))]
    while True:
        points = [_random_vector(rng, d) for _ in range(n)]
        gram = [tuple(inner(p, q) for q in points[:size]) for p in points[:size]]
        if determinant(gram) != 0:
            break
    sign = 1 if rng.integers(0, 2) else -1
    pulls = [Fraction(int(value), 4) for value in rng.integers(-12, 13, size=n)]
    pulls[:size] = [-sign * (abs(p) + Fraction(1, 4)) for p in pulls[:size]]
    sides = [leak] * size + [Fraction(1) if rng.integers(0, 2) else leak for _ in range(n - size)]
    base = _sum((Fraction(0),) * d, tuple(points), [s * p / n for s, p in zip(sides, pulls, strict=True)])
    jumps = tuple(tuple((1 - leak) * p * value / n for value in x) for p, x in zip(pulls[:size], points, strict=False))
    return base, jumps, leak


def _random_vector(rng: np.random.Generator, d: int) -> Vector:
    return tuple(Fraction(int(value), 4) for value in rng.integers(-8, 9, size=d))


def _stated_drift(statement: Predicate, base: Vector, columns: tuple[Vector, ...]) -> tuple[Vector, Vector]:
    """Positions theta of the slopes in their ranges, and D, as the engine's own solver has them in exact rationals.

    Without the box: of all combinations, that with <D, x_k> = 0 on the whole face, by Cramer's rule.
    """
    if statement["box"]:
        found = least_norm_in_box(np.array(base, dtype=object), np.array(columns, dtype=object))
        return tuple(found.theta.tolist()), tuple(found.point.tolist())
    gram = [[inner(p, q) for q in columns] for p in columns]
    right = [-inner(base, column) for column in columns]
    whole = determinant([tuple(row) for row in gram])
    slopes = []
    for place in range(len(columns)):
        replaced = [tuple(right[i] if k == place else row[k] for k in range(len(row))) for i, row in enumerate(gram)]
        slopes.append(determinant(replaced) / whole)
    return tuple(slopes), _sum(base, columns, slopes)


def _sum(base: Vector, columns: tuple[Vector, ...], weights: Any) -> Vector:
    return tuple(
        value + sum((w * column[i] for w, column in zip(weights, columns, strict=True)), Fraction(0))
        for i, value in enumerate(base)
    )


NEARLY_FITTED = 1e-6
"""Of the largest pull at the start: a point whose pull is smaller at the end is taken as fitted."""


def single_neurons_beside_the_reference(statement: Predicate, case: FlowCase) -> Margin:
    """The same where no point is fitted: there rounding decides how long neurons stay on its hyperplane."""
    reference, (X, y, _, _) = _reference(statement, case), case.arrays
    outputs = network_outputs(X, reference.fine.a[-1], reference.fine.w[-1], case.options["leak"])
    end, start = (handwritten_pull(h, y, case.loss) for h in (outputs, np.zeros(len(y))))
    assume(np.abs(end).min() >= NEARLY_FITTED * np.abs(start).max())
    return worst(_beside(reference, statement, case), _changed_by_the_tolerance(case, start))


def _changed_by_the_tolerance(case: FlowCase, pulls: Array) -> Margin:
    """What the coarser tolerance changes, beside that tolerance for every step, grown at the fastest rate there is."""
    X, _, a, w = case.arrays
    runs = engine_runs(case.problem, Network(a, w), float(case.time))
    weights = network(runs.fine)
    change = float(np.max(np.abs(weights - network(runs.coarse)))) / float(np.max(np.abs(weights)))
    growth = np.exp(float(case.time) * float(np.mean(np.abs(pulls) * np.linalg.norm(X, axis=1))))
    return Margin(change, float(growth * (runs.coarse.steps + 1) * COARSE), "the tolerance for every step, as it grows")


def engine_beside_the_reference(statement: Predicate, case: FlowCase) -> Margin:
    """Events and end points of the engine beside the reference."""
    return _beside(_reference(statement, case), statement, case)


def _reference(statement: Predicate, case: FlowCase) -> Trajectory:
    times = np.linspace(0.0, float(case.time), 5)
    try:
        return solve(*case.arrays, times, multiple=statement["factor"], **case.options)
    except RuntimeError:
        assume(False)


def _beside(reference: Trajectory, statement: Predicate, case: FlowCase) -> Margin:
    assume(any(event.kind == "slide" for event in reference.fine.events))
    _, _, a, w = case.arrays
    runs = engine_runs(case.problem, Network(a, w), float(case.time))
    kinds = ("slide", "leave") if statement["box"] else ("slide",)
    return worst(_ends(reference, runs), *_entries(reference, runs.fine, kinds))


NUDGE = 2.0**-24


def beside_a_start_next_to_it(statement: Predicate, case: FlowCase) -> Margin:
    """A start on a hyperplane beside starts next to it."""
    X, y, a, w = case.arrays
    times = np.array([0.0, float(case.time)])
    run = simulate(case.problem, Network(a, w), float(case.time), tolerance=FINE, times=times, history=True)
    check_resolved(run)
    assume(not len(run.resting))
    toward = X[np.argmin(np.abs(X @ w[0]))]  # the first of the points on this hyperplane, which sets its positive side
    beside = []
    for nudge in (NUDGE, NUDGE / 2):
        moved = w.copy()
        moved[0] += nudge * toward
        try:
            beside.append(reference_flow(X, y, a, moved, times, rtol=COARSE, **case.options))
        except (RuntimeError, ValueError):
            assume(False)
    far, near = (np.concatenate([flow.w[-1], flow.a[-1][:, None]], axis=1) for flow in beside)
    size = float(np.abs(near).max())
    change = float(np.abs(far - near).max())
    assume(change <= RESOLVED * size)
    errors = size * (COARSE * beside[1].right_hand_sides / STAGES + FINE * run.steps)
    gap = float(np.abs(network(run) - near).max())
    leaves = Counter(event.neuron for event in run.history or () if event.kind == "leave")
    expected = Counter(event.neuron for event in beside[1].events if event.kind == "leave")
    where = {"engine leaves": dict(leaves), "reference leaves": dict(expected)}
    differing = sum(((leaves - expected) + (expected - leaves)).values())
    return worst(
        Margin(gap, 2 * change + errors, "twice the change with the nudge, and the tolerances of all steps", where),
        Margin(float(differing), 0.0, "faces are left as often", where),
    )


HALVINGS = 30
"""Starts are scaled by 2^-30: outputs are then 2^-60 of the labels, and the pulls those at h = 0 to rounding."""


def time_of_rest(statement: Predicate, case: Sinking) -> Margin:
    """The time at which the engine rests a neuron, beside the one found by hand."""
    scale = 2.0**-HALVINGS
    a, w = case.start
    run = simulate(
        case.data, Network(scale * a, scale * w), 2 * case.sunk, tolerance=FINE, times=[2 * case.sunk], history=True
    )
    check_resolved(run)
    rests = [event.time for event in run.history or () if event.kind == "rest"]
    gap = abs(rests[0] - case.sunk) if rests else np.inf
    ratio, rate = float(case.ratio), -float(case.along)
    allowed = (2e-7 + 8 * EPS * ratio**2 / (ratio**2 - 1)) / rate
    where = {"rests": rests, "expected": case.sunk}
    return Margin(float(gap), allowed, "1e-7/r, as much for the steps, and the rounding of a^2 - ||w||^2", where)


def rests_of_sliding_neurons(statement: Predicate, case: FlowCase) -> Margin:
    """How many neurons rest that must not."""
    _, _, a, w = case.arrays
    run = simulate(case.problem, Network(a, w), float(case.time), tolerance=COARSE, times=[float(case.time)])
    check_resolved(run)
    frozen = frozen_alignment(case.problem, Network(a, w))
    assume(frozen.reason[0] == Reason.NONE)  # its path ends at an extremal vector, not at w = 0
    return Margin(float(len(run.resting)), 0.0, "none rests", {"slides": run.slides, "events": run.events})


def _ends(reference: Trajectory, runs: EngineRuns) -> Margin:
    """Every neuron at the end."""
    expected = np.concatenate([reference.fine.w[-1], reference.fine.a[-1][:, None]], axis=1)
    theirs = reference.error(lambda a, w: np.concatenate([a[..., None], w], axis=-1))
    gap = float(np.max(np.abs(network(runs.fine) - expected)))
    return Margin(gap, runs.error + theirs, f"{ENGINE}; {DERIVATION}")


def _entries(reference: Trajectory, run: Simulation, kinds: tuple[str, ...]) -> list[Margin]:
    """How often each neuron enters and leaves faces: the reference's numbers are those of the stated kinds."""
    found = Counter((event.neuron, event.kind) for event in run.history or () if event.kind in kinds)
    expected = Counter(
        (event.neuron, event.kind) for event in reference.fine.events if event.kind in ("slide", "leave")
    )
    differing = sum(((found - expected) + (expected - found)).values())
    where = {"engine": dict(found), "reference": dict(expected)}
    return [Margin(float(differing), 0.0, "the same number of entries and exits, neuron by neuron", where)]
