"""The largest eta of every inequality on three points: proved up to it, false beyond it, checked twice."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy
from sympy import Rational

from early_alignment.theory.positivity.algebraic import Root
from early_alignment.theory.positivity.prover import NotProved, Prover
from early_alignment.theory.spurious import first_failures as failures
from early_alignment.theory.spurious import sharp
from early_alignment.theory.spurious import three_points as points

NAMES = points.NAMES
BOUNDED = tuple(failures.FAILURES)
NEAR = Rational(1, 10**12)


def prove(name: str, largest: Root | None) -> tuple[bool, bool, bool]:
    prover = Prover(sharp.RANGES, points.eta, largest)
    return tuple(prover.prove(points.inequalities()[name], sharp.steps_for(name)))


@pytest.mark.parametrize("name", NAMES)
def test_each_inequality_holds_up_to_its_constant(name):
    claimed = sharp.CONSTANTS[name]
    expected = (True, True, claimed.attained or claimed.largest is None)
    assert prove(name, claimed.largest) == expected


@pytest.mark.parametrize("name", BOUNDED)
def test_no_proof_goes_beyond_the_constant(name):
    largest = sharp.CONSTANTS[name].largest
    beyond = Root.rational(Rational(largest.decimal(12)) + NEAR)
    with pytest.raises(NotProved, match=r"is not non-negative|not positive"):
        prove(name, beyond)


@pytest.mark.parametrize("name", BOUNDED)
def test_each_inequality_fails_beyond_its_constant(name):
    claimed = sharp.CONSTANTS[name]
    until = Rational(claimed.largest.decimal(12)) + Rational(1, 10**9)
    assert failures.fails_from(name, claimed.largest, until)
    assert failures.fails_at(name, claimed.largest) is not claimed.attained
    found = failures.counterexample(name, Rational(claimed.largest.decimal(12)) + NEAR)
    assert found["value"] <= 0
    below = claimed.largest.low if claimed.largest.low == claimed.largest.high else Rational(claimed.largest.decimal())
    assert failures.counterexample(name, below - NEAR) is None


def by_hand(name: str, x: list[tuple[Fraction, Fraction]], y: list[Fraction]) -> Fraction:
    """The quantity of the inequality itself, least squares by Cramer's rule, in fractions."""
    inner = [[a[0] * b[0] + a[1] * b[1] for b in x] for a in x]
    body = name.split(" ")[0] if name[0] == "r" else name[: name.rindex(" ", 0, -2)]
    if body.startswith("<x_"):
        return inner[int(body[3]) - 1][int(body[-2]) - 1]
    if body.startswith("<D_"):
        active = [int(k) - 1 for k in body[4 : body.index("}")].split(",")]
        return sum((y[k] * inner[k][int(body[-2]) - 1] for k in active), Fraction(0))
    p, q, r = (sum(a[i] * a[j] for a in x) for i, j in ((0, 0), (0, 1), (1, 1)))
    determinant = p * r - q * q
    if body == "det H":
        return determinant
    s, t = (sum(a[i] * b for a, b in zip(x, y, strict=True)) for i in (0, 1))
    beta = ((s * r - t * q) / determinant, (p * t - q * s) / determinant)
    k = int(body[-2] if body[0] == "<" else body[-1]) - 1
    fitted = beta[0] * x[k][0] + beta[1] * x[k][1]
    return fitted if body[0] == "<" else (y[k] - fitted) * (-1 if "<" in name else 1)


def drawn(source: random.Random, eta: Fraction) -> tuple[list[tuple[Fraction, Fraction]], list[Fraction]]:
    """Data in T(eta), mostly at ends or next to open ones."""

    def share(low_open: bool = False) -> Fraction:
        tiny = Fraction(1, 10**9)
        s = source.choice((Fraction(0), Fraction(1), Fraction(1), Fraction(source.randint(1, 63), 64)))
        return max(s, tiny) if low_open else s

    one = Fraction(1)
    x = [
        (-one + eta * share(True), one + eta * share()),
        (-eta + 2 * eta * share(), one - eta + 2 * eta * share()),
        (one - eta * share(True), one + eta * share()),
    ]
    return x, [one + eta * share(), eta * share(True), one + eta * share()]


@pytest.mark.parametrize("name", NAMES)
def test_data_inside_the_constant_obey_the_inequality_written_by_hand(name):
    """An oracle without minors and polynomials; eta at the constant or 1e-12 below it, corners above all."""
    source = random.Random(name)
    claimed = sharp.CONSTANTS[name]
    eta = Fraction(5) if claimed.largest is None else Fraction(claimed.largest.decimal(15))
    if not claimed.attained:
        eta -= Fraction(1, 10**12)
    for _ in range(400):
        x, y = drawn(source, eta)
        assert by_hand(name, x, y) > 0, (eta, x, y)


@pytest.mark.parametrize("name", [name for name in BOUNDED if name != "det H > 0"])
def test_the_counterexamples_fail_in_a_calculation_by_hand(name):
    largest = sharp.CONSTANTS[name].largest
    found = failures.counterexample(name, Rational(largest.decimal(12)) + NEAR)
    values = {key: Fraction(int(value.p), int(value.q)) for key, value in found.items()}
    x = [(values[f"p{k}"], values[f"q{k}"]) for k in (1, 2, 3)]
    assert by_hand(name, x, [values[f"y{k}"] for k in (1, 2, 3)]) <= 0


def test_three_points_on_a_ray_have_no_unique_fit():
    """det H = 0 in T(eta) for every eta >= 1: the polynomial is zero there, not negative."""
    found = failures.counterexample("det H > 0", Rational(1))
    assert found is not None
    assert found["value"] == 0
    assert failures.counterexample("det H > 0", Rational(999, 1000)) is None


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("r_1 > 0", {"q3": Rational(3)}, "x_3 lies above the box"),
        ("<x_1, x_2> > 0", {"p2": 2 * points.eta}, "x_2 lies beside the box"),
        ("<x_1, x_3> > 0", {"p1": Rational(-1), "p3": Rational(1)}, "the value is zero, but only at open ends"),
        ("<x_1, x_2> > 0", {"q2": Rational(1)}, "the value is positive"),
    ],
)
def test_moving_data_that_violate_nothing_are_not_accepted(name, data, why, monkeypatch):
    place = {str(entry.symbol): value for entry, value in zip(sharp.RANGES, failures.FAILURES[name], strict=True)}
    moved = tuple(sympy.sympify(value) for value in {**place, **data}.values())
    until = Rational(sharp.CONSTANTS[name].largest.decimal()) + Rational(1, 10**9)
    assert failures.fails_from(name, sharp.CONSTANTS[name].largest, until)
    monkeypatch.setattr(failures, "FAILURES", {name: moved})
    assert not failures.fails_from(name, sharp.CONSTANTS[name].largest, until), why


def test_data_outside_the_box_or_on_an_open_end_are_no_counterexample():
    found = failures.counterexample("<x_1, x_2> > 0", Rational(6, 10))
    place = {key: value for key, value in found.items() if key not in ("eta", "value")}
    assert failures.recheck("<x_1, x_2> > 0", Rational(6, 10), place) == found
    assert failures.recheck("<x_1, x_2> > 0", Rational(6, 10), {**place, "p1": Rational(-1)}) is None
    assert failures.recheck("<x_1, x_2> > 0", Rational(5, 10), place) is None
    assert failures.recheck("<x_1, x_2> > 0", Rational(6, 10), {**place, "p2": Rational(0)}) is None


def test_the_box_is_its_own_mirror_image_and_grows():
    assert sharp.ranges_grow()
    ends = {entry.symbol: (entry.low, entry.high, entry.low_open, entry.high_open) for entry in sharp.RANGES}
    for symbol, (low, high, low_open, high_open) in ends.items():
        image = sharp.mirrored(symbol)
        if image.could_extract_minus_sign():
            assert ends[-image] == (sympy.expand(-high), sympy.expand(-low), high_open, low_open)
        else:
            assert ends[image] == (low, high, low_open, high_open)
