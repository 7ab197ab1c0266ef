"""`--help`, `list` and `show` load nothing that only evidence needs; what they cost is measured in benchmarks/."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ("clarabel", "cvxpy", "hypothesis", "matplotlib", "numba", "scipy", "z3")
"""Libraries that take longer to load than the commands to answer."""
SCRIPT = f"""
import sys
from early_alignment.proofs_check.commands.application import run
code = run(sys.argv[1:])
loaded = [name for name in {(*HEAVY, "sympy")} if name in sys.modules]
print(code, *loaded, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [(["--help"], []), (["list"], ["sympy"]), (["show", "flow.sliding"], ["sympy"]), (["verify", "--help"], [])],
)
def test_a_command_that_checks_nothing_loads_nothing_heavy(arguments, needed):
    environment = {**os.environ, "EARLY_ALIGNMENT_CACHE": "off"}  # cached answers need no library
    command = [sys.executable, "-c", SCRIPT, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr.split() == ["0", *needed]
