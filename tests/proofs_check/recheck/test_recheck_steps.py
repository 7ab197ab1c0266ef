"""Steps of the checker that a whole false certificate reaches only after others have failed, each on its own."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import flint
import pytest

from early_alignment.proofs_check.recheck import conclusion
from early_alignment.proofs_check.recheck.phase_two import PhaseTwoCheck, check_trap
from early_alignment.proofs_check.recheck.plane import Rejected, data_of

F = Fraction
SQUARE = {"data": {"inputs": ((F(1), F(1, 10)), (F(1, 10), F(1)), (F(1), F(1))), "labels": (F(1), F(1), F(3))}}
PUBLISHED = {
    "data": {"inputs": ((F(-3, 4), F(1)), (F(-1, 2), F(1)), (F(1, 8), F(1))), "labels": (F(11, 10), F(1, 10), F(4, 5))}
}


def tube(left, right, eta="0", tail=1, mu="1/10", size="1/1000", tangent="1/100", fields=PUBLISHED) -> PhaseTwoCheck:
    early = SimpleNamespace(size=F(size), tangent=F(tangent), time=F(0), grown=flint.arb(1))
    rows = [tuple(tuple(map(F, S)) for S in side) for side in (left, right)]
    stated = {**fields, "tube": {"left": rows[0], "right": rows[1], "tail": tail}, "trap": {"mu": F(mu)}}
    found = PhaseTwoCheck(data_of(fields), early, stated)
    found.eta, found.time = flint.arb(eta), flint.arb(0)
    return found


def rejected(step, *arguments) -> str:
    with pytest.raises(Rejected) as caught:
        step(*arguments)
    return str(caught.value)


def test_parallel_inputs_are_rejected():
    fields = {"data": {"inputs": ((F(1), F(2)), (F(2), F(4))), "labels": (F(1), F(1))}}
    assert "all parallel" in rejected(data_of, fields)


def test_the_first_cell_must_reach_beyond_the_size():
    ends = [("-0.05", "0.1")], [("-0.03", "0.1")]
    tube(*ends, size="9/100")._entry()
    assert "ends before early.size" in rejected(tube(*ends, size="11/100")._entry)


def test_a_cell_must_not_contain_the_limit():
    u, v, d = F(-4, 65), F(251, 390), F(1, 20)
    around = tube([(u - d, v - d), (u - d, v + d)], [(u + d, v - d), (u + d, v + d)])
    assert "holds beta*" in rejected(around._cell, 1)


def test_a_cell_must_keep_all_neurons_active():
    """The same cell on other data: (1, 1/10) is a right angle or more away from its left corners."""
    cell = [("0.2", "0.3"), ("0.2", "0.7")], [("0.3", "0.2"), ("0.7", "0.2")]
    tube(*cell, fields=SQUARE)._cell(1)
    leaning = [("-0.04", "0.3"), ("-0.1", "0.7")], [("0.3", "0.2"), ("0.7", "0.2")]
    assert "may leave the half-plane of a point" in rejected(tube(*leaning, fields=SQUARE)._cell, 1)


def test_neurons_must_grow_in_the_head():
    """<D, S> at (3/2, 3/2) is negative for beta* near (5/4, 5/4); and large eta leaves no sign to single neurons."""
    beyond = tube([("0.2", "0.3"), ("1.4", "1.6")], [("0.3", "0.2"), ("1.6", "1.4")], fields=SQUARE, tail=2)
    assert "<D, S> is not positive" in rejected(beyond._head, 1)
    before = [("0.2", "0.3"), ("0.4", "0.6")], [("0.3", "0.2"), ("0.6", "0.4")]
    assert tube(*before, fields=SQUARE, eta="0.001")._head(1) < 1
    assert "may shrink" in rejected(tube(*before, fields=SQUARE, eta="0.4")._head, 1)


def test_the_tail_must_be_in_the_half_plane_of_the_limit():
    behind = tube([("0.1", "-0.2"), ("0.1", "-0.1")], [("0.2", "-0.2"), ("0.2", "-0.1")])
    assert "half-plane of beta*" in rejected(behind._tail_factor)


def test_the_tail_factor_is_that_of_the_formula():
    """exp(2 sqrt(2 Delta/mu)/q) by floats."""
    found = tube([("-0.1", "0.3"), ("-0.1", "0.5")], [("0", "0.3"), ("0", "0.5")])
    H, beta = ((53 / 192, -0.375), (-0.375, 1.0)), (-4 / 65, 251 / 390)

    def excess(S):
        e = (beta[0] - S[0], beta[1] - S[1])
        return sum(e[i] * H[i][j] * e[j] for i in range(2) for j in range(2)) / 2

    norm = (beta[0] ** 2 + beta[1] ** 2) ** 0.5
    q = min((S[0] * beta[0] + S[1] * beta[1]) / norm for S in ((-0.1, 0.3), (0, 0.3), (-0.1, 0.5), (0, 0.5)))
    worst = max(excess((-0.1, 0.3)), excess((0, 0.3)))
    expected = flint.arb(2 * (2 * worst / 0.1) ** 0.5 / q).exp()
    assert abs(float(found._tail_factor()) / float(expected) - 1) < 1e-12


@pytest.mark.parametrize(
    ("distance", "sentence"), [(F(7, 10), "not below ||beta*||"), (F(1, 100), "below sqrt(2 Delta")]
)
def test_the_trap_must_be_near_enough(distance, sentence):
    found = tube([("-0.07", "0.64")], [("-0.05", "0.64")])
    fields = {"trap": {"distance": distance, "time": F(10)}}
    assert sentence in rejected(check_trap, found.data, found, fields)


def test_the_trap_needs_neurons_of_similar_direction():
    fields = {"trap": {"distance": F(1, 10), "time": F(10)}}
    ends = [("-0.07", "0.64")], [("-0.05", "0.64")]
    check_trap(tube(*ends).data, tube(*ends), fields)
    spread = tube(*ends, eta="0.4")
    assert "may still leave" in rejected(check_trap, spread.data, spread, fields)


def test_an_interpolating_limit_is_not_spurious():
    line = {"data": {"inputs": PUBLISHED["data"]["inputs"], "labels": (F(7, 4), F(3, 2), F(7, 8))}}
    data = data_of(line)
    assert data.beta == (F(-1), F(1))
    stated = {"limit": data.beta, "outputs": line["data"]["labels"], "loss": F(0)}
    assert "interpolates" in rejected(conclusion, data, stated)
