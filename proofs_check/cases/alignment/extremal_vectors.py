"""Cases on which `alignment.extremal-vectors` is tested."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ....numerics.data.dataset import Dataset
from ....numerics.data.losses import LOSS_NAMES, get_loss
from ....numerics.extremal.vectors import ROUTES, ExtremalVectors, extremal_vectors
from ....numerics.oracles.reference import HANDWRITTEN_LOSSES
from ...claim.draws import composite, st
from ..strategies import LEAKS, ProblemCase, datasets, points, points_in_many_dimensions
from .enumeration import saddle_data


@dataclass(frozen=True)
class EnumerationCase(ProblemCase):
    """A small data set with loss and leak, and the route by which its extremal vectors are enumerated."""

    route: str

    @property
    def pulls(self) -> tuple[Fraction, ...]:
        """The pulls at h = 0, written by hand."""
        slope = HANDWRITTEN_LOSSES[self.loss].slope_at_zero
        return tuple(slope * label for label in self.data.labels)

    def enumerated(self) -> ExtremalVectors:
        """What the enumeration finds."""
        return extremal_vectors(self.problem, route=self.route)


ANY_DATA = tuple(route for route in ROUTES if route != "orthogonal")
"""The routes that refuse no data; what holds for orthogonal points is checked by bias.orthogonal-extremal."""


MANY = 30
"""The most dimensions; to decide all sign patterns by elimination, as brute force does, takes too long there."""


@composite
def small_problems(draw: st.DrawFn, largest: int = 3) -> EnumerationCase:
    """Up to 4 points of R^d, d <= 3, duplicates and opposite points and zero labels included; every route.

    Half of them have coordinates in {-1, 0, 1}: there points are orthogonal, slopes come out at an end exactly, and in
    space three points often lie in a plane, so that the slopes on a face are not unique. Where the `largest`
    dimension is 30, one case in five has one to three points in 5 to 30 dimensions.
    """
    loss, route = draw(st.sampled_from(LOSS_NAMES)), draw(st.sampled_from(ANY_DATA))
    choice, many = draw(st.integers(0, 4)), largest == MANY and route != "sort"
    largest = 2 if route == "sort" else 3
    if choice == 4 and many:
        data = points_in_many_dimensions(draw(st.integers(0, 10**6)), (1, 3), loss)
    elif choice % 2:
        data = draw(datasets(n=(1, 4), d=(1, largest), loss=loss))
    else:
        dimension = draw(st.integers(1, largest))
        flat = points(2, size=1, denominator=1).map(lambda point: (*point, *[Fraction(0)] * (dimension - 2)))
        any_point = points(dimension, size=1, denominator=1)
        inputs = draw(st.lists(any_point, min_size=1, max_size=4))
        if dimension == 3 and draw(st.booleans()):
            inputs = [*draw(st.lists(flat, min_size=3, max_size=3, unique=True)), inputs[0]]
        sizes = get_loss(loss).labels or tuple(map(Fraction, (1, -1, 2, -2, 0)))
        labels = draw(st.lists(st.sampled_from(sizes), min_size=len(inputs), max_size=len(inputs)))
        data = Dataset(tuple(inputs), tuple(labels))
    return EnumerationCase(data, loss, draw(st.sampled_from(LEAKS)), route)


def stable_problems() -> st.SearchStrategy[EnumerationCase]:
    """Small problems, one in three of which has a saddle."""
    routes = st.sampled_from(("auto", "arrangement", "tree"))
    saddles = st.builds(EnumerationCase, saddle_data(), st.just("square"), st.just(Fraction(0)), routes)
    return st.one_of(small_problems(MANY), small_problems(MANY), saddles)
