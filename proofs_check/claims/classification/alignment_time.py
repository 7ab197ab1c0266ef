"""Theory.md 6.6: on correlated data every neuron takes its side, or dies, within a known time.

Theorem. Let <y_i x_i, y_j x_j> >= mu ||x_i|| ||x_j|| with mu > 0 (logistic loss, ReLU, balanced start), let no
neuron start deeper than c < sqrt(mu): sign(a_j) <w_j, y_k x_k> >= -c |a_j| ||x_k||. For small lambda, from t_1 on,
every neuron is active exactly on the points with y_k = sign(a_j), or on none, where in the time of the sum loss

    t_1 = (1 + o(1)) 2 artanh(c/sqrt(mu))/(sqrt(mu) min ||x_k||).

Proof. Let a > 0, z_i = y_i x_i, P = min_i <w, z_i>/||x_i||, and s = sum |p_i| ||x_i|| over the points that act on
the neuron. Then s >= min p min ||x||, P' >= mu s a and a' >= s P, a cooperative comparison: P >= 0 once s t =
artanh(-P(0)/(sqrt(mu) a(0)))/sqrt(mu).

Source: Min, Mallada and Vidal, ICLR 2024, early alignment, where t_1 is C log n/(sqrt(mu) min ||x_k||) (restated).
Tested with n <= 8, d <= 5, widths to 40, lambda down to 1e-90; from other starts neurons have taken sides by tau.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ....numerics.data.start import make_start
from ....numerics.flow.simulation import Simulation, simulate
from ....theory.formal.printing import to_numpy
from ...cases.correlated import correlated_datasets, least_correlation
from ...cases.early_starts import SMALL_ENOUGH, SMALLEST, STANDING, EarlyStart, small_enough
from ...claim.draws import assume, composite, st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.engine_runs import check_resolved
from ...measure.trajectories import Array, worst

mu, depth, length = sympy.symbols("mu c X", positive=True)
"""The least correlation; how deep a start may be; the length of the shortest input."""


def _time(correlation: sympy.Expr) -> sympy.Expr:
    """The bound on the time of the sum loss at pulls of size 1/2, for this least correlation."""
    return 2 * sympy.atanh(depth / sympy.sqrt(correlation)) / (sympy.sqrt(correlation) * length)


STATEMENT = Predicate(
    "time of alignment",
    r"\langle y_i x_i, y_j x_j\rangle \ge \mu\|x_i\|\|x_j\|,\ \mathrm{sign}(a_j) \langle w_j(0), y_k x_k\rangle "
    r"\ge -c\,|a_j(0)|\,\|x_k\|,\ c < $deepest \implies t \ge t_1:\ \{k: \langle w_j, x_k\rangle > 0\} = "
    r"\{k: y_k = \mathrm{sign}(a_j)\}$dead,\ t_1 = (1 + o(1))\, $time",
    {"deepest": sympy.sqrt(mu), "time": _time(mu), "dead": True},
    words={"dead": {True: r"\text{ or } \emptyset", False: ""}},
)

CLAIM = Claim(
    id="classification.alignment-time",
    title="On correlated data every neuron is on its class or dead by t_1 = C/(sqrt(mu) min ||x||), C from the start",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "logistic loss, ReLU, balanced start; X = min ||x_k||; t_1 is a time of the sum loss: the mean loss, which is "
        "followed here, takes n times as long",
        "C = 2 artanh(c/sqrt(mu)); published is C log n with another C. A start less deep than sqrt(mu) is away from "
        "every repeller: on -D/||D|| some point has <D, y_k x_k> >= sqrt(mu) ||D|| ||x_k||",
        "small: lambda^2 c0 e^{t_1 sum ||x_k||} max ||x_k|| <= 2/1000, so that S <= S(0) e^{2 D* t} leaves every pull "
        "within 1/1000 of 1/2; t_1 is then longer by that share",
        "other starts: near a repeller there is no such bound, but by tau they have taken sides, for ever. "
        f"There {SMALL_ENOUGH}",
    ),
    scope="n <= 8, d <= 5, widths 1 to 40, scales down to 1e-90; the exponential loss is left out",
    source=Source("Min, Mallada & Vidal, ICLR 2024", "early neuron alignment", "6.6", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "mu replaced by 1",
            STATEMENT.altered(deepest=sympy.Integer(1), time=_time(sympy.Integer(1))),
            "z_i = y_i x_i = (1, 0), (m, sqrt(1 - m^2)) with small mu = m, both y = 1, a = ||w||, w along (sqrt(3)/2, "
            "-1/2): c is about 1/2 and the time claimed log 3, but with D = z_1/2 the neuron reaches the second point "
            "when m (sinh(t/2) + (sqrt(3)/2) (cosh(t/2) - 1)) is about 1/2, t about 2 log(1/(2m))",
        ),
        Mutant(
            "no neuron dies",
            STATEMENT.altered(dead=False),
            "n = 1, y = 1, a > 0, <w, x> < 0: nothing ever acts on the neuron",
        ),
    ),
    depends_on=("alignment.fates", "early.alignment", "early.growth-bound"),
)

DEVIATION = 1e-3
"""How far, as a share of 1/2, a pull may be from that at h = 0."""
TOLERANCE = 1e-9


@dataclass(frozen=True)
class CorrelatedStart:
    """Correlated data and a balanced start, moved so that no neuron is deeper than `share` of what is allowed."""

    data: Dataset
    width: int
    seed: int
    share: Fraction

    def unscaled(self, floor: float) -> tuple[Array, Array]:
        """Weights a (m,) and w (m, d) at scale 1, no deeper than share times `floor`.

        Neurons that are deeper are moved along the sum of the unit vectors y_k x_k/||x_k||, whose products with these
        are positive, or against it where a < 0.
        """
        start = make_start(self.width, 1.0, self.seed, "balanced", self.data.d)
        sign, w = np.sign(start.a), start.w.copy()
        axis = _unit_points(self.data).sum(axis=0)
        while np.any(deep := depths(self.data, sign, w) > float(self.share) * floor):
            w[deep] += sign[deep, None] * np.linalg.norm(w[deep], axis=1, keepdims=True) * axis / 16
        return sign * np.linalg.norm(w, axis=1), w


def _unit_points(data: Dataset) -> Array:
    """y_k x_k / ||x_k||, shape (n, d)."""
    found: Array = data.y[:, None] * data.X / np.linalg.norm(data.X, axis=1, keepdims=True)
    return found


def depths(data: Dataset, sign: Array, w: Array) -> Array:
    """The least c >= 0 with sign(a_j) <w_j, y_k x_k> >= -c ||w_j|| ||x_k|| for all k, per neuron: shape (m,)."""
    cosines = sign[:, None] * (w @ _unit_points(data).T) / np.linalg.norm(w, axis=1, keepdims=True)
    found: Array = np.maximum(-cosines.min(axis=1), 0.0)
    return found


def correlated_starts() -> st.SearchStrategy[CorrelatedStart]:
    """One to eight correlated points in R^2 to R^5, widths 1 to 40."""
    return st.builds(
        CorrelatedStart,
        correlated_datasets((1, 8), (2, 5)),
        st.one_of(st.integers(1, 3), st.integers(4, 40)),
        st.integers(0, 10**6),
        st.sampled_from((Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(15, 16))),
    )


def barely_correlated() -> tuple[CorrelatedStart]:
    """Two points with mu of about 1/16 and starts that may be deep: sides are taken long after mu = 1 would have it."""
    inputs = ((Fraction(1), Fraction(0)), (Fraction(1, 16), Fraction(1)))
    return (CorrelatedStart(Dataset(inputs, (Fraction(1), Fraction(1))), 40, 0, Fraction(15, 16)),)


@property_check(correlated_starts, quick=23, full=600, edges=barely_correlated)
def sides_are_taken_in_time(statement: Predicate, case: CorrelatedStart) -> Margin:
    """The last event, which must have left every neuron on the class of its sign or dead; C is measured from it."""
    data, least = case.data, least_correlation(case.data)
    deepest = float(to_numpy(statement["deepest"], mu)(least))
    shortest, total = float(_lengths(data).min()), float(_lengths(data).sum())
    a, w = case.unscaled(deepest)
    found = float(depths(data, np.sign(a), w).max())
    bound = to_numpy(statement["time"], mu, depth, length)
    time = float(bound(least, found, shortest)) / (1 - DEVIATION)
    assume(time > 0)
    # D* <= D_max <= (1/2n) sum ||x_k||, over the time n t_1 of the mean loss: 2 D* t <= t_1 sum ||x_k||.
    reach = math.log(2 * DEVIATION / (float(a @ a) * float(_lengths(data).max())))
    scale = math.exp(min((reach - time * total) / 2, 0.0))
    assume(scale > SMALLEST)
    end = 2 * data.n * time
    result = simulate(
        Problem(data, "logistic"), Network(scale * a, scale * w), end, tolerance=TOLERANCE, times=[end], history=True
    )
    check_resolved(result)
    where = {"mu": least, "depth": found, "scale": scale} | _measured(data, result, least)
    return worst(
        Margin(_last_event(data, result), time, "artanh(c/sqrt(mu))/(sqrt(mu) min p min ||x||)", where),
        _sides(statement, data, result, where),
    )


def _lengths(data: Dataset) -> Array:
    lengths: Array = np.linalg.norm(data.X, axis=1)
    return lengths


def _last_event(data: Dataset, result: Simulation) -> float:
    """The time, in that of the sum loss, of the last change of a pattern: t = t_mean / n."""
    return max((event.time for event in result.history or ()), default=0.0) / data.n


def _measured(data: Dataset, result: Simulation, least: float) -> dict[str, object]:
    """The published C: t_1 sqrt(mu) min ||x|| / log n, for n >= 2."""
    if data.n < 2:
        return {}
    return {"C": _last_event(data, result) * math.sqrt(least) * float(_lengths(data).min()) / math.log(data.n)}


def _sides(statement: Predicate, data: Dataset, result: Simulation, where: dict[str, object]) -> Margin:
    """How many neurons are, at the end, active on something else than the class of their sign, or nothing."""
    sines = result.w @ data.X.T / np.linalg.norm(result.w, axis=1)[:, None] / _lengths(data)
    active, inactive = sines > STANDING, sines <= STANDING
    on_its_class = np.where(data.y == np.sign(result.a)[:, None], active, inactive).all(axis=1)
    dead = inactive.all(axis=1) & statement["dead"]
    return Margin(float(np.sum(~on_its_class & ~dead)), 0.0, "on its class, or dead: there is no other neuron", where)


@composite
def any_starts(draw: st.DrawFn) -> EarlyStart:
    """Correlated data in the plane and in space with an unrestricted balanced start."""
    data, width = draw(correlated_datasets((1, 5), (2, 3))), draw(st.integers(1, 40))
    below = Fraction(1, 10 ** draw(st.integers(0, 3)))
    return EarlyStart(
        data, "logistic", Fraction(0), width, "balanced", draw(st.integers(0, 10**6)), Fraction(1, 2), below
    )


LONGER = 4
"""The flow is followed up to so many times tau: the network has long escaped, and no pattern may change after tau."""


@property_check(any_starts, quick=12, full=250)
def sides_are_taken_from_any_start(statement: Predicate, case: EarlyStart) -> Margin:
    """By tau, decided from the start, every neuron is on its class or dead, and nothing changes later."""
    early_phase, data = small_enough(case), case.data
    start, tau = early_phase.start, early_phase.tau
    result = simulate(
        Problem(data, "logistic"), start, LONGER * tau, tolerance=TOLERANCE, times=[LONGER * tau], history=True
    )
    check_resolved(result)
    where = {"scale": start.scale, "tau": tau} | _measured(data, result, least_correlation(data))
    return worst(
        _sides(statement, data, result, where),
        Margin(_last_event(data, result), tau / data.n, "tau, decided from the start", where),
    )
