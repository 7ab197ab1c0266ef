"""Claim files made for the tests: one skeleton, with the evidence under test put in."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

SKELETON = """
import math
import os
import time

import sympy
from hypothesis import assume, strategies as st

from early_alignment import (
    Certificate, Claim, Margin, Mutant, Predicate, Source, Unavailable, Zero, certified, property_check, scaling,
    symbolic,
)

x = sympy.Symbol("x", real=True)
STATEMENT = Predicate("squares", "(-x)^$power = x^$power", {{"power": 2}})
CLAIM = Claim(
    id="{id}",
    title="squares",
    kind="identity",
    statement=STATEMENT,
    hypotheses=(),
    scope="all integers",
    source=Source("the tests", "none", "-"),
    needs={needs},
    mutants=(
        Mutant("cubes", STATEMENT.altered(power=3), "x = 1 gives -1 and 1"),
    ),
    depends_on={depends_on},
)
"""

GOOD = """
@property_check(st.integers(1, 10**6), quick=10, full=15)
def even(statement, x):
    '''Both sides in integers.'''
    power = statement["power"]
    return Margin(abs((-x) ** power - x**power), 0, "integers are exact", {"x": x})
"""


@pytest.fixture
def claim_file(tmp_path: Path) -> Callable[..., str]:
    """Write a claim file and return its path: `claim_file(body, needs=..., id=..., depends_on=...)`."""

    def write(
        body: str = GOOD,
        needs: tuple[str, ...] = ("property",),
        id: str = "test.squares",
        depends_on: tuple[str, ...] = (),
    ) -> str:
        path = tmp_path / f"{id.replace('.', '_').replace('-', '_')}.py"
        text = SKELETON.format(id=id, needs=repr(needs), depends_on=repr(depends_on))
        path.write_text(text + textwrap.dedent(body), encoding="utf-8")
        return str(path)

    return write
