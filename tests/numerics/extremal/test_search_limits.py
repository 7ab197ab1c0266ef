"""The search for extremal vectors: which route is used, and its time limit."""

import itertools
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from early_alignment import Dataset, extremal_vectors
from early_alignment.numerics.extremal import arrangement, face, vectors
from early_alignment.numerics.extremal.vectors import extremal_vectors_of

DATA = Path(__file__).parents[2] / "data"
CORRELATED, GAUSSIAN = DATA / "correlated_n10_d10.csv", DATA / "gaussian_n30_d10.csv"


def test_the_tree_solves_correlated_points() -> None:
    """Ten points in ten dimensions: the arrangement takes 3^9 choices of signs at every ray, the tree a few nodes."""
    found = extremal_vectors(Dataset.from_csv(str(CORRELATED)))
    assert found.complete
    assert found.route == "tree"


@pytest.mark.parametrize("route", ["arrangement", "tree", "auto"])
def test_a_search_ends_within_its_time_limit(route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that advances by one second at every reading: the search reads it often, and stops at the limit."""
    data, limit = Dataset.from_csv(str(GAUSSIAN)), 50
    readings = itertools.count()
    monkeypatch.setattr(face, "time", SimpleNamespace(monotonic=lambda: float(next(readings))))
    found = extremal_vectors(data, route=route, seconds=limit)
    assert not found.complete
    # `auto` sets three limits, for the tree, for the arrangement and for both, and reads each once when it ends.
    assert limit < next(readings) <= limit + 10


def test_the_arrangement_is_used_where_the_tree_runs_out_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    inputs = [[Fraction(float(value)) for value in row] for row in rng.standard_normal((12, 4))]
    pulls = [Fraction(float(value)) for value in rng.standard_normal(12)]
    known = extremal_vectors_of(inputs, pulls, 0, "arrangement")
    tree = vectors.grow_tree
    monkeypatch.setattr(vectors, "grow_tree", lambda data, seconds: tree(data, 0.0))
    found = extremal_vectors_of(inputs, pulls)
    assert found.route == "arrangement"
    assert found.complete
    assert [v.exact for v in found.vectors] == [v.exact for v in known.vectors]


def test_results_of_both_interrupted_routes_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    inputs = [[Fraction(float(value)) for value in row] for row in rng.standard_normal((9, 4))]
    pulls = [Fraction(float(value)) for value in rng.standard_normal(9)]
    whole = extremal_vectors_of(inputs, pulls, 0, "tree")
    tree, rays = vectors.grow_tree, arrangement.arrange

    def broken_off(search, keep):
        def run(data, seconds):
            found = search(data, None)
            return type(found)(found.faces[keep], found.largest, False)

        return run

    monkeypatch.setattr(vectors, "grow_tree", broken_off(tree, slice(0, 1)))
    monkeypatch.setattr(vectors, "arrange", broken_off(rays, slice(1, None)))
    monkeypatch.setattr(vectors, "AT_ONCE", 0.0)
    found = extremal_vectors_of(inputs, pulls)
    assert not found.complete
    assert {v.exact for v in found.vectors} <= {v.exact for v in whole.vectors}
    assert len(found.vectors) >= len(whole.vectors) - 1


def test_exact_rays_lead_to_the_vectors_of_float_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    inputs = [[Fraction(int(value)) for value in row] for row in rng.integers(-3, 4, (7, 4))]
    pulls = [Fraction(int(value)) for value in rng.integers(1, 4, 7)]
    known = extremal_vectors_of(inputs, pulls, 0, "arrangement")
    monkeypatch.setattr(arrangement, "HIGHEST_OF_MINORS", 0)
    found = extremal_vectors_of(inputs, pulls, 0, "arrangement")
    assert [v.exact for v in found.vectors] == [v.exact for v in known.vectors]
    assert found.d_max == known.d_max
    assert found.complete
