"""Claim files that cannot be used: one sentence with file and line, exit code 2, and no traceback."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from early_alignment import InputError
from early_alignment.proofs_check.claim.registry import file_reference, load, select
from early_alignment.proofs_check.commands.application import run

BROKEN = {
    "syntax": (lambda text: text + "\ndef broken(:\n    pass\n", "def broken", "not Python"),
    "import": (lambda text: "import no_such_module\n" + text, "import no_such_module", "no_such_module"),
    "exception": (lambda text: text + "\nvalue = 1 / 0\n", "value = 1 / 0", "ZeroDivisionError"),
    "exit": (lambda text: text + "\nraise SystemExit(0)\n", "raise SystemExit", "SystemExit"),
    "no claim": (lambda text: text.replace("CLAIM =", "OTHER ="), None, "there is no CLAIM"),
    "no Claim": (lambda text: text + "\nCLAIM = 3\n", "CLAIM = 3", "must be a Claim"),
    "missing kind": (lambda text: text.replace("needs=('property',)", "needs=('scaling',)"), "needs=", "scaling"),
    "unknown kind": (lambda text: text.replace("needs=('property',)", "needs=('magic',)"), "CLAIM = ", "magic"),
    "no needs": (lambda text: text.replace("needs=('property',)", "needs=()"), "needs=", "needs no evidence"),
    "text for a tuple": (lambda text: text.replace("hypotheses=()", "hypotheses='x'"), "hypotheses=", "tuple"),
    "no mutant": (
        lambda text: text + "\nimport dataclasses\nCLAIM = dataclasses.replace(CLAIM, mutants=())\n",
        None,
        "no mutant",
    ),
    "true mutant": (
        lambda text: text.replace("altered(power=3)", "altered(power=2)"),
        "mutants=",
        "own statement",
    ),
    "binary": (lambda text: text + "\0", None, "not Python"),
    "number for a text": (lambda text: text.replace('title="squares"', "title=3"), "title=", "must be a text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_claim_file_is_one_sentence_with_file_and_line(name, claim_file, capsys):
    change, marker, words = BROKEN[name]
    path = Path(claim_file())
    text = change(path.read_text())
    path.write_text(text)
    assert run(["verify", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert words in err
    assert str(path) in err
    assert "Traceback" not in err
    if marker is not None:
        lines = [number for number, line in enumerate(text.splitlines(), start=1) if marker in line]
        assert any(f"line {number}:" in err for number in lines), err


def test_unknown_names_are_answered_with_the_nearest(capsys, monkeypatch):
    from early_alignment.proofs_check.claim import registry

    known = {name: registry.ClaimReference("m", "", name) for name in ("flow.lorentz", "flow.energy")}
    monkeypatch.setattr(registry, "built_in_references", lambda: known)
    assert run(["verify", "flow.lorenz"]) == 2
    assert "'flow.lorentz'" in capsys.readouterr().err
    assert run(["show", "flow.enrgy"]) == 2
    assert "'flow.energy'" in capsys.readouterr().err


def test_a_chapter_of_a_group_does_not_show_in_the_ids_of_its_claims(tmp_path, monkeypatch):
    from early_alignment.proofs_check.claim import registry

    names = ("area", "area/a_chapter", "area/a_chapter/within")
    for name in names:
        (tmp_path / "chaptered_claims" / name).mkdir(parents=True)
        (tmp_path / "chaptered_claims" / name / "__init__.py").touch()
    for name in ("area/second", "area/a_chapter/first_part", "area/a_chapter/within/third", "area/a_chapter/_helper"):
        (tmp_path / "chaptered_claims" / f"{name}.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "CLAIMS_PACKAGE", "chaptered_claims")
    known = registry.built_in_references()
    assert list(known) == ["area.first-part", "area.second", "area.third"]
    assert known["area.first-part"].file == "area/a_chapter/first_part.py"
    assert known["area.third"].module == "chaptered_claims.area.a_chapter.within.third"

    (tmp_path / "chaptered_claims" / "area" / "first_part.py").touch()
    importlib.invalidate_caches()
    with pytest.raises(InputError, match=r"/first_part.py and .*/first_part.py both define"):
        registry.built_in_references()


def test_a_missing_file_and_a_missing_dependency(claim_file, tmp_path):
    with pytest.raises(InputError, match="there is no claim file"):
        select([str(tmp_path / "none.py")])
    with pytest.raises(InputError, match="is a folder"):
        select([f"{tmp_path}/"])
    with pytest.raises(InputError, match=r"depends on 'test[.]nowhere'"):
        select([claim_file(depends_on=("test.nowhere",))])


def test_circles_are_refused(claim_file):
    first = claim_file(id="test.first", depends_on=("test.second",))
    second = claim_file(id="test.second", depends_on=("test.first",))
    with pytest.raises(InputError, match="circle"):
        select([first, second])


def test_two_files_with_one_id_are_refused(claim_file, tmp_path):
    first = claim_file()
    second = tmp_path / "copy.py"
    second.write_text(Path(first).read_text())
    with pytest.raises(InputError, match="both define"):
        select([first, str(second)])


def test_evidence_keeps_the_order_of_the_file(claim_file):
    two = "".join(f"@scaling()\ndef {name}(statement, run):\n    return Margin(0, 1, 'x')\n" for name in ("z", "a"))
    item = load(file_reference(claim_file(two, needs=("scaling",))))
    assert [evidence.name for evidence in item.evidence] == ["z", "a"]
