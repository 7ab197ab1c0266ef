"""Theory.md 6.5: a network started small aligns, fits, and ends as a single neuron.

Theorem. Let y_k = max(<v, x_k>, 0), every angle between v and x_k be below pi/4 (square loss, ReLU, d >= 2), gamma =
(1/n) sum_k y_k x_k and T_1 = epsilon log(1/lambda)/||gamma||, 0 < epsilon < 4/5. From a balanced start outside a null
set in which some a > 0 neuron is active, for small lambda: at T_1 all live a > 0 neurons are active on all points with
cos(w_j, gamma) >= 1 - lambda^epsilon, and all a < 0 neurons are dead; then L -> 0; and if the points span R^d

    sum_j ||w_j||^2 - ||v|| = O(lambda^2).

Source: Chistikov, Englert and Lazic, NeurIPS 2023 (restated).
Tested on random data in d = 2 and 3, widths 1 to 60, at a scale that the start decides; the exponent 2 by slopes
against log(lambda) from lambda = 1e-3 to 1e-12.
"""

from __future__ import annotations

from fractions import Fraction

from ...cases.bias.teacher import TeacherCase, teacher_cases
from ...cases.early.early_starts import SMALL_ENOUGH
from ...claim.evidence import Margin, Run, property_check, scaling
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.bias.single_neuron_teacher import aligned_and_fitted, excess_exponent

STATEMENT = Predicate(
    "one teacher neuron",
    r"y_k = \sigma(\langle v, x_k\rangle),\ \angle(v, x_k) < $cosine_squared,\ 0 < \epsilon < $epsilon,\ \lambda "
    r"\text{ small} \implies T_1:\ a_j > 0 \text{ live} \Rightarrow \langle w_j, x_k\rangle > 0\ \forall k,\ "
    r"\cos(w_j, \gamma) \ge 1 - \lambda^\epsilon;\ a_j < 0 \Rightarrow \text{dead};\quad L \to 0;\quad "
    r"\textstyle\sum_j \|w_j\|^2 - \|v\| = O(\lambda^$excess)",
    {"cosine_squared": Fraction(1, 2), "epsilon": Fraction(4, 5), "excess": 2},
    words={"cosine_squared": {Fraction(1, 2): r"\pi/4", Fraction(0): r"\pi/2"}},
)

CLAIM = Claim(
    id="bias.single-neuron-teacher",
    title="Labels of one neuron v, angles to v below pi/4: small starts align with gamma, fit, and end as one neuron v",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU, d >= 2, balanced start outside a null set; some a > 0 neuron is active on some point",
        "gamma = (1/n) sum_k y_k x_k, T_1 = epsilon log(1/lambda)/||gamma||",
        f"{SMALL_ENOUGH}, with epsilon/2 in place of epsilon; and q c0 lambda^{{2 - 5 epsilon/2}} <= 2: by 4.3 the "
        "angle to gamma at T_1 is then at most 2 tan(pi/8) e^{||gamma|| T} lambda^epsilon + (q c0/2) "
        "lambda^{2 - 2 epsilon} < sqrt(2 lambda^epsilon)",
        "the excess over ||v||: the points span R^d",
    ),
    scope="n <= 6, d = 2 and 3, widths 1 to 60, least eigenvalue of H at least 1/1000 of the largest; lambda decided "
    "from the start, down to 1e-90. The excess: widths 8 to 40, at least 1/100, lambda from 1e-3 to 1e-12. In d = 1 a "
    "neuron with a < 0 that starts active shrinks and never dies",
    source=Source("Chistikov, Englert & Lazic, NeurIPS 2023", "one teacher neuron", "6.5", restated=True),
    needs=("property", "scaling"),
    mutants=(
        Mutant(
            "angles below pi/2",
            STATEMENT.altered(cosine_squared=Fraction(0)),
            "v = (0, 1), x = (-1, 1/8), (1, 1/8), y = (1/8, 1/8), one neuron a = ||w||, w along (1, 0): its drift is "
            "(1/16) (1, 1/8), and <x_1, x_2> < 0, so that it never becomes active on x_1",
        ),
        Mutant(
            "every epsilon < 1",
            STATEMENT.altered(epsilon=Fraction(1)),
            "x = (1, 0), (1, 1/2), v = (2, 1), one neuron a = ||w|| aligned with gamma, epsilon = 15/16: h is of the "
            "order lambda^{1/8} at T_1 and turns the drift away from gamma, H gamma not being parallel to it, so that "
            "1 - cos is of the order lambda^{1/4}, more than lambda^{15/16}",
        ),
        Mutant(
            "the excess falls like lambda",
            STATEMENT.altered(excess=1),
            "two neurons a = ||w|| = lambda on all points: A = a_1 a_2 - <w_1, w_2>, which is lambda^2 (1 - cos), is "
            "constant, and (sum a^2)^2 - ||sum a w||^2 = 2 a_1 a_2 A is of the order lambda^2",
        ),
    ),
    depends_on=("alignment.fates", "early.alignment", "early.growth-bound"),
)


@property_check(teacher_cases, quick=16, full=250)
def small_starts_align_and_fit(statement: Predicate, case: TeacherCase) -> Margin:
    """The flow at T_1, and later: nothing can change a pattern any more, and the loss tends to 0 (5.5)."""
    return aligned_and_fitted(statement, case)


@scaling()
def the_excess_over_one_neuron(statement: Predicate, run: Run) -> Margin:
    """Slopes of log(sum ||w_j||^2 - ||v||) against log(lambda) over nine decades, one start each.

    The remainder of the leading term falls with lambda, so that the slope over the last block is at most as far from
    its limit as from that of the block before. At the smallest lambda the sum itself is compared with ||v||.
    """
    return excess_exponent(statement, run)
