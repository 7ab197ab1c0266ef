"""The repository agrees with itself: folders, imports, packaging, catalogue and README."""

import ast
import importlib
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import claim_table
import import_graph
import pytest
import theory_reference
import trust_table

import early_alignment
from early_alignment.proofs_check.claim import registry

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("theory", "numerics", "proofs_check")

FIRST_WAVE = (
    "flow.balancedness",
    "flow.domination",
    "flow.lorentz",
    "flow.energy",
    "flow.equivariance",
    "alignment.ode",
    "alignment.closed-form",
    "alignment.time",
    "alignment.rate",
    "alignment.crossing",
    "alignment.correlation-monotone",
    "alignment.extremal-vectors",
    "alignment.cell-count",
    "alignment.fates",
    "early.growth-bound",
)


SIBLINGS = ("mutation", "claim_table")
"""Packages and scripts of tools/ that import each other by name."""


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository (tracked, or new and not ignored) that match, in order."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = sorted(filter(None, listed.stdout.decode().split("\0")))
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


FORBIDDEN_IMPORTS = {
    "theory": ("early_alignment.numerics", "early_alignment.proofs_check", "numpy.random"),
    "numerics": ("early_alignment.proofs_check",),
    "proofs_check": (),
}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    never = (*FORBIDDEN_IMPORTS[package], *PACKAGES, "tests", "benchmarks", "tools", "pickle", "marshal", "shelve")
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in tracked(f"{package}/*.py")
        for line, module in import_graph.imported_names(path)
        if within(module, *never)
    ]
    assert found == []


def test_imports_between_chapters_form_no_circle() -> None:
    assert import_graph.circle(import_graph.imports_between_chapters()) == []


def test_import_circles_are_found_and_implied_arrows_are_left_out() -> None:
    a, b, c = ("theory", "a"), ("theory", "b"), ("theory", "c")
    assert import_graph.without_shortcuts({a: {b, c}, b: {c}, c: set()}) == {a: {b}, b: {c}, c: set()}
    assert len(import_graph.circle({a: {b}, b: {c}, c: {a}})) == 4


def test_the_drawing_of_the_imports_is_up_to_date() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    drawing = import_graph.drawing(import_graph.imports_between_chapters())
    assert import_graph.with_drawing(page, drawing) == page, "run `make import-graph`"


def test_no_file_imports_a_top_level_folder_by_its_bare_name() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in tracked("*.py")
        for line, module in import_graph.imported_names(path)
        if within(module, *PACKAGES)
    ]
    assert found == []


def test_no_private_module_of_another_library_is_imported() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in tracked("*.py")
        for line, module in import_graph.imported_names(path)
        if not within(module, "early_alignment", *SIBLINGS) and any(map(private, module.split(".")))
    ]
    assert found == []


def private(part: str) -> bool:
    """Whether a name in a dotted path says that its library does not promise to keep it."""
    return part == "internal" or (part.startswith("_") and not (part.startswith("__") and part.endswith("__")))


@pytest.mark.parametrize("module", ["hypothesis.internal.conjecture", "numpy._core", "os._exit", "a._b.c"])
def test_private_names_are_recognised(module: str) -> None:
    assert any(map(private, module.split(".")))


def test_users_import_early_alignment_alone() -> None:
    """Examples, as their imports say, and blocks of the documentation, Python within shell blocks included."""
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in tracked("examples/*.py")
        for line, name in import_graph.imported_names(path)
        if within(name, "early_alignment") and name.count(".") > 1
    ]
    inner = re.compile(r"^ *(?:from|import) +(?:early_alignment\.|theory\b|numerics\b|proofs_check\b).*", re.MULTILINE)
    found += [
        f"{page.relative_to(ROOT)}: {line}" for page in tracked(*PAGES) for line in inner.findall(page.read_text())
    ]
    assert found == []


def test_public_names_are_imported_from_early_alignment() -> None:
    """Wherever else a name leads to the same object, as in modules that import it for themselves."""
    public = {id(getattr(early_alignment, name)) for name in early_alignment.__all__}
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in tracked("tests/*.py", "benchmarks/*.py", "tools/*.py")
        for line, name in import_graph.imported_names(path)
        if within(name, *(f"early_alignment.{package}" for package in PACKAGES)) and id(imported_object(name)) in public
    ]
    assert found == []


def imported_object(name: str) -> object:
    """What `from a.b import c` gives for the dotted name a.b.c."""
    module, _, last = name.rpartition(".")
    return getattr(importlib.import_module(module), last, None)


def test_oracles_import_nothing_of_what_they_check() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in tracked("numerics/oracles/*.py")
        for line, module in import_graph.imported_names(path)
        if within(module, "early_alignment") and not within(module, "early_alignment.numerics.oracles")
    ]
    assert found == []


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """(line, name) of every call of a plain or dotted name in a file; dotted names by their last part."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name):
                yield node.lineno, function.id
            elif isinstance(function, ast.Attribute):
                yield node.lineno, f".{function.attr}"


@pytest.mark.parametrize("package", ["numerics", "proofs_check"])
def test_data_is_only_ever_parsed(package: str) -> None:
    """No file evaluates text; claim files are Python and run by the import system, which is another thing."""
    evaluating = {"eval", "exec", "sympify", ".sympify", "parse_expr", ".parse_expr"}
    found = [
        f"{path.relative_to(ROOT)}:{line} calls {name}"
        for path in tracked(f"{package}/*.py")
        for line, name in calls(path)
        if name in evaluating
    ]
    assert found == []


def configuration() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_pyproject_lists_every_package_folder() -> None:
    folders = {
        ".".join(("early_alignment", *path.parent.relative_to(ROOT).parts))
        for package in PACKAGES
        for path in tracked(f"{package}/**/__init__.py", f"{package}/__init__.py", f"{package}/**/*.v")
    }
    assert set(configuration()["tool"]["setuptools"]["packages"]) == {"early_alignment", *folders}


def test_constraints_pin_every_dependency_exactly() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", pin)] == []
    pinned = {re.sub(r"[-_.]+", "-", pin.split("==")[0]).lower() for pin in pins}
    project = configuration()["project"]
    wanted = [
        *project["dependencies"],
        *project["optional-dependencies"]["dev"],
        *configuration()["build-system"]["requires"],
    ]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", item)[0]).lower() for item in wanted}
    assert names - pinned == set()


@pytest.mark.parametrize("claim_id", FIRST_WAVE)
def test_each_early_claim_exists_and_has_a_mutant(claim_id: str) -> None:
    known = registry.built_in_references()
    assert claim_id in known
    claim_file = registry.load(known[claim_id])
    assert claim_file.claim.id == claim_id
    assert claim_file.claim.mutants
    assert all(mutant.why_false for mutant in claim_file.claim.mutants)
    assert {evidence.kind for evidence in claim_file.evidence} >= set(claim_file.claim.needs)


def test_the_readme_holds_the_generated_table() -> None:
    readme = (ROOT / "README.md").read_text()
    assert claim_table.with_table(readme, claim_table.claim_table()) == readme, "run `make claim-table`"
    trust = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    assert claim_table.with_table(trust, trust_table.trust_table()) == trust, "run `make claim-table`"


def test_the_readme_counts_the_recorded_verdicts() -> None:
    readme, verdicts = (ROOT / "README.md").read_text(), claim_table.recorded_verdicts()
    assert claim_table.with_counts(readme, verdicts) == readme, "run `make claim-table`"
    with pytest.raises(ValueError, match="one line that counts the verdicts"):
        claim_table.with_counts("no such line", verdicts)


def test_each_built_in_claim_and_no_other_has_a_recorded_verdict() -> None:
    recorded = claim_table.recorded_verdicts()
    assert set(recorded) == set(registry.built_in_references())
    assert set(recorded.values()) <= {"proved", "certified", "supported", "refuted as expected"}


@pytest.mark.parametrize(
    ("recorded", "decided", "different"),
    [
        ({"a.b": "proved"}, {"a.b": "proved"}, 0),
        ({"a.b": "proved"}, {"a.b": "supported"}, 1),
        ({"a.b": "supported"}, {"a.b": "proved"}, 1),
        ({"a.b": "proved"}, {}, 1),
        ({}, {"a.b": "proved"}, 1),
        ({"a.b": "proved", "a.c": "proved"}, {"a.b": "refuted", "a.d": "proved"}, 3),
    ],
)
def test_verdicts_that_differ_from_the_recorded_ones_are_found(
    recorded: dict[str, str], decided: dict[str, str], different: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, file = tmp_path / "verify.json", tmp_path / "verdicts.json"
    claims = [{"id": claim, "verdict": verdict} for claim, verdict in decided.items()]
    run.write_text(json.dumps({"schema": 1, "claims": claims}))
    file.write_text(json.dumps(recorded))
    monkeypatch.setattr(claim_table, "VERDICTS", file)
    assert len(claim_table.differences(recorded, decided)) == different
    assert claim_table.main(["--compare", str(run)]) == bool(different)
    assert claim_table.main(["--record", str(run)]) == 0
    assert claim_table.main(["--compare", str(run)]) == 0


def without_code(markdown: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", markdown, flags=re.DOTALL | re.MULTILINE)


def anchors(markdown: str) -> set[str]:
    """What a link into a page can name: its anchors, and its headings as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", without_code(markdown), re.MULTILINE)
    plain = (re.sub(r"<[^>]*>|[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings)
    return {*re.findall(r'<a id="([^"]+)">', markdown), *plain}


PAGES = ("README.md", "CONTRIBUTING.md", "docs/*.md")


@pytest.mark.parametrize("page", tracked(*PAGES), ids=lambda page: page.name)
def test_links_of_the_documentation_have_targets(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text())):
        path, _, name = target.partition("#")
        file = page.parent / path if path else page
        if not re.match(r"https?:", target) and (not file.exists() or (name and name not in anchors(file.read_text()))):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("page", tracked(*PAGES), ids=lambda page: page.name)
def test_formulas_of_the_documentation_are_well_formed(page: Path) -> None:
    text = re.sub(r"`[^`]*`", "", without_code(page.read_text()))
    assert list(theory_reference.formula_problems(text)) == []


@pytest.mark.parametrize("readme", ["no markers", f"{claim_table.END}\n{claim_table.BEGIN}\n"])
def test_a_document_without_markers_is_refused(readme: str) -> None:
    with pytest.raises(ValueError, match="once, in this order"):
        claim_table.with_table(readme, "table")


# Written in pieces, so that this file does not find itself.
PACKAGE_HOSTS = re.compile(r"pypi\.(?:org)|python(?:hosted)|conda\.(?:anaconda)")
MACHINE_PATHS = re.compile(r"(?<![\w.~/])/(?:" + "|".join(("home", "Users", "opt", "work", "root", "mnt")) + r")/\w")


def test_no_package_host_and_no_path_of_a_machine_is_named() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if PACKAGE_HOSTS.search(line) or MACHINE_PATHS.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []
