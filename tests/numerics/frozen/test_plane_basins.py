"""Exact basins in the plane: published times, every kind of ray to start on, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from early_alignment import Dataset, Fate, InputError, Problem
from early_alignment.numerics.frozen.plane_basins import PlaneFlow, cross, inner

PINNING = Dataset.from_arrays([[0, 1], [Fraction(1, 10), 1], [1, 1]], [-3, 3, -1])


def ray(x, y):
    return Fraction(x), Fraction(y)


def flow(data, **options):
    return PlaneFlow(Problem(data, **options))


def test_the_published_points_have_two_basins_for_each_end_of_the_dead_arc():
    """theory.md 8.1: neurons with a > 0 arrive within 3.0580 from one end of the dead arc and 1.7500 from the other."""
    found = flow(Dataset.published("three-points"))
    dead, aligned = found.basins(1)
    assert (dead.fate, aligned.fate) == (Fate.DEAD, Fate.EXTREMAL)
    assert aligned.drift == ray(Fraction(-31, 120), Fraction(2, 3))
    assert f"{float(aligned.latest.mid()):.4f}" == "3.0580"
    just_inside = [found.ending(1, start) for start in (ray(1000000, -124999), ray(-1000000, -749999))]
    assert [f"{float(ending.arrival().mid()):.3f}" for ending in just_inside] == ["3.058", "1.750"]
    (whole,) = found.basins(-1)
    assert (whole.fate, whole.latest, whole.first) == (Fate.DEAD, None, whole.last)


def test_basins_fill_the_circle_and_no_two_neighbours_agree():
    for data in (Dataset.published("non-orthogonal-toy"), PINNING):
        for sign in (1, -1):
            basins = flow(data).basins(sign)
            assert [basin.last for basin in basins] == [basin.first for basin in basins[1:] + basins[:1]]
            assert len({(basin.fate, basin.direction, basin.first) for basin in basins}) == len(basins)


def test_a_pinned_neuron():
    ending = flow(PINNING).ending(1, ray(30, 1))
    assert (ending.fate, ending.drift) == (Fate.PINNED, ray(Fraction(-7, 30), 0))
    assert cross(ending.direction, ending.drift) == 0 > inner(ending.direction, ending.drift)


@pytest.mark.parametrize(
    ("sign", "start", "fate", "arrival"),
    [
        (1, ray(1, 0), Fate.EXTREMAL, 0),  # along the drift
        (-1, ray(1, 0), Fate.UNDETERMINED, None),  # against it
        (1, ray(0, 1), Fate.UNDETERMINED, None),  # at the end of the dead arc: it may stay or leave
        (-1, ray(0, -1), Fate.DEAD, 0),
        (-1, ray(-3, 1), Fate.DEAD, 0),
    ],
)
def test_starts_on_the_rays_of_a_single_point(sign, start, fate, arrival):
    ending = flow(Dataset.from_arrays([[1, 0]], [1])).ending(sign, start)
    assert ending.fate == fate
    assert ending.arrival() == arrival


def test_one_sided_vectors_hold_one_side_only():
    """Orthogonal points, theory.md 6.1: y_1 x_1/n attracts the starts on which x_2 is not active, and no others."""
    both = flow(Dataset.from_arrays([[1, 0], [0, 1]], [1, 1]))
    assert both.ending(1, ray(2, -1)).drift == ray(Fraction(1, 2), 0)
    assert both.ending(1, ray(2, 1)).drift == ray(Fraction(1, 2), Fraction(1, 2))
    assert both.ending(1, ray(1, 0)).fate == Fate.UNDETERMINED


def test_without_a_kink_the_drift_is_the_same_everywhere():
    (basin,) = flow(Dataset.from_arrays([[1, 2], [-1, -2]], [1, -1])).basins(1)
    assert (basin.fate, basin.drift, basin.latest) == (Fate.EXTREMAL, ray(Fraction(1, 2), 1), 0)
    assert basin.first == basin.last == ray(Fraction(-1, 2), -1)


def test_what_is_refused():
    with pytest.raises(InputError, match="have d = 3"):
        flow(Dataset.from_arrays([[1, 0, 0]], [1]))
    with pytest.raises(InputError, match="needs a direction"):
        flow(PINNING).ending(1, ray(0, 0))
