"""A built-in claim that cannot be read loses its own verdict and no other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = {"api": ".", "theory": "theory", "numerics": "numerics", "proofs_check": "proofs_check"}
ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-c", "from early_alignment.proofs_check.commands.application import main; main()"]
BROKEN, SOUND = "flow.balancedness", "alignment.time"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packages under their installed names, to be broken."""
    for folder, package in PACKAGES.items():
        target = tmp_path / "early_alignment" / package
        shutil.copytree(ROOT / folder, target, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def proofs_check(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=copy, env=environment, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("raise KeyError('planted')", "KeyError: 'planted'"),
        ("CLAIM = 3", "must be a Claim"),
        (
            "import dataclasses\nsame = dataclasses.replace(CLAIM.mutants[0], statement=CLAIM.statement)\n"
            "CLAIM = dataclasses.replace(CLAIM, mutants=(same,))",
            "is the claim's own statement",
        ),
    ],
)
def test_a_broken_built_in_claim_is_inconclusive_and_the_others_run(damage: str, words: str, copy: Path) -> None:
    file = copy / "early_alignment" / "proofs_check" / "claims" / "flow" / "balancedness.py"
    file.write_text(f"{file.read_text()}\n{damage}\n")
    done = proofs_check(copy, "verify", BROKEN, SOUND, "--json", "-")
    assert done.returncode == 1, done.stderr
    claims = {claim["id"]: claim for claim in json.loads(done.stdout)["claims"]}  # with what the sound one uses
    broken, sound = claims[BROKEN], claims[SOUND]
    assert broken["verdict"] == "inconclusive"
    assert words in broken["reason"]
    assert "balancedness.py, line" in broken["reason"]
    assert (sound["verdict"], sound["reason"]) == ("proved", None)
    if words != "must be a Claim":
        return
    listed = proofs_check(copy, "list")
    assert listed.returncode == 0
    assert SOUND in listed.stdout
    assert f"{BROKEN} is broken" in listed.stderr
    assert proofs_check(copy, "show", SOUND).returncode == 0
    shown = proofs_check(copy, "show", BROKEN)
    assert (shown.returncode, shown.stdout, shown.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("command", [["list"], ["show", SOUND], ["list", "--json", "-"], ["--help"]])
def test_a_closed_pipe_causes_neither_failure_nor_traceback(command: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run([*COMMAND, *command], stdout=write, stderr=subprocess.PIPE, text=True, timeout=60)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_pipe_does_not_hide_a_verdict() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        false_claim = [*COMMAND, "verify", "examples/false_claim.py"]
        done = subprocess.run(false_claim, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, timeout=120)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
