"""Compilation by numba is announced when it happens, and only then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from early_alignment.numerics.compiled_code import MESSAGE, drop_code_of_other_sources

ROOT = Path(__file__).resolve().parents[3]

ONE_KERNEL = """
import numpy as np
from early_alignment.numerics.flow.compilation import announce_compilation, compiled_code_is_cached
from early_alignment.numerics.flow.engine.chebyshev import at_share
announce_compilation()
announce_compilation()
at_share(np.arange(9.0), 0.3)
print(compiled_code_is_cached())
"""
WHOLE_ENGINE = """
from early_alignment.numerics.data.dataset import Dataset
from early_alignment.numerics.flow.compilation import compiled_code_is_cached
from early_alignment.numerics.flow.simulation import simulate
from early_alignment.numerics.data.start import make_start
data = Dataset.published("three-points")
start = make_start(20, 0.1, 0, d=data.d)
print(compiled_code_is_cached())
assert simulate(data, start, 20.0).events
print(compiled_code_is_cached())
"""


def run(script, folder):
    """The lines on standard output and on standard error, with a cache of its own for numba."""
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"NUMBA_CACHE_DIR": str(folder)}, text=True,
        capture_output=True, check=True, timeout=600,
    )  # fmt: skip
    return done.stdout.split(), done.stderr.splitlines()


def test_code_of_other_sources_is_removed_and_other_files_are_not(tmp_path):
    folder, sources = tmp_path / "cache", tmp_path / "engine"
    folder.mkdir()
    sources.mkdir()
    (sources / "step.py").write_text("PULL = 1\n")
    kept, code = folder / "other.f-1.py311.nbi", folder / "step.pull-1.py311.1.nbc"
    kept.write_bytes(b"")
    for text, removed in (("PULL = 1\n", True), ("PULL = 1\n", False), ("PULL = 2\n", True)):
        code.write_bytes(b"")
        (sources / "step.py").write_text(text)
        drop_code_of_other_sources(folder, sources.glob("*.py"))
        assert code.exists() != removed
        assert kept.exists()


LOSS_AT_THE_END = """
import sys
sys.path.insert(0, sys.argv[1])
from early_alignment import Dataset, make_start, simulate
print(simulate(Dataset.published("three-points"), make_start(20, 0.1, 0), 1.0).losses[-1])
"""


@pytest.mark.slow
def test_a_changed_function_is_recompiled_in_its_callers(tmp_path):
    """numba alone would run `event_free.advance` with the old `step.pull` in it."""
    for folder, package in {"api": ".", **dict.fromkeys(("theory", "numerics"))}.items():
        target = tmp_path / "early_alignment" / (package or folder)
        shutil.copytree(ROOT / folder, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    step = tmp_path / "early_alignment" / "numerics" / "flow" / "engine" / "step.py"
    before, text = loss_at_the_end(tmp_path), step.read_text()
    assert text.count("        return y - h\n") == 1
    step.write_text(text.replace("        return y - h\n", "        return 0.5 * (y - h)\n"))
    assert loss_at_the_end(tmp_path) > 1.01 * before


def loss_at_the_end(place):
    """That of a short run of the copy of the package in this place, with the machine code that is kept there."""
    command = [sys.executable, "-c", LOSS_AT_THE_END, str(place)]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(place / "compiled")}
    return float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@pytest.mark.slow
def test_a_compilation_is_announced_once_and_not_when_it_is_read_from_disk(tmp_path):
    assert run(ONE_KERNEL, tmp_path) == (["False"], [MESSAGE])
    assert run(ONE_KERNEL, tmp_path) == (["False"], [])


@pytest.mark.slow
def test_one_run_leaves_the_compiled_engine_on_disk(tmp_path):
    assert run(WHOLE_ENGINE, tmp_path) == (["False", "True"], [MESSAGE])
    assert run(WHOLE_ENGINE, tmp_path) == (["True", "True"], [])
