"""Reading a module computes nothing: no SymPy solve, limit, series or simplification runs at import."""

from __future__ import annotations

import subprocess
import sys

import pytest

WATCHED = ("solve", "solveset", "dsolve", "limit", "series", "integrate", "simplify", "factor")

RECORDER = f"""
import functools, importlib, pkgutil, sys, traceback
import sympy

found = []

def recorded(owner, name):
    plain = getattr(owner, name)
    @functools.wraps(plain)
    def wrapper(*args, **kwargs):
        frames = [f for f in traceback.extract_stack() if "sympy" not in f.filename and "importlib" not in f.filename]
        found.append(f"{{name}} called from {{frames[-2].filename}}, line {{frames[-2].lineno}}")
        return plain(*args, **kwargs)
    setattr(owner, name, wrapper)

for name in {WATCHED!r}:
    plain = getattr(sympy, name)
    for module in [m for m in sys.modules.values() if getattr(m, "__name__", "").startswith("sympy")]:
        if getattr(module, name, None) is plain:
            recorded(module, name)
    if hasattr(sympy.Expr, name):
        recorded(sympy.Expr, name)
"""

IMPORT_EVERYTHING = """
import early_alignment
from early_alignment import numerics, proofs_check, theory

count = 0
for package in (theory, numerics, proofs_check):
    for entry in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(entry.name)
        count += 1
print(count)
print(*found, sep="\\n", end="")
"""


def recorded_calls(script: str) -> list[str]:
    """What a script that runs after the recorder prints, in lines."""
    run = subprocess.run([sys.executable, "-c", RECORDER + script], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def test_no_module_solves_or_simplifies_when_it_is_read():
    count, *calls = recorded_calls(IMPORT_EVERYTHING)
    assert int(count) > 150
    assert calls == []


@pytest.mark.parametrize(
    "call",
    [
        "sympy.solve(x - 1, x)",
        "sympy.solveset(x - 1, x)",
        "sympy.dsolve(y(x).diff(x), y(x))",
        "sympy.limit(sympy.sin(x) / x, x, 0)",
        "(sympy.sin(x) / x).limit(x, 0)",
        "sympy.sin(x).series(x)",
        "sympy.integrate(x, x)",
        "sympy.simplify(x / x)",
        "(2 * x + 2 * x**2).factor()",
    ],
)
def test_the_recorder_records_a_call(call):
    calls = recorded_calls(f"x, y = sympy.Symbol('x'), sympy.Function('y')\n{call}\nprint(*found, sep='\\n')")
    assert any(line.startswith(f"{name} called") for line in calls for name in WATCHED if name in call)
