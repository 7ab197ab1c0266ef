"""Sign vectors of central arrangements: against sampled directions, and those of independent hyperplanes."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from early_alignment.numerics.geometry.covectors import covectors
from early_alignment.numerics.geometry.integers import rank

ROWS = st.integers(1, 3).flatmap(
    lambda d: st.lists(st.tuples(*[st.integers(-3, 3)] * d).filter(any), min_size=1, max_size=5)
)


@given(ROWS)
def test_the_faces_are_the_signs_of_all_directions(rows):
    """Each sampled direction lies in a face; faces are closed under opposites, composition and passing to 0."""
    faces = covectors(rows)
    directions = np.array(list(product(range(-4, 5), repeat=len(rows[0]))))
    assert {tuple(row) for row in np.sign(directions @ np.array(rows).T).tolist()} <= faces
    composed = {tuple(a or b for a, b in zip(u, v, strict=True)) for u in faces for v in faces}
    assert composed == faces == {tuple(-value for value in face) for face in faces}


@given(ROWS)
def test_independent_hyperplanes_have_all_signs(rows):
    independent = rank(rows) == len(rows)
    assert (covectors(rows) == set(product((-1, 0, 1), repeat=len(rows)))) == independent
