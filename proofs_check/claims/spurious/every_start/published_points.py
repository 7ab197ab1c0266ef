"""Theory.md 9.1: Theorem A covers the published experiment, with a cone that is narrower than the closure of K.

Theorem. On the published three points let C be the cone between the rays (4, 3) and (-17, 40). It lies in the closure
of K = {w : <w, x_k> > 0 for all k}, holds b = (1/n) sum y_k x_k in its interior, and satisfies the cone condition

    (C)  <b - H beta, v> > 0 for both normals v and all beta on the facet of v with beta^T H beta <= 2 <b, beta>,

since <b, v> <e, He> - 2 <b, e> <He, v> is 5011/1440 and 6187291/2880 at the rays e, with v = (-3, 4) and (40, 17). The
closure of K itself does not: at its ray (-8, 1) the number is -6413/180. With the cone that `certify --every-start
--condition C` finds, all inequalities of Theorem A hold for C_0 = 1, delta = 1/10 and lambda_0 = 10^-8.371. (The limit
path gives 10^-6.758 without a cone: `spurious.limit-path`.) Those of Theorem A' hold with another cone, without delta,
for lambda_0 = 10^-51.992.

Consequence (Theorem A, `spurious.every-start`; without the condition on neurons with a < 0 Theorem A',
`spurious.data-only`): for every width and every lambda <= lambda_0, every dominated start
with sum a_j^2 <= lambda^2, no neuron on a hyperplane, a neuron with a > 0 active on some point, and no neuron with
a < 0 nearer to its repeller than tan(theta/2) = 1/10, ends at the least-squares fit.

Source: this project; data of Boursier and Flammarion, JMLR 2025, section 3.
Certified: the numbers of (C) in rationals, and a certificate that is checked by code that shares nothing with the
prover. `certify` and `recheck` are also tried on other data, and on certificates that violate one condition each.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain

from ....claim.evidence import Certificate, Run, certified
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....known.answers import each_as_known
from ....known.false_every_start import every_start_answers
from ....known.false_three_points import three_points_answers
from ....measure.spurious.every_start.published_points import other_certificates, theorem_a_on_the_published_points


def _exponent_in_latex(value: Fraction) -> str:
    """The exponent of lambda_0."""
    return f"{-float(value):.6g}"


STATEMENT = Predicate(
    "Theorem A on the published points",
    r"\text{(C) between the rays } $rays: "
    r"\langle b,v\rangle\langle e,He\rangle - 2\langle b,e\rangle\langle He,v\rangle = $numbers > 0;\quad "
    r"\lambda \le 10^{$exponent},\ \textstyle\sum_j a_j^2 \le $bound \lambda^2,\ "
    r"\tan\tfrac\vartheta2 \ge $delta,\ $live j: a_j > 0 \text{ active} \implies h(x_k) \to \langle\beta^*, x_k\rangle;"
    r"\quad \lambda \le 10^{$any_angle} \text{ for every } \vartheta",
    {
        "rays": ((4, 3), (-17, 40)),
        "numbers": (Fraction(5011, 1440), Fraction(6187291, 2880)),
        "exponent": Fraction(8371, 1000),
        "any_angle": Fraction(6499, 125),
        "bound": Fraction(1),
        "delta": Fraction(1, 10),
        "live": True,
    },
    words={
        "live": {True: r"\exists", False: r"\nexists"},
        "exponent": _exponent_in_latex,
        "any_angle": _exponent_in_latex,
    },
)

CLAIM = Claim(
    id="spurious.published-points",
    title="On the published points (C) holds in a narrower cone, and Theorem A with lambda_0 = 10^-8.371",
    kind="exact instance",
    statement=STATEMENT,
    hypotheses=(
        "the published three points with bias, square loss, ReLU; regular solutions",
        "dominated start, no neuron on a hyperplane; theta is the angle of a neuron with a < 0 from its repeller, with "
        "cos(theta) = <w, D_A>/(|a| ||D_A||) for the points A on which it is active",
    ),
    scope="this data set, every width; that the inequalities of the certificate imply the limit is Theorem A, whose "
    "last steps are calculus by hand. Also tried: data in dimensions 1 to 3 with up to 33 points",
    source=Source("this project", "Theorem A for the published points", "9.1"),
    needs=("certified",),
    mutants=(
        Mutant(
            "the closure of K as the cone",
            STATEMENT.altered(rays=((4, 3), (-8, 1)), numbers=(Fraction(5011, 1440), Fraction(6413, 180))),
            "at e = (-8, 1), v = (1, 8): <b, v> = 203/40, <b, e> = 41/15 and the number is -6413/180 < 0",
        ),
        Mutant(
            "lambda up to 10^0.6",
            STATEMENT.altered(exponent=Fraction(-3, 5)),
            "the neurons (1/2, 0, 1/5), (3, -20/9, -4/3), (3/2, 56/39, 56/195) fit the points and have sum a^2 = 23/2, "
            "less than 10^1.2",
        ),
        Mutant(
            "at any angle lambda up to 10^0.6",
            STATEMENT.altered(any_angle=Fraction(-3, 5)),
            "the same neurons: none of them has a < 0",
        ),
        Mutant(
            "no live neuron with a > 0",
            STATEMENT.altered(live=False),
            "one neuron a = -lambda, w = lambda (0, 1): h <= 0 for ever; theta is 21 degrees",
        ),
    ),
    depends_on=("spurious.every-start", "spurious.sharper-times", "spurious.data-only-scale"),
)


@certified(timeout=600.0)
def condition_c_and_a_certificate(statement: Predicate, run: Run) -> Certificate:
    """Both numbers of (C) at the published points, and the certificate by (C), checked again."""
    return theorem_a_on_the_published_points(statement)


@certified(covers="lemma", timeout=600.0)
def certificates_of_other_data_are_accepted(statement: Predicate, run: Run) -> Certificate:
    """Two to 33 points in dimensions 1 to 3, where the barrier decides and where there are too many cells."""
    return other_certificates()


@certified(covers="lemma")
def the_checker_decides_each_condition(statement: Predicate, run: Run) -> Certificate:
    """Certificates written by hand: for each condition one that barely violates it, and one that satisfies it."""
    return each_as_known(chain(every_start_answers(), three_points_answers()))
