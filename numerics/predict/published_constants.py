"""The constants of Theorem 1 of [BF] as they are printed, of any data set in any dimension (theory.md 8.1).

They are minima over all activation patterns u of some w: cells and faces, w = 0 included as in the paper. What lies
where is decided exactly: whether 0 is in frakD_u, whether D_u is in the cone of u or on the boundary of its closure,
and whether the points of a face are independent. The numbers are floats: norms are those of exact vectors, distances to
cones come from non-negative least squares and singular values from a decomposition, both accurate to rounding.

Where a formula leaves something open:

- In D_u = D~_u + Z_u eta the paper means a minus sign; eta are the slopes of D_u on its face.
- The maximum in (23) over no pattern at all bounds nothing: alpha_min,+ is then 1, the largest value it can have. The
  same holds for (24). A maximum below 0 in (23), or a minimum above 0 in (24), is squared all the same, as printed.
- D_max is the largest norm of a D_u, as in Theorem 1. It is that of `extremal_vectors` unless points are dependent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..data.problem import Problem
from ..errors import InputError
from ..extremal.pattern_cones import PatternCones
from ..extremal.pattern_drifts import PatternDrift, Place, integer_directions, pattern_drifts
from ..geometry.integers import rank
from ..geometry.linear_fit import general_position
from .early_phase import mean_square_input

DEFAULT_ALPHA = 1.0


@dataclass(frozen=True)
class PatternConstants:
    """What (20) and (22) to (24) say of a data set, whatever alpha_0 and epsilon are.

    `patterns`: how many patterns there are; `d_min`, `d_max`: D_min and D_max; `alpha_plus`, `alpha_minus`: alpha_min,+
    and alpha_min,-; `delta_0`: infinite if there is no extremal vector; `mean_square_input`: R_2; `pull_ratio`: the
    least |p_k(0)| / ||x_k||; `unmet`: hypotheses of the theorem that fail, as sentences.
    """

    patterns: int
    d_min: float
    d_max: float
    alpha_plus: float
    alpha_minus: float
    delta_0: float
    mean_square_input: float
    pull_ratio: float
    unmet: tuple[str, ...]

    @property
    def alpha_min(self) -> float:
        """alpha_min of (22); 0 if some D_u is on the boundary of its closed cone or of the opposite one."""
        return min(self.alpha_plus, self.alpha_minus)


@dataclass(frozen=True)
class PublishedConstants:
    """The constants of Theorem 1 of [BF] for one alpha_0 of Condition 1 and one epsilon.

    Logarithms are decimal: most of these scales are far below the smallest float. Where alpha_min is 0, t_2 and the
    constant are infinite, and no scale is small enough (logarithm -infinity).
    """

    data: PatternConstants
    alpha_0: float
    epsilon: float

    @property
    def lambda_star(self) -> float:
        """The printed threshold, equation (21)."""
        data = self.data
        least = min(data.alpha_min**2 / 8 * data.d_min, self.alpha_0**2 / 4 * data.d_min, data.delta_0)
        return float(min(least / data.mean_square_input, data.pull_ratio) ** (1 / (2 - 4 * self.epsilon)))

    @property
    def _nu(self) -> float:
        return min(self.data.alpha_min, self.alpha_0) ** 2

    @property
    def t_2(self) -> float:
        """The time within which the proof lets every neuron arrive: 4 D_max / (D_min^2 min(alpha_min, alpha_0)^2)."""
        return 4 * self.data.d_max / (self.data.d_min**2 * self._nu) if self._nu else math.inf

    @property
    def log10_constant(self) -> float:
        """log10 of the constant c of part (ii), equation (36)."""
        if not self._nu:
            return math.inf
        d_max, ratio = self.data.d_max, 2 * self.data.mean_square_input / self.data.d_max
        first = math.log(4 * d_max / self._nu) + self.t_2 * d_max + math.sqrt(ratio) / math.e
        return float(np.logaddexp(first, math.log(ratio) / 2)) / math.log(10)

    @property
    def log10_vacuous_scale(self) -> float:
        """log10 of the scale from which on part (ii) says nothing: where c lambda^epsilon = 2 D_max.

        As ||omega|| <= 1, a neuron always has <D, omega> >= ||D|| - 2 ||D||. Part (ii) claims more than that only if
        c lambda^(epsilon ||D|| / D_max) < 2 ||D||, which is hardest to violate for ||D|| = D_max; for a shorter D the
        scale has to be smaller still.
        """
        return (math.log10(2 * self.data.d_max) - self.log10_constant) / self.epsilon

    @property
    def log10_repaired_scale(self) -> float:
        """log10 of exp(-t_2 D_max / epsilon), up to which t_2 <= tau: what the theorem needs besides (21)."""
        return self.log10_scale_for(self.t_2)

    def log10_scale_for(self, time: float) -> float:
        """log10 of the scale at which tau = epsilon log(1/lambda) / D_max is this time."""
        return -time * self.data.d_max / self.epsilon / math.log(10)

    @property
    def tau_at_lambda_star(self) -> float:
        """The tau of the largest scale that the theorem allows; infinite for lambda* = 0."""
        return -self.epsilon * math.log(self.lambda_star) / self.data.d_max if self.lambda_star else math.inf


def published_constants(
    problem: Problem, *, alpha_0: float = DEFAULT_ALPHA, epsilon: float = 0.25
) -> PublishedConstants:
    """The constants of Theorem 1 of [BF] for a problem.

    Raises InputError for an alpha_0 or epsilon outside the theorem's range, for data on which no neuron moves
    (D_max = 0), and when there are too many patterns to go through.
    """
    check_published(alpha_0, epsilon)
    return PublishedConstants(pattern_constants(problem), alpha_0, epsilon)


def check_published(alpha_0: float, epsilon: float) -> None:
    """Raise InputError unless 0 < alpha_0 <= 1 and 0 < epsilon < 1/3, as Theorem 1 requires."""
    if not 0 < alpha_0 <= 1:
        raise InputError(f"alpha is {alpha_0:g}; Condition 1 of the published theorem needs 0 < alpha <= 1")
    if not 0 < epsilon < 1 / 3:
        raise InputError(f"epsilon is {epsilon:g}; the published theorem needs 0 < epsilon < 1/3")


def pattern_constants(problem: Problem) -> PatternConstants:
    """D_min, D_max, alpha_min, delta_0 and what else equation (21) needs, from all patterns."""
    drifts = pattern_drifts(problem)
    moving = [drift for drift in drifts if not drift.vanishes]
    if not moving:
        raise InputError("D_max = 0: no neuron moves at first, and the published constants are not defined")
    norms = [float(np.linalg.norm(drift.vector)) for drift in moving]
    lengths = np.linalg.norm(problem.data.X, axis=1)
    pulls = np.abs([float(pull) for pull in problem.pulls_at_zero])
    cones = PatternCones(problem)
    return PatternConstants(
        patterns=len(drifts),
        d_min=min(norms),
        d_max=max(norms),
        alpha_plus=cones.least_sine(moving, 1),
        alpha_minus=cones.least_sine(moving, -1),
        delta_0=min((_delta(problem, drift) for drift in moving if drift.extremal), default=math.inf),
        mean_square_input=mean_square_input(problem.data),
        pull_ratio=float((pulls / lengths).min()),
        unmet=tuple(_unmet(problem, moving)),
    )


def _unmet(problem: Problem, moving: Sequence[PatternDrift]) -> Iterator[str]:
    """What Lemma 2 and the theorem ask of the data and these data do not fulfil."""
    silent = sum(1 for pull in problem.pulls_at_zero if not pull)
    if silent:
        yield f"the pull at zero output vanishes on {silent} of {problem.data.n} points, so that lambda* = 0"
    if general_position(problem.data) is False:
        yield f"Lemma 2 fails: some {min(problem.data.n, problem.data.d)} points are linearly dependent"
    touching = sum(1 for drift in moving if Place.BOUNDARY in (drift.place(1), drift.place(-1)))
    if touching:
        yield (
            f"Lemma 2 fails: for {touching} of the patterns D_u lies on the boundary of the cone of u or of its "
            "opposite, so that alpha_min = lambda* = 0"
        )


def _delta(problem: Problem, drift: PatternDrift) -> float:
    """The part of one extremal vector in delta_0, equation (20): how far it is from leaving its face or its cell."""
    X, face = problem.data.X, list(drift.face)
    away = [k for k in range(problem.data.n) if k not in set(face)]
    heights = np.abs(X[away] @ drift.vector) / np.linalg.norm(X[away], axis=1)
    delta = float(heights.min(initial=math.inf))
    if not face:
        return delta
    room = float(min(min(slope - problem.leak, 1 - slope) for slope in drift.slopes))
    directions = integer_directions(problem)
    if rank([directions[k] for k in face]) < len(face):
        return 0.0
    pulls = np.array([float(problem.pulls_at_zero[k]) for k in face])
    singular = np.linalg.svd((pulls / problem.data.n)[:, None] * X[face], compute_uv=False)
    return min(delta, float(singular.min()) * room)
