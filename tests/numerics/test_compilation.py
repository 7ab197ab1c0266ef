"""numba's work is announced when it happens, and only then."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from early_alignment.numerics.flow.compilation import MESSAGE

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


@pytest.mark.slow
def test_a_compilation_is_announced_once_and_not_when_it_is_read_from_disk(tmp_path):
    assert run(ONE_KERNEL, tmp_path) == (["False"], [MESSAGE])
    assert run(ONE_KERNEL, tmp_path) == (["False"], [])


@pytest.mark.slow
def test_after_one_run_the_engine_is_on_disk(tmp_path):
    assert run(WHOLE_ENGINE, tmp_path) == (["False", "True"], [MESSAGE])
    assert run(WHOLE_ENGINE, tmp_path) == (["True", "True"], [])
