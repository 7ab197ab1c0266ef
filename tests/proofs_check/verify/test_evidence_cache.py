"""Cached results: the same code returns them and says so, and any change of the code invalidates them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from early_alignment.proofs_check.cache import store

ROOT = Path(__file__).parents[3]
PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from {name} import main; main()"
CLAIM = "alignment.cell-count"


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the packages that may be changed."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("theory", "numerics", "proofs_check"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / "early_alignment" / package, ignore=ignored)
    return folder


def remembered(folder: Path, kept: Path, *options: str, **variables: str) -> list[bool]:
    """Whether each piece of symbolic evidence of the claim was remembered, in a run of the code in `folder`."""
    program = PROGRAM.format(name="early_alignment.proofs_check.commands.application")
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", store.VARIABLE)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), "verify", CLAIM, "--json", "-", *options],
        env={**environment, "XDG_CACHE_HOME": str(kept), **variables}, cwd=folder, capture_output=True, text=True,
        check=True, timeout=600,
    )  # fmt: skip
    (claim,) = json.loads(done.stdout)["claims"]
    pieces = [piece for piece in claim["evidence"] if piece["kind"] == "symbolic"]
    assert pieces
    assert all(piece["outcome"] == "passed" for piece in pieces)
    return ["Remembered" in piece["detail"] for piece in pieces]


@pytest.mark.slow
def test_a_result_is_cached_until_the_code_changes(copy, tmp_path):
    assert not any(remembered(copy, tmp_path))
    assert all(remembered(copy, tmp_path))
    assert not any(remembered(copy, tmp_path, "--no-cache"))
    assert not any(remembered(copy, tmp_path, CI="true"))
    source = copy / "early_alignment" / "theory" / "formal" / "decide.py"
    source.write_text(source.read_text() + "\n# one more line\n")
    os.utime(source, (1.7e9, 1.7e9))  # older than the run, so that only its content can tell
    assert not any(remembered(copy, tmp_path))
    assert all(remembered(copy, tmp_path))


def test_a_cache_key_depends_on_every_text_and_its_boundaries(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    store.keep(("a", "bc"), {"x": 1})
    assert store.entry(("a", "bc")) == {"x": 1}
    assert store.entry(("ab", "c")) is None
    assert store.entry(("a",)) is None
    next(tmp_path.glob("*.json")).write_text("[]")
    assert store.entry(("a", "bc")) is None


@pytest.mark.parametrize("command", [["list"], ["show", "flow.equations"]])
def test_the_cached_catalogue_is_read_without_loading_libraries(tmp_path, command):
    program = (
        "import sys; from early_alignment.proofs_check.commands.application import run; code = run(sys.argv[1:]);"
        "print('sympy' in sys.modules, file=sys.stderr); sys.exit(code)"
    )
    environment = {**os.environ, "EARLY_ALIGNMENT_CACHE": str(tmp_path)}
    first, second = (
        subprocess.run([sys.executable, "-c", program, *command], env=environment, capture_output=True, text=True)
        for _ in range(2)
    )
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert (first.stderr.strip(), second.stderr.strip()) == ("True", "False")
    assert first.stdout == second.stdout
