"""What the certificate of least-norm interpolation rests on: every tampering is rejected or gives no false bound."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import Dataset, Problem, least_norm
from early_alignment.numerics.interpolation.cells import find_cells
from early_alignment.numerics.interpolation.certificate import (
    CellBound,
    CertificateRejected,
    NormCertificate,
    check,
    proved_bounds,
)
from early_alignment.numerics.interpolation.count import number_of_cells
from early_alignment.numerics.oracles.rational import cells, count_cells, inner

LEAK = Fraction(1, 8)
ULP = Fraction(1, 2**52)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    inputs = [[Fraction(int(value), 8) for value in row] for row in rng.integers(-16, 17, (6, 3))]
    return Dataset.from_arrays(inputs, [1, -2, 3, -1, 2, 1])


@pytest.fixture(scope="module")
def result(data):
    return least_norm(Problem(data, leak=LEAK))


def assert_rejected(certificate, data, match):
    with pytest.raises(CertificateRejected, match=match):
        check(certificate, data.inputs, data.labels, LEAK)


@pytest.mark.cvxpy
def test_the_certificate_itself_is_accepted(result, data):
    check(result.certificate, data.inputs, data.labels, LEAK)
    assert proved_bounds(result.certificate, data.inputs, data.labels, LEAK) == (result.lower, result.upper)


@pytest.mark.cvxpy
def test_weaker_statements_are_accepted_and_stronger_ones_rejected(result, data):
    certificate = result.certificate
    check(replace(certificate, lower=0.0, upper=np.inf), data.inputs, data.labels, LEAK)
    assert_rejected(replace(certificate, lower=np.nextafter(result.lower, np.inf)), data, "lower bound .* is stated")
    assert_rejected(replace(certificate, upper=np.nextafter(result.upper, 0)), data, "upper bound .* is stated")
    assert_rejected(replace(certificate, lower=np.nan), data, "lower bound nan is stated")


@pytest.mark.cvxpy
@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("change", [Fraction(1, 10), Fraction(-1, 10)])
def test_a_perturbed_dual_vector_proves_less(result, data, place, change):
    dual = list(result.certificate.dual)
    dual[place] += change
    certificate = replace(result.certificate, dual=tuple(dual))
    assert proved_bounds(certificate, data.inputs, data.labels, LEAK)[0] < result.lower
    assert_rejected(certificate, data, "lower bound .* is stated")


@pytest.mark.cvxpy
def test_the_scale_of_the_dual_vector_does_not_matter(result, data):
    certificate = result.certificate
    doubled = tuple(
        CellBound(c.inside, *(tuple((k, 2 * mu) for k, mu in side) for side in (c.above, c.below)))
        for c in certificate.cells
    )
    certificate = replace(certificate, dual=tuple(2 * nu for nu in certificate.dual), cells=doubled)
    assert proved_bounds(certificate, data.inputs, data.labels, LEAK) == (result.lower, result.upper)


@pytest.mark.cvxpy
def test_a_dual_vector_of_the_wrong_sign_proves_nothing(result, data):
    certificate = replace(result.certificate, dual=tuple(-nu for nu in result.certificate.dual))
    assert proved_bounds(certificate, data.inputs, data.labels, LEAK)[0] == 0.0


@pytest.mark.cvxpy
def test_missing_cells_are_rejected(result, data):
    cells = result.certificate.cells
    assert_rejected(replace(result.certificate, cells=cells[1:]), data, "31 different cells are listed, there are 32")
    assert_rejected(replace(result.certificate, cells=(*cells[1:], cells[1])), data, "31 different cells")


@pytest.mark.cvxpy
def test_cell_points_on_a_hyperplane_are_rejected(result, data):
    first, *others = result.certificate.cells
    for inside in ((0, 0, 0), find_cells(data.inputs).rays[0]):
        cells = (replace(first, inside=inside), *others)
        assert_rejected(replace(result.certificate, cells=cells), data, "cell 1: the point given lies on a hyperplane")


@pytest.mark.cvxpy
def test_negative_and_misplaced_multipliers_are_rejected(result, data):
    place, cell = next((i, c) for i, c in enumerate(result.certificate.cells) if c.above)
    (point, mu), *rest = cell.above
    for wrong in ((point, -mu), (-1, mu), (6, mu)):
        cells = list(result.certificate.cells)
        cells[place] = replace(cell, above=(wrong, *rest))
        assert_rejected(
            replace(result.certificate, cells=tuple(cells)), data, f"cell {place + 1}: .* is not a multiplier"
        )


@pytest.mark.cvxpy
def test_missing_multipliers_prove_less(result, data):
    cells = tuple(CellBound(cell.inside, (), ()) for cell in result.certificate.cells)
    certificate = replace(result.certificate, cells=cells)
    assert proved_bounds(certificate, data.inputs, data.labels, LEAK)[0] < result.lower


@pytest.mark.cvxpy
def test_a_network_that_does_not_quite_interpolate_is_rejected(result, data):
    a, w = list(result.certificate.a), list(result.certificate.w)
    assert_rejected(replace(result.certificate, a=(a[0] * (1 + ULP), *a[1:])), data, "the network has output")
    moved = (w[0][0] + ULP, *w[0][1:])
    assert_rejected(replace(result.certificate, w=(moved, *w[1:])), data, "the network has output")
    assert_rejected(replace(result.certificate, a=(), w=()), data, "point 1: the network has output")


@pytest.mark.cvxpy
def test_a_longer_network_gives_a_larger_upper_bound(result, data):
    certificate = result.certificate
    spare = (Fraction(1), Fraction(0), Fraction(0))
    longer = replace(certificate, a=(*certificate.a, Fraction(1), Fraction(-1)), w=(*certificate.w, spare, spare))
    assert proved_bounds(longer, data.inputs, data.labels, LEAK)[1] == pytest.approx(result.upper + 2, rel=1e-14)
    assert_rejected(longer, data, "upper bound .* is stated")


@pytest.mark.cvxpy
def test_shapes_are_checked(result, data):
    certificate = result.certificate
    assert_rejected(replace(certificate, dual=certificate.dual[1:]), data, "shape")
    assert_rejected(replace(certificate, a=certificate.a[1:]), data, "shape")
    assert_rejected(replace(certificate, w=(certificate.w[0][1:], *certificate.w[1:])), data, "shape")


@pytest.mark.cvxpy
def test_the_certificate_of_other_data_or_of_another_leak_is_rejected(result, data):
    for inputs, labels, leak in (
        (data.inputs[::-1], data.labels, LEAK),
        (data.inputs, data.labels[::-1], LEAK),
        (data.inputs, data.labels, Fraction(1, 7)),
    ):
        with pytest.raises(CertificateRejected):
            check(result.certificate, inputs, labels, leak)


def test_bounds_of_irrational_numbers_are_rounded_outwards():
    """One point x = (1, 1), y = 1: the least norm is 1/sqrt(2); nu = 1/2 and the neuron w = (1, 1)/2 are exact."""
    cells = tuple(CellBound((s, s), (), ()) for s in (1, -1))
    half = Fraction(1, 2)
    certificate = NormCertificate((half,), cells, (Fraction(1),), ((half, half),), 0.0, np.inf)
    lower, upper = proved_bounds(certificate, ((Fraction(1), Fraction(1)),), (Fraction(1),), Fraction(0))
    assert Fraction(lower) ** 2 < half < Fraction(upper) ** 2
    assert upper == np.nextafter(lower, 1)


@st.composite
def normals(draw):
    """Up to 6 normals in R^d, d <= 4, with many coincidences."""
    d = draw(st.integers(1, 4))
    vectors = st.tuples(*[st.integers(-1, 1)] * d).filter(any)
    if draw(st.booleans()):
        vectors = st.tuples(*[st.integers(-9, 9)] * d).filter(any)
    rows = draw(st.lists(vectors, min_size=1, max_size=6))
    return tuple(tuple(Fraction(value) for value in row) for row in rows)


@given(normals())
def test_cells_are_those_of_the_oracles(inputs):
    """Patterns decided one by one by elimination; their number by another deletion and restriction."""
    found = find_cells(inputs)
    patterns = {tuple(int(value) for value in row) for row in found.signs}
    assert patterns == cells(inputs)
    assert len(found) == len(patterns) == number_of_cells(inputs) == count_cells(inputs)
    for inside, row in zip(found.inside, found.signs, strict=True):
        heights = [inner(inside, point) for point in inputs]
        assert [(value > 0) - (value < 0) for value in heights] == row.tolist()
    for place, point in enumerate(inputs):
        parallel = [np.linalg.matrix_rank(np.array([x, point], dtype=float)) == 1 for x in inputs]
        first = parallel.index(True) == place
        flips = [tuple(np.where(parallel, -row, row).tolist()) in patterns for row in found.signs]
        assert found.facets[:, place].tolist() == [first and flip for flip in flips]


@given(normals())
def test_each_ray_is_found_once(inputs):
    """Rays in the span of the points, by their definition: where hyperplanes through them have rank one less."""
    found = find_cells(inputs)
    matrix = np.array(inputs, dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    flats = set()
    for subset in combinations(range(len(inputs)), rank - 1):
        chosen = matrix[list(subset)].reshape(-1, matrix.shape[1])
        if np.linalg.matrix_rank(chosen) == rank - 1:
            flats.add(tuple(k for k, x in enumerate(matrix) if np.linalg.matrix_rank([*chosen, x]) == rank - 1))
    assert len(found.rays) == len(set(found.rays)) == 2 * len(flats)
    for ray in found.rays:
        through = tuple(k for k, x in enumerate(inputs) if inner(ray, x) == 0)
        assert through in flats
        assert np.linalg.matrix_rank([*matrix, ray]) == rank
