"""The numbers of sections 8 and 9: what is stated is read from the text, and every digit of it counts."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import theory_numbers
import theory_statistics
from hypothesis import given
from hypothesis import strategies as st
from stated_numbers import DISAGREES, Number, agree, below, quoted
from sympy import Poly, Rational, Symbol

from early_alignment.numerics.certify.every_start.cone import hull_of, linear_fit_of

ROOT = Path(__file__).resolve().parents[2]
QUICK = [name for name, group in theory_numbers.GROUPS.items() if group.quick]


@pytest.fixture(scope="module")
def quick() -> list[Number]:
    """The part of the table without long flows."""
    return theory_numbers.all_numbers(QUICK)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (r"\frac12", [Fraction(1, 2)]),
        (r"(-\frac{31}{120},\frac23)", [Fraction(-31, 120), Fraction(2, 3)]),
        ("(1,1,-1)", [1, 1, -1]),
        ("51,200", [51200]),
        ("10^{-92.6}", [Fraction(-926, 10)]),
        (r"1.6\cdot10^{-4}", [Fraction(16, 10**5)]),
        (r"\frac{32761}{10000} = 3.2761", [Fraction(32761, 10000)] * 2),
    ],
)
def test_numbers_are_read_from_latex(text: str, values: list[Fraction]) -> None:
    assert [one.value for one in quoted(text)] == values


@pytest.mark.parametrize(
    ("text", "computed", "result"),
    [
        ("0.26874", 0.268744, True),
        ("0.26874", 0.268746, False),
        (r"0.19855\dots", 0.198559, True),
        (r"0.19855\dots", 0.198549, False),
        (r"-0.19855\dots", -0.198551, True),
        (r"-0.19855\dots", 0.198551, False),
        (r"\frac13", Fraction(1, 3), True),
        (r"\frac13", 1 / 3, False),
        ("1232", 1232, True),
        (r"3.41\cdot10^{-3}", 0.003414, True),
        (r"3.41\cdot10^{-3}", 0.003416, False),
        ("no ray", "no ray", True),
        ("no ray", "a ray", False),
        ("1", "1 ray", False),
    ],
)
def test_the_stated_digits_decide(text: str, computed: float, result: bool) -> None:
    assert agree(text, (computed,)) == result


def test_a_bound_is_a_bound_and_every_number_of_a_text_counts() -> None:
    assert below("10^{-6}", (-6.01,))
    assert not below("10^{-6}", (-5.99,))
    assert not agree("(1,2)", (1,))
    assert not agree("(1,2)", (1, 3))


@given(st.fractions(-1000, 1000, max_denominator=10**6), st.integers(1, 8))
def test_a_rounded_number_agrees_and_the_next_one_does_not(value: Fraction, places: int) -> None:
    unit = Fraction(1, 10**places)
    rounded = round(value / unit)
    for steps in (-1, 0, 1):
        text = f"{(rounded + steps) / 10**places:.{places}f}"
        # Half-way cases may be rounded either way.
        assert agree(text, (value,)) == (steps == 0 or abs((rounded + steps) * unit - value) == unit / 2)


def test_the_quick_numbers_agree(quick: list[Number]) -> None:
    assert [number for number in quick if number.state == DISAGREES] == []
    assert len(quick) > 60


def altered(quote: str) -> str:
    """The text with its last digit, or its last letter, replaced by the next one."""
    place = max(found.start() for found in re.finditer(r"\d" if re.search(r"\d", quote) else r"\w", quote))
    return quote[:place] + ("0" if quote[place] == "9" else chr(ord(quote[place]) + 1)) + quote[place + 1 :]


def test_every_quick_number_disagrees_when_one_digit_is_altered(quick: list[Number]) -> None:
    compared = [number for number in quick if not number.bound]
    assert [n for n in compared if replace(n, quote=altered(n.quote)).state != DISAGREES] == []


@pytest.mark.parametrize(("quote", "code"), [("0.26874", 0), ("0.26875", 1)])
def test_a_number_that_disagrees_makes_the_exit_code_1(
    quote: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = next(number for number in theory_numbers.GROUPS["theorem-1"].numbers() if number.quote == "0.26874")

    def numbers() -> Iterator[Number]:
        yield replace(first, quote=quote)

    monkeypatch.setattr(theory_numbers, "GROUPS", {"one": theory_numbers.Group(numbers, True)})
    assert theory_numbers.main(["--out", str(tmp_path / "table.csv")]) == code
    assert first.what in (tmp_path / "table.csv").read_text()


def items() -> dict[str, str]:
    """The items of docs/theory.md by number, with white space and line ends as one space."""
    page = (ROOT / "docs" / "theory.md").read_text()
    parts = re.split(r'<a id="item-([\d-]+)"></a>', page)
    return {name.replace("-", "."): " ".join(text.split()) for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_what_is_quoted_stands_in_the_theory(quick: list[Number]) -> None:
    text = items()
    assert [number for number in quick if number.quote not in text[number.item]] == []


def test_the_page_has_the_rows_of_the_quick_numbers(quick: list[Number]) -> None:
    page = (ROOT / "docs" / "numbers.md").read_text()
    rows = theory_numbers.markdown(quick).splitlines()
    missing = [row for row in rows if row not in page]
    assert missing == [], "run `python tools/theory_numbers.py --write docs/numbers.md`"


def test_every_number_of_both_sections_is_on_the_page() -> None:
    """Decimals, large counts, and fractions with large denominators, which nobody chooses as data."""
    page, text = (ROOT / "docs" / "numbers.md").read_text().replace(",", ""), items()
    pattern = re.compile(r"\d+\.\d+|\d{1,3}(?:,\d{3})+|\\frac\{\d+\}\{\d*[1-9]\d\d\}")
    missing = {
        (item, found)
        for item in ("8.1", "8.2", "8.3", "8.4", "9.1", "9.2", "9.3")
        for found in pattern.findall(re.sub(r"\]\([^)]*\)|\[[\d.]+\]", "", text[item]))
        if found.replace(",", "") not in page
    }
    assert missing == set()


@pytest.mark.slow
def test_all_numbers_agree_and_stand_in_the_theory() -> None:
    numbers, text = theory_numbers.all_numbers(list(theory_numbers.GROUPS)), items()
    assert [number for number in numbers if number.state == DISAGREES] == []
    assert [number for number in numbers if number.quote not in text[number.item]] == []


S = Symbol("s", real=True)


def polynomial(expression: object) -> Poly:
    return Poly(expression, S, domain="QQ")


@pytest.mark.parametrize(
    ("expression", "positive"),
    [
        (S * (1 - S), True),
        (-S * (1 - S), False),
        (-((S - Rational(1, 2)) ** 2), False),
        (-(S - Rational(1, 3)) * (S - Rational(1, 3) - Rational(1, 10**9)), True),
        (-((S - 1) ** 2), False),
        (S - 1, False),
        (S - 1 + Rational(1, 10**9), True),
        (-S - 1, False),
    ],
)
def test_whether_a_polynomial_is_positive_somewhere_is_decided(expression: object, positive: bool) -> None:
    assert theory_statistics.positive_somewhere(polynomial(expression)) == positive


@pytest.mark.parametrize("number", range(4))
def test_the_cubic_has_the_sign_of_condition_c(number: int) -> None:
    """In the plane `Facet.holds`, which comes from the closed form of m(v), is necessary and sufficient."""
    data = theory_statistics.LAWS["plane"](np.random.default_rng([1, 0, number]))
    fit = linear_fit_of(data)
    hull = hull_of(fit)
    for i, point in enumerate(hull.members):
        cubic = theory_statistics.cubic(fit, data.inputs[point])
        for parts in range(16):
            assert (cubic.eval(Rational(parts, 16)) > 0) == hull.facet(i, Fraction(parts, 16)).holds


def test_a_row_depends_on_its_own_number_only(tmp_path: Path) -> None:
    tables = []
    for jobs, sets in (("1", "1"), ("2", "2")):
        out = tmp_path / f"{jobs}.csv"
        arguments = ["--sets", sets, "--laws", "box", "plane", "--jobs", jobs, "--out", str(out)]
        assert theory_statistics.main(arguments) == 0
        tables.append({line for line in out.read_text().splitlines() if ",0," in line})
    assert tables[0] <= tables[1]
    assert len(tables[0]) == 2


def rows(change: Callable[[theory_statistics.Row], theory_statistics.Row]) -> list[theory_statistics.Row]:
    """A set whose network ends at the fit, and the same with a change."""
    first = theory_statistics.Row("plane", 0, 2, 3, True, True, 8.0, 7.0, 9, "holds", True, "balanced", 3, 1e-9, 1e-16)
    return [first, change(first)]


def test_the_counts_are_those_of_the_rows() -> None:
    both = rows(lambda row: replace(row, closure=False, free=False, by_cone=math.nan, distance=0.1, negative=0.5))
    lines = list(theory_statistics.ends(both))
    assert lines[1] == "(C) by K: 1 of 1 at the fit within 1.0e-09"
    assert lines[5] == (
        "(P) but not (C) by a cone: 0 of 1 at the fit; others 0.1 away or more, 1 with a grown neuron a < 0"
    )
    assert "2 of 2" not in "".join(lines)
    assert list(theory_statistics.table(both))[1].split() == ["plane", "2", "1", "1", "2", "0", "0", "0"]
    assert "10^1.00 to 10^1.00, and larger on 1" in "".join(theory_statistics.tubes(both))


TABLE = ROOT / "docs" / "theory_statistics.csv"


def test_the_counts_in_the_theory_are_those_of_the_table() -> None:
    rows, text = theory_statistics.read(TABLE), items()
    plane = [row for row in rows if row.law == "plane"]
    stays, closure, free = (
        sum(values) for values in zip(*((row.path == "holds", row.closure, row.free) for row in plane), strict=True)
    )
    assert f"stays in $K$ for {stays}; (C) holds for {closure} with choice (1) and for {free} with" in text["9.1"]
    with_c = [row for row in rows if row.closure]
    largest = f"{max(row.distance for row in with_c):.1e}".replace("e-09", r"\cdot10^{-9}")
    assert f"On {len(with_c)} data sets that satisfy (C) with choice (1)" in text["9.1"]
    assert f"largest error of ${largest}$" in text["9.1"]
    holds = [row for row in rows if row.path == "holds"]
    shortest, longest = (end(row.segments for row in holds) for end in (min, max))
    assert f"Of {len(rows):,} random data sets in dimensions 2 to 4 (P) holds for {len(holds):,}" in text["9.2"]
    assert f"of {shortest} to {longest} segments" in text["9.2"]
    fails = [row for row in rows if row.path == "fails"]
    assert f"and fails for {len(fails)}" in text["9.2"]
    assert min(row.distance for row in fails) > theory_statistics.AT_THE_FIT
    only = [row.distance <= theory_statistics.AT_THE_FIT for row in holds if not row.free]
    assert f"Of {len(only)} simulated networks on data with (P) but not (C)" in text["9.2"]
    assert f"{sum(only)} ended at the least-squares fit" in text["9.2"]


@pytest.mark.slow
def test_rows_of_the_table_are_found_again() -> None:
    """Decisions and where networks end; the tube and the errors of a flow may differ in rounding."""
    rows = theory_statistics.read(TABLE)
    for old in np.random.default_rng(0).choice(np.array(rows, dtype=object), 12, replace=False):
        new = theory_statistics.row_of(old.law, 0, old.number)
        for name in ("d", "n", "closure", "free", "path", "fit", "start", "width"):
            np.testing.assert_equal(getattr(new, name), getattr(old, name))
        ended = [row.distance <= theory_statistics.AT_THE_FIT for row in (old, new)]
        assert ended[0] == ended[1]
