"""Theory.md 4.1-4.3: how fast a dominated network can grow, and how long the early phase lasts.

Theorem. Let the start be dominated with S(0) = c0 lambda^2, S = sum_j a_j^2, q = kappa R2/D_max and D_max > 0. Then
S(t) <= S(0) e^{2 D* t} for a loss that is convex in h, and for a kappa-Lipschitz pull

    S(t) <= S(0) e^{2 D_max t} / (1 - q S(0) (e^{2 D_max t} - 1))  while the denominator is positive.

At tau = epsilon log(1/lambda)/D_max, 0 < epsilon < 1, for a convex loss, |log|a_j(tau)/a_j(0)|| is at most epsilon
log(1/lambda) + (q c0/2) lambda^{2 - 2 epsilon}, S(tau) <= c0 lambda^{2 - 2 epsilon}, and the second term is at most
log 2 for lambda <= lambda* = (2 log 2/(q c0))^{1/(2 - 2 epsilon)}.

Source: Boursier and Flammarion, JMLR 2025, Theorem 1(i) and the control of the norms, with other constants.
The comparison equations and their solutions are proved in SymPy as lemmas, and the integration by Coq; the bounds
themselves are tested along the flow up to its escape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy

from ....numerics.data.losses import get_loss
from ....numerics.extremal.vectors import extremal_vectors
from ....numerics.oracles.reference import HANDWRITTEN_LOSSES, handwritten_pull, network_outputs
from ....numerics.predict.early_phase import drift_deviation
from ....theory.early import bounds, growth
from ....theory.formal.derivation import Goal, at_most
from ....theory.formal.printing import to_numpy
from ...cases import network_examples
from ...cases.early_starts import EarlyStart, early_starts
from ...cases.strategies import FlowCase, flow_cases
from ...claim.draws import assume, composite, st
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...coq.document import Document
from ...coq.theorems import early
from ...measure.trajectories import DERIVATION, Array, Trajectory, solve, worst

STATEMENT = Relations(growth.STATEMENT)
DERIVATIONS = (growth.derivation,)


def _bounded_by(name: str, bound: sympy.Expr) -> dict[str, sympy.Basic]:
    return {name: at_most(STATEMENT[name].args[0], bound)}


CLAIM = Claim(
    id="early.growth-bound",
    title="S = sum_j a_j^2 grows at most like e^{2 D* t}, and the early phase leaves each |a_j| within lambda^-epsilon",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "dominated start with S(0) = c0 lambda^2",
        "convex and log: the loss is convex in its prediction",
        "smooth: its pull is kappa-Lipschitz, and the denominator is positive",
        "||D_max|| > 0: some drift at h = 0 does not vanish",
        "log and size: at tau = epsilon log(1/lambda)/||D_max||, 0 < epsilon < 1, 0 < lambda < 1",
    ),
    scope="every width, dimension, data set and leak; q = kappa R2/||D_max||; for lambda <= lambda_star the excess of "
    "log_growth over epsilon log(1/lambda) is at most log 2",
    source=Source("Boursier & Flammarion, JMLR 2025", "early phase, control of the norms", "4.1-4.3", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "half the growth rate",
            STATEMENT.altered(**_bounded_by("convex", bounds.initial_size * sympy.exp(bounds.d_star * bounds.time))),
            "n = d = 1, x = y = 1, square loss, a = w = s: D* = 1 and S' = 2 (1 - S) S, which exceeds S while S < 1/2",
        ),
        Mutant(
            "half the deviation of the drift",
            STATEMENT.altered(**_bounded_by("deviation", bounds.field_deviation / 2)),
            "n = d = 1, x = y = 1, square loss, a = w = s: h = s^2 = S, so that the drift is 1 - S beside 1 at h = 0, "
            "and kappa R2 S / 2 = S / 2",
        ),
        Mutant(
            "no growth up to tau",
            STATEMENT.altered(**_bounded_by("size", bounds.initial_size_definition)),
            "n = d = 1, x = y = 1, square loss, a = w = s: S' = 2 (1 - S) S > 0 while S < 1",
        ),
    ),
    depends_on=("flow.balancedness", "flow.domination"),
    names={
        "deviation": "the largest distance of an element of frakD(w, theta) from frakD(w, 0)",
        "S_convex": "S(t) for a loss that is convex in its prediction",
        "S_smooth": "S(t) for a loss whose pull is kappa-Lipschitz",
        "log_growth": "the largest |log|a_j(tau)/a_j(0)||",
        "S_tau": "S(tau)",
        "lambda_star": "the scale at which the excess of log_growth is log 2",
    },
    examples=network_examples.one_balanced_neuron,
)


@symbolic(covers="lemma")
def each_bound_solves_its_comparison_equation(statement: Relations) -> Iterable[Goal]:
    """S' from the model, the Cauchy-Schwarz steps; bound(0) >= S(0) and bound' >= rate(bound) for each bound."""
    return (*growth.rate_goals(), *growth.goals(statement.relations))


@kernel(covers="lemma")
def coq_integrates_the_differential_inequalities(statement: Relations) -> Document:
    """The bounds on S from S' <= 2 D* S and from S' <= 2 (D_max + kappa R2 S) S; not how these come about."""
    return early.growth_bound(statement.relations)


@dataclass(frozen=True)
class EarlyCase:
    """A flow whose start is scaled by lambda = 2^-halvings / sqrt(m), with an exponent epsilon for tau."""

    flow: FlowCase
    halvings: int
    epsilon: Fraction

    @property
    def scale(self) -> float:
        """lambda."""
        return float(2.0**-self.halvings)

    @property
    def start(self) -> tuple[Array, Array]:
        """a (m,) and w (m, d): the unscaled start times lambda/sqrt(m)."""
        factor = self.scale / np.sqrt(len(self.flow.start.a))
        return factor * self.flow.start.a, factor * self.flow.start.w


@dataclass(frozen=True)
class Constants:
    """The constants of theory.md 4 for one case, each computed from the data alone."""

    d_max: float
    d_star: float
    kappa: float
    mean_square_input: float
    spread: float

    @classmethod
    def of(cls, case: EarlyCase) -> Constants:
        """D_max and D* by enumeration, R2 and c0 by their definitions."""
        flow = case.flow
        extremal = extremal_vectors(flow.problem)
        mean_square = float(np.mean(np.sum(flow.data.X**2, axis=1)))
        kappa = get_loss(flow.loss).kappa
        assume(extremal.d_max > 0)  # a hypothesis of the claim: opposite points may cancel in every drift
        return cls(extremal.d_max, extremal.d_star, kappa, mean_square, float(np.mean(flow.start.a**2)))


@composite
def early_cases(draw: st.DrawFn) -> EarlyCase:
    """Dominated or balanced starts at scales 1/2 to 1/512, on data with mixed labels, both losses and any leak."""
    flow = draw(flow_cases(n=(1, 4), d=(1, 3), width=(1, 3), kinds=("balanced", "dominated")))
    epsilon = draw(st.sampled_from((Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))))
    return EarlyCase(flow, draw(st.integers(1, 9)), epsilon)


def _run(case: EarlyCase, times: Array) -> Trajectory:
    flow = case.flow
    return solve(flow.data.X, flow.data.y, *case.start, times, loss=flow.loss, leak=float(flow.leak))


def _size(a: Array, _w: Array) -> Array:
    return np.sum(a**2, axis=1)


def _excess(values: Array, bound: Array, allowed: float, where: dict[str, object]) -> Margin:
    """How far `values` exceed `bound`, beside the reference's error and a few roundings of the bound itself."""
    finite = float(np.max(np.abs(bound), initial=0.0))
    over = float(np.max(values - bound, initial=0.0))
    return Margin(over, allowed + 8 * np.finfo(float).eps * finite, DERIVATION, where)


@property_check(early_cases, quick=12, full=120)
def the_full_flow_stays_below_the_bounds(statement: Relations, case: EarlyCase) -> Margin:
    """S against both growth bounds, |h_k| <= S ||x_k||, and the drifts' distance, up to the time of escape."""
    constants = Constants.of(case)
    times = np.linspace(0.0, (np.log(1 / case.scale) + 1) / constants.d_max, 17)
    trajectory = _run(case, times)
    size, error = trajectory.of(_size), trajectory.error(_size)
    initial = np.full_like(times, size[0])
    convex = to_numpy(statement["convex"].args[1], bounds.initial_size, bounds.d_star, bounds.time)
    margins = [_excess(size, convex(initial, constants.d_star, times), error, {"bound": "convex"})]

    symbols = (bounds.initial_size, bounds.d_max, bounds.curvature_bound, bounds.mean_square_input, bounds.time)
    values = (initial, constants.d_max, constants.kappa, constants.mean_square_input, times)
    valid = to_numpy(bounds.growth_denominator, *symbols)(*values) > 0
    smooth = to_numpy(statement["smooth"].args[1], *symbols)(*values)
    margins.append(_excess(size[valid], smooth[valid], error, {"bound": "smooth"}))

    flow = case.flow
    norms = np.linalg.norm(flow.data.X, axis=1)
    outputs = network_outputs(flow.data.X, trajectory.fine.a, trajectory.fine.w, float(flow.leak))
    reach = size[:, None] * norms
    margins.append(_excess(np.abs(outputs), reach, error * float(norms.max()), {"bound": "|h_k| <= S ||x_k||"}))

    deviation = to_numpy(statement["deviation"].args[1], bounds.curvature_bound, bounds.mean_square_input, bounds.size)(
        constants.kappa, constants.mean_square_input, size
    )
    # The drift inherits the error of h through the Lipschitz pull: at most kappa R2 times the error of S.
    inherited = constants.kappa * constants.mean_square_input * error
    distance = _distance_of_drifts(flow, trajectory, outputs)
    margins.append(_excess(distance, deviation[:, None], inherited, {"bound": "deviation"}))
    return worst(*margins)


def _distance_of_drifts(flow: FlowCase, trajectory: Trajectory, outputs: Array) -> Array:
    """||D_j(theta) - D_j(0)|| with the slopes of each neuron's pattern, shape (T, m)."""
    X, y = flow.data.X, flow.data.y
    change = np.stack([handwritten_pull(h, y, flow.loss) - handwritten_pull(0 * y, y, flow.loss) for h in outputs])
    slopes = np.where(trajectory.fine.w @ X.T > 0, 1.0, float(flow.leak))
    return np.asarray(np.linalg.norm((slopes * change[:, None, :]) @ X / len(y), axis=2))


@property_check(early_cases, quick=12, full=120)
def at_tau_every_neuron_is_within_its_bound(statement: Relations, case: EarlyCase) -> Margin:
    """|log |a_j(tau)/a_j(0)|| and S(tau), and below lambda* also |a_j| <= 2 |a_j(0)| lambda^-epsilon."""
    constants, epsilon = Constants.of(case), float(case.epsilon)
    tau = float(to_numpy(bounds.tau, bounds.epsilon, bounds.scale, bounds.d_max)(epsilon, case.scale, constants.d_max))
    trajectory = _run(case, np.array([0.0, tau]))

    def log_growth(a: Array, _w: Array) -> Array:
        return np.abs(np.log(np.abs(a[-1] / a[0])))

    ratio = constants.kappa * constants.mean_square_input / constants.d_max
    stated_log = to_numpy(
        statement["log"].args[1], bounds.epsilon, bounds.scale, bounds.deviation_ratio, bounds.spread
    )(epsilon, case.scale, ratio, constants.spread)
    stated_size = to_numpy(statement["size"].args[1], bounds.spread, bounds.scale, bounds.epsilon)(
        constants.spread, case.scale, epsilon
    )
    threshold = to_numpy(statement["threshold"].args[1], bounds.deviation_ratio, bounds.spread, bounds.epsilon)(
        ratio, constants.spread, epsilon
    )
    change, error = trajectory.of(log_growth), trajectory.error(log_growth)
    size = trajectory.of(_size)[-1:]
    margins = [
        _excess(change, np.asarray(stated_log), error, {"bound": "log"}),
        _excess(size, np.asarray(stated_size), trajectory.error(_size), {"bound": "size"}),
    ]
    if case.scale <= threshold:
        doubled = np.log(2) + epsilon * np.log(1 / case.scale)
        margins.append(_excess(change, np.asarray(doubled), error, {"bound": "twice lambda^-epsilon"}))
    return worst(*margins)


@property_check(lambda: early_starts(st.integers(64, 1000), n=(1, 4)), covers="lemma", quick=12, full=100)
def the_numbers_in_use_are_those_stated(statement: Relations, case: EarlyStart) -> Margin:
    """c0 of a drawn start by its law, and kappa R2, tau, lambda* as the project prints them, from their definitions.

    ||w_j||^2 m/lambda^2 is a sum of d squared normal variables when balanced, so that the mean c0 of m of them is d, up
    to six times sqrt(2 d/m); a dominated start has a_j^2 = d lambda^2/m, and d/3 for the mean of its ||w_j||^2.
    """
    scale, rounding = 2.0**-20, 32 * float(np.finfo(float).eps)
    prediction, start = case.prediction(scale), case.start(scale)
    m, d = start.w.shape
    balanced = case.kind == "balanced"
    weights = float(np.sum(start.w**2)) / scale**2
    outputs = float(np.sum(start.a**2)) / scale**2
    spread = 6 * np.sqrt(2 * d / m)
    mean_square = float(np.mean(np.sum(case.data.X**2, axis=1)))
    kappa = HANDWRITTEN_LOSSES[case.loss].curvature
    margins = [
        Margin(abs(outputs - d), spread if balanced else rounding * d, "six standard deviations", {"c0": outputs}),
        Margin(abs(weights - (d if balanced else d / 3)), spread, "six standard deviations", {"w": weights}),
        Margin(
            abs(float(np.mean(start.a > 0)) - 0.5), 3 / np.sqrt(m), "six standard deviations", {"a > 0": start.a > 0}
        ),
        Margin(
            abs(drift_deviation(case.problem) / (kappa * mean_square) - 1),
            rounding,
            "rounding of kappa R2",
        ),
    ]
    assume(prediction.extremal.d_max > 0)
    assert prediction.tau is not None
    assert prediction.scale_threshold is not None
    epsilon, d_max = float(case.epsilon), prediction.extremal.d_max
    horizon = epsilon * 20 * np.log(2) / d_max
    symbols = (bounds.deviation_ratio, bounds.spread, bounds.epsilon)
    threshold = to_numpy(statement["threshold"].args[1], *symbols)(kappa * mean_square / d_max, outputs, epsilon)
    return worst(
        *margins,
        Margin(abs(prediction.tau / horizon - 1), rounding, "rounding of tau"),
        Margin(abs(prediction.scale_threshold / float(threshold) - 1), rounding / (1 - epsilon), "rounding of lambda*"),
    )
