"""The corners of spurious.geometry are decided in exact rationals, and can fail."""

import numpy as np
import pytest
from sympy import Rational

from early_alignment import Run
from early_alignment.proofs_check.claims.spurious import geometry
from early_alignment.theory.spurious import three_points as points

RUN = Run("quick", np.random.default_rng(0))
TINY = Rational(1, 10**30)


@pytest.mark.parametrize(("least", "holds"), [(TINY, True), (0 * TINY, False), (-TINY, False)])
def test_corners_are_decided_where_floats_cannot(monkeypatch, least: Rational, holds: bool):
    """y_1 / 3 - 1/3 + least is `least` at y_1 = 1; in floats it vanishes there, whatever is added."""
    claimed = {"y_1 / 3 > 1/3": points.labels[0] / 3 - Rational(1, 3) + least}
    monkeypatch.setattr(points, "inequalities", lambda: claimed)
    found = geometry.rationals_agree_at_corners.check(geometry.STATEMENT, RUN)
    assert (found.counterexample is None) is holds


@pytest.mark.parametrize("mutant", geometry.CLAIM.mutants, ids=lambda mutant: mutant.name)
def test_corners_refute_every_mutant(mutant):
    found = geometry.rationals_agree_at_corners.check(mutant.statement, RUN)
    assert found.counterexample is not None
