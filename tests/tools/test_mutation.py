"""The mutation tool must find the changes it claims to make, and count exactly what lowers a verdict."""

import ast
import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from mutation import __main__ as command
from mutation import judge, reach, sites
from mutation.__main__ import planted_work
from mutation.lateness import at_best
from mutation.sandbox import PACKAGES, SEARCH, Sandbox, Verified

from early_alignment.proofs_check.claim.evidence import Covers, EvidenceKind, Outcome
from early_alignment.proofs_check.claim.results import EvidenceResult, MutantResult
from early_alignment.proofs_check.verify import controls, verdict

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def every_site() -> list[sites.Site]:
    return sites.all_sites(ROOT)


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


def test_code_that_is_not_a_formula_is_not_mutated() -> None:
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


def test_every_site_of_the_repository_changes_the_program(every_site: list[sites.Site]) -> None:
    chosen = sites.sample(every_site, 60, seed=5)
    assert len(chosen) == 60
    for site in chosen:
        source = (ROOT / site.file).read_bytes()
        assert ast.dump(ast.parse(site.apply(source))) != ast.dump(ast.parse(source))


def test_the_sample_depends_on_the_seed_and_covers_the_files(every_site: list[sites.Site]) -> None:
    files = {site.file for site in every_site}
    chosen = sites.sample(every_site, len(files), seed=1)
    assert chosen == sites.sample(every_site, len(files), seed=1)
    assert chosen != sites.sample(every_site, len(files), seed=2)
    assert {site.file for site in chosen} == files


def test_a_claims_time_includes_once_all_that_it_rests_on() -> None:
    rests_on = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c", "a claim that was not measured"]}
    measured = {claim: {"seconds": 10.0**i, "depends_on": rests_on[claim]} for i, claim in enumerate(rests_on)}
    assert reach.with_dependencies(measured) == {"a": 1.0, "b": 11.0, "c": 101.0, "d": 1111.0}


def test_only_a_lower_verdict_catches_a_mutation() -> None:
    baseline = {"a": "proved", "b": "inconclusive"}
    assert judge.fallen(baseline, {"a": "proved", "b": "supported"}) == []
    assert judge.fallen(baseline, {"a": "inconclusive"}) == ["a: proved -> inconclusive"]
    assert judge.fallen(baseline, {"b": "refuted", "new": "refuted"}) == ["b: inconclusive -> refuted"]


def entry(name: str, outcomes: list[str], mutants: list[list[str]], rests_on: dict[str, str] | None = None) -> dict:
    """A claim of a report as `verify --json` writes it, from the outcomes of its checks, also on its mutants."""

    def results(of: list[str]) -> list[EvidenceResult]:
        kind, covers = EvidenceKind.PROPERTY, Covers.STATEMENT
        named = [(f"check_{number}", Outcome(outcome)) for number, outcome in enumerate(of)]
        return [EvidenceResult(check, kind, covers, outcome, reason="so it was") for check, outcome in named]

    evidence = results(outcomes)
    fared: list[MutantResult] = [verdict.mutant_outcome(f"mutant's {i}", results(of)) for i, of in enumerate(mutants)]
    dependencies = {other: verdict.Verdict(its) for other, its in (rests_on or {}).items()}
    decided, reason = verdict.decide_verdict([EvidenceKind.PROPERTY], evidence, fared, dependencies)
    return {
        "id": name,
        "verdict": str(decided),
        "reason": reason,
        "needs": ["property"],
        "depends_on": list(dependencies),
        "evidence": [result.to_json() for result in evidence],
        "mutants": [mutant.to_json() for mutant in fared],
    }


REFUTED = ["failed"]


@pytest.mark.parametrize(
    ("claim", "best"),
    [
        (entry("a", ["passed", "passed"], [REFUTED]), "supported"),
        (entry("a", ["passed", "timeout"], [REFUTED]), "supported"),
        (entry("a", ["timeout", "timeout"], [["timeout"]]), "supported"),
        (entry("a", ["passed"], [REFUTED, ["timeout", "passed"]]), "supported"),
        (entry("a", ["timeout", "failed"], [REFUTED]), "inconclusive"),
        (entry("a", ["timeout", "error"], [REFUTED]), "inconclusive"),
        (entry("a", ["timeout", "undecided"], [REFUTED]), "inconclusive"),
        (entry("a", ["timeout"], [["passed"]]), "inconclusive"),
        (entry("a", ["passed"], [["timeout"], ["error"]]), "inconclusive"),
    ],
)
def test_only_results_out_of_time_do_not_lower_the_best_verdict(claim: dict, best: str) -> None:
    assert at_best([claim]) == {"a": best}
    assert "timeout" in str(claim["evidence"]) or "out of time" in str(claim["reason"]) or claim["verdict"] == best


def test_dependencies_count_with_their_best_possible_verdict() -> None:
    above = entry("b", ["passed"], [REFUTED], {"a": "inconclusive"})
    assert above["verdict"] == "inconclusive"
    assert at_best([entry("a", ["timeout"], [REFUTED]), above])["b"] == "supported"
    assert at_best([entry("a", ["timeout", "error"], [REFUTED]), above])["b"] == "inconclusive"


def test_a_wrong_answer_to_a_control_does_not_count_as_a_timeout() -> None:
    reason = f"{controls.WRONGLY}: an expression is zero only if it is zero at points"
    held_back = entry("a", ["passed"], [REFUTED]) | {"verdict": "inconclusive", "reason": reason}
    assert at_best([held_back]) == {"a": "inconclusive"}


@dataclass(frozen=True)
class Scripted(Sandbox):
    """A copy that answers from a list and records the questions."""

    answers: list[Verified] = field(default_factory=list)
    asked: list[tuple[str, float]] = field(default_factory=list)

    def verify(self, claims: list[str], level: str, time_limit: float) -> Verified:
        self.asked.append((level, time_limit))
        return self.answers.pop(0)


FINE = Verified({"a": "supported"}, {"a": "supported"})
LATE = Verified({"a": "inconclusive"}, {"a": "supported"})
FALLEN = Verified({"a": "refuted"}, {"a": "refuted"})
MIXED = Verified({"a": "inconclusive"}, {"a": "inconclusive"})
ENDLESS = Verified({}, note="stopped after 10 s", stopped=True)
CRASH = Verified({}, note="exit code 3: a crash")


@pytest.mark.parametrize(
    ("answers", "outcome", "limits"),
    [
        ([FALLEN], judge.CAUGHT, [10]),
        ([MIXED], judge.CAUGHT, [10]),
        ([LATE, FINE], judge.SURVIVED, [10, 40]),
        ([LATE, FALLEN], judge.CAUGHT, [10, 40]),
        ([LATE, MIXED], judge.CAUGHT, [10, 40]),
        ([LATE, LATE], judge.OUT_OF_TIME, [10, 40]),
        ([ENDLESS, ENDLESS], judge.OUT_OF_TIME, [10, 40]),
        ([ENDLESS, FALLEN], judge.CAUGHT, [10, 40]),
        ([CRASH], judge.STOPPED, [10]),
    ],
)
def test_a_timeout_is_not_a_catch_and_is_repeated(
    tmp_path: Path, answers: list[Verified], outcome: str, limits: list[float]
) -> None:
    baseline = judge.Baseline(["a"], Scripted(tmp_path, ROOT, [FINE]), 10)
    copy = Scripted(tmp_path, ROOT, list(answers))
    assert judge.outcome_of(["a"], baseline, copy, 10, judge.QUICK)[0] == outcome
    assert [limit for _, limit in copy.asked] == limits


def test_the_baseline_is_measured_once_a_level_under_the_limits_of_the_mutations(tmp_path: Path) -> None:
    unaltered, copy = Scripted(tmp_path, ROOT, [LATE, FINE, FINE]), Scripted(tmp_path, ROOT, [FINE] * 4)
    baseline = judge.Baseline(["a"], unaltered, 10)
    assert judge.outcome_of(["a"], baseline, copy, 10, judge.THOROUGH)[0] == judge.SURVIVED
    assert judge.outcome_of(["a"], baseline, copy, 10, judge.THOROUGH)[0] == judge.SURVIVED
    assert unaltered.asked == [("quick", 10), ("quick", 40), ("full", 40)]
    assert copy.asked == [("quick", 10), ("full", 40)] * 2


def test_the_first_claim_is_verified_alone_and_the_others_together() -> None:
    assert list(judge.batches(["a"], judge.QUICK)) == [("quick", ["a"])]
    thorough = [("quick", ["a"]), ("quick", ["b", "c"]), ("full", ["a", "b", "c"])]
    assert list(judge.batches(["a", "b", "c"], judge.THOROUGH)) == thorough


@pytest.mark.parametrize("listed", ["--fixed", "--planted"])
def test_a_listed_mutation_that_is_out_of_time_fails_the_run_and_counts_apart(
    tmp_path: Path,
    listed: str,
    every_site: list[sites.Site],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outcomes = [judge.OUT_OF_TIME, judge.CAUGHT]

    def run_all(work: list, *_: object) -> list[judge.Judged]:
        return [judge.Judged(site, ("a",), out, "") for (site, _), out in zip(work[:2], outcomes, strict=True)]

    monkeypatch.setattr(command, "all_sites", lambda root: every_site)
    monkeypatch.setattr(command, "run_all", run_all)
    monkeypatch.setattr(sys, "argv", ["mutation", listed, "--report", str(tmp_path / "report")])
    assert command.main() == 1
    assert "1 of 2 caught by a verdict, 0 survived, 1 ran out of time twice, 0 ended" in capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["caught"], report["survived"], report["out_of_time"], report["rate"]) == (1, 0, 1, 0.5)
    assert "Ran out of time twice: 1." in (tmp_path / "report.md").read_text()


def test_no_counterexample_is_shrunk_in_a_copy(tmp_path: Path) -> None:
    Sandbox(tmp_path, ROOT).create()
    before, after = (ROOT / SEARCH).read_text(), (tmp_path / "early_alignment" / SEARCH).read_text()
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert changed == [("SHRINKING_SHARE = 0.5", "SHRINKING_SHARE = 0.0")]


def test_each_state_of_the_compiled_files_has_its_own_machine_code(tmp_path: Path) -> None:
    """What a compiled function calls in another file is part of its machine code: see Sandbox.compiled."""
    sandbox = Sandbox(tmp_path, ROOT)
    sandbox.create()
    file = "numerics/flow/engine/chebyshev.py"
    source, unaltered = (ROOT / file).read_bytes(), sandbox.compiled()
    sandbox.write(file, source.replace(b"above / below", b"below / above"))
    assert sandbox.compiled() != unaltered
    sandbox.write(file, source)
    sandbox.write("theory/early/bounds.py", b"")  # not compiled
    assert sandbox.compiled() == unaltered


def test_every_planted_bug_has_its_place_and_leaves_a_program() -> None:
    for site, claims in planted_work():
        source = (ROOT / site.file).read_bytes()
        assert ast.dump(ast.parse(site.apply(source))) != ast.dump(ast.parse(source)), site.original
        assert claims


def test_planted_bugs_are_chosen_by_file_and_by_name() -> None:
    chosen = [site for site, _ in planted_work("numerics/flow/engine/walk.py")]
    assert chosen
    assert {site.file for site in chosen} == {"numerics/flow/engine/walk.py"}
    assert [site.original for site, _ in planted_work(chosen[0].original)] == [chosen[0].original]
    with pytest.raises(SystemExit, match="no bug"):
        planted_work("no such bug")


CLAIM = """
import sympy
from early_alignment import Claim, Mutant, Source, Zero, symbolic
from early_alignment.theory.planted import TWICE, UNUSED, x

CLAIM = Claim(
    id="planted.twice", title="Twice x is x + x", kind="identity",
    statement=sympy.Eq(sympy.Symbol("y"), TWICE, evaluate=False), hypotheses=("x is real",), scope="one number",
    source=Source("this test", "planted", "none"), needs=("symbolic",),
    mutants=(Mutant("four times", sympy.Eq(sympy.Symbol("y"), 4 * x, evaluate=False), "at x = 1 it is 4, not 2"),),
    names={"y": "the number x + x"},
)


@symbolic()
def it_is_the_sum(statement):
    "The right-hand side is x + x."
    yield Zero("sum", statement.rhs - x - x)
"""
PLANTED = "import sympy\nx = sympy.Symbol('x', real=True)\nTWICE = 2 * x\nUNUSED = x + 1\n"


def planted(tmp_path: Path, claim_text: str) -> tuple[str, judge.Baseline, Sandbox]:
    """A claim file beside a repository with the planted formulas, its baseline and a copy to alter."""
    root = tmp_path / "repository"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "theory" / "planted.py").write_text(PLANTED)
    claim = tmp_path / "planted_claim.py"
    claim.write_text(claim_text)
    unaltered, sandbox = Sandbox(tmp_path / "baseline", root), Sandbox(tmp_path / "copy", root)
    for copied in (unaltered, sandbox):
        copied.create()
    return str(claim), judge.Baseline([str(claim)], unaltered, 120.0), sandbox


@pytest.mark.slow
def test_a_real_bug_is_caught_an_equivalent_one_survives_and_a_crash_is_neither(tmp_path: Path) -> None:
    claim, baseline, sandbox = planted(tmp_path, CLAIM)
    assert baseline.at("quick") == {"planted.twice": "proved"}
    found = {site.mutated: site for site in sites.sites_in(PLANTED.encode(), "theory/planted.py")}

    def outcome(mutated: str) -> str:
        return judge.judge(found[mutated], [claim], baseline, sandbox, 120.0, judge.QUICK).outcome

    assert outcome("TWICE = 3 * x") == judge.CAUGHT
    assert outcome("UNUSED = (x - 1)") == judge.SURVIVED
    crash = sites.Site("theory/planted.py", "", 1, (1,), "factor", "", "", 0, 0, "1 / 0\n")
    assert judge.judge(crash, [claim], baseline, sandbox, 120.0, judge.QUICK).outcome == judge.STOPPED
    assert (sandbox.folder / "early_alignment/theory/planted.py").read_text() == PLANTED


WAITING = """

@symbolic()
def it_ends(statement):
    "Ends at once unless a formula of the package was altered."
    import time
    time.sleep(0 if (TWICE, UNUSED) == (2 * x, x + 1) else 3600)
    yield Zero("nothing", sympy.S.Zero)
"""


@pytest.mark.slow
def test_a_check_that_does_not_end_is_out_of_time_and_one_that_fails_beside_it_is_a_catch(tmp_path: Path) -> None:
    claim, baseline, sandbox = planted(tmp_path, CLAIM + WAITING)
    assert baseline.at("quick") == {"planted.twice": "proved"}
    found = {site.mutated: site for site in sites.sites_in(PLANTED.encode(), "theory/planted.py")}
    failing, waiting = (
        judge.judge(found[mutated], [claim], baseline, sandbox, 20.0, judge.QUICK)
        for mutated in ("TWICE = 3 * x", "UNUSED = (x - 1)")
    )
    assert failing.outcome == judge.CAUGHT
    assert waiting.outcome == judge.OUT_OF_TIME
    assert waiting.detail.endswith("quick, twice: planted.twice: proved -> inconclusive")
