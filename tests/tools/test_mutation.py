"""The mutation tool must find the changes it claims to make, and count exactly what lowers a verdict."""

import ast
import shutil
from pathlib import Path

import pytest
from mutation import judge, sites
from mutation.__main__ import planted_work
from mutation.sandbox import PACKAGES, Sandbox

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = a + b", "x = (a - b)"),
        ("x = a * b", "x = (a / b)"),
        ("x = a * b", "x = (-(a * b))"),
        ("x = -a", "x = (a)"),
        ("x = a / 2", "x = a / 3"),
        ("x = a / 2", "x = a / 1"),
        ("x = a[0]", "x = a[1]"),
        ("x = a[i]", "x = a[(i - 1)]"),
        ("x = a[:k]", "x = a[:(k + 1)]"),
        ("x = f(a, axis=1)", "x = (f(a, axis=0))"),
        ("x = a < b", "x = (a <= b)"),
        ("x = a < b", "x = (a >= b)"),
        ("x = a == b", "x = (a != b)"),
        ("x = a and b", "x = (a or b)"),
        ("x = np.min(a)", "x = (np.max(a))"),
        ("x = sinh(a)", "x = (cosh(a))"),
        ("for i in range(n): pass", "for i in (range(n - 1)): pass"),
    ],
)
def test_each_operator_makes_its_change(before: str, after: str) -> None:
    found = sites.sites_in(before.encode(), "theory/some.py")
    assert after in [site.apply(before.encode()).decode() for site in found]


def test_what_is_no_formula_is_left_alone() -> None:
    source = (
        '"""A docstring with 1 + 2."""\n'
        "import a.b\n"
        "__all__ = ['x'] + ['y']\n"
        "def f(x: tuple[1, 2] = None) -> list[3]:\n"
        "    raise ValueError(1 + 2)\n"
        "    assert x == 1\n"
        "Kind = int | None\n"
        "text = f'{1 + 2}'\n"
    )
    assert sites.sites_in(source.encode(), "theory/some.py") == []


def test_every_site_of_the_repository_changes_the_program() -> None:
    found = sites.all_sites(ROOT)
    chosen = sites.sample(found, 60, seed=5)
    assert len(chosen) == 60
    for site in chosen:
        source = (ROOT / site.file).read_bytes()
        assert ast.dump(ast.parse(site.apply(source))) != ast.dump(ast.parse(source))


def test_the_sample_depends_on_the_seed_and_covers_the_files() -> None:
    found = sites.all_sites(ROOT)
    files = {site.file for site in found}
    chosen = sites.sample(found, len(files), seed=1)
    assert chosen == sites.sample(found, len(files), seed=1)
    assert chosen != sites.sample(found, len(files), seed=2)
    assert {site.file for site in chosen} == files


def test_only_a_lower_verdict_is_a_catch() -> None:
    baseline = {"a": "proved", "b": "inconclusive"}
    assert judge.fallen(baseline, {"a": "proved", "b": "supported"}) == []
    assert judge.fallen(baseline, {"a": "inconclusive"}) == ["a: proved -> inconclusive"]
    assert judge.fallen(baseline, {"b": "refuted", "new": "refuted"}) == ["b: inconclusive -> refuted"]


def test_machine_code_is_kept_apart_for_each_state_of_the_compiled_files(tmp_path: Path) -> None:
    """What a compiled function calls in another file is part of its machine code: see Sandbox.compiled."""
    sandbox = Sandbox(tmp_path, ROOT)
    sandbox.create()
    file = "numerics/flow/chebyshev.py"
    source, unaltered = (ROOT / file).read_bytes(), sandbox.compiled()
    sandbox.write(file, source.replace(b"above / below", b"below / above"))
    assert sandbox.compiled() != unaltered
    sandbox.write(file, source)
    sandbox.write("theory/early.py", b"")  # not compiled
    assert sandbox.compiled() == unaltered


def test_every_planted_bug_has_its_place_and_leaves_a_program() -> None:
    for site, claims in planted_work():
        source = (ROOT / site.file).read_bytes()
        assert ast.dump(ast.parse(site.apply(source))) != ast.dump(ast.parse(source)), site.original
        assert claims


CLAIM = """
import sympy
from early_alignment.proofs_check import Claim, Mutant, Source, Zero, symbolic
from early_alignment.theory.planted import TWICE, UNUSED, x

CLAIM = Claim(
    id="planted.twice", title="Twice x is x + x", kind="identity",
    statement=sympy.Eq(sympy.Symbol("y"), TWICE, evaluate=False), hypotheses=("x is real",), scope="one number",
    source=Source("this test", "planted", "none"), needs=("symbolic",),
    mutants=(Mutant("four times", sympy.Eq(sympy.Symbol("y"), 4 * x, evaluate=False), "at x = 1 it is 4, not 2"),),
)


@symbolic()
def it_is_the_sum(statement):
    "The right-hand side is x + x."
    yield Zero("sum", statement.rhs - x - x)
"""
PLANTED = "import sympy\nx = sympy.Symbol('x', real=True)\nTWICE = 2 * x\nUNUSED = x + 1\n"


@pytest.mark.slow
def test_a_real_bug_is_caught_an_equivalent_one_survives_and_a_crash_is_neither(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "theory" / "planted.py").write_text(PLANTED)
    claim = tmp_path / "planted_claim.py"
    claim.write_text(CLAIM)
    baseline = judge.baseline_verdicts([str(claim)], tmp_path / "baseline", root, 120.0)
    assert baseline == {"planted.twice": "proved"}
    found = {site.mutated: site for site in sites.sites_in(PLANTED.encode(), "theory/planted.py")}
    sandbox = Sandbox(tmp_path / "copy", root)
    sandbox.create()

    def outcome(mutated: str) -> str:
        return judge.judge(found[mutated], [str(claim)], baseline, sandbox, 120.0, judge.QUICK).outcome

    assert outcome("TWICE = 3 * x") == judge.CAUGHT
    assert outcome("UNUSED = (x - 1)") == judge.SURVIVED
    crash = sites.Site("theory/planted.py", "", 1, (1,), "factor", "", "", 0, 0, "1 / 0\n")
    assert judge.judge(crash, [str(claim)], baseline, sandbox, 120.0, judge.QUICK).outcome == judge.STOPPED
    assert (sandbox.folder / "early_alignment/theory/planted.py").read_text() == PLANTED
