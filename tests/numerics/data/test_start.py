"""Starts: the laws of theory.md 7, determinism, and start files."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import InputError, Start, make_start
from early_alignment.numerics.data.start import KINDS

kinds = st.sampled_from(KINDS)
scales = st.integers(-60, 2).map(lambda exponent: 10.0**exponent)
EPS = np.finfo(float).eps


@given(st.integers(1, 30), scales, st.integers(0, 2**32), st.integers(1, 6))
def test_drawn_starts_are_balanced_or_dominated(width, scale, seed, d):
    balanced, dominated = (make_start(width, scale, seed, kind, d) for kind in ("balanced", "dominated"))
    assert balanced.w.shape == dominated.w.shape == (width, d)
    # each factor, square, sum and root rounds once: (d/2 + 4) relative errors of eps/2 and some room for the last ones
    np.testing.assert_allclose(np.abs(balanced.a), np.linalg.norm(balanced.w, axis=1), rtol=(d + 4) * EPS)
    assert (np.abs(dominated.a) >= np.linalg.norm(dominated.w, axis=1) * (1 - (d + 4) * EPS)).all()
    np.testing.assert_allclose(np.abs(dominated.a), np.sqrt(d / width) * scale, rtol=8 * EPS)
    assert dominated.c0 == pytest.approx(d, rel=(width + 8) * EPS)  # all |a~_j| are sqrt(d)


@given(st.integers(1, 30), scales, st.integers(0, 2**32), kinds, st.integers(1, 6))
def test_the_unscaled_draw_depends_on_the_seed_alone(width, scale, seed, kind, d):
    one, other = make_start(width, scale, seed, kind, d), make_start(width, 1.0, seed, kind, d)
    np.testing.assert_allclose(one.w, scale * other.w, rtol=4 * EPS)
    np.testing.assert_allclose(one.a, scale * other.a, rtol=4 * EPS)
    assert one.c0 == pytest.approx(other.c0, rel=(width + 16) * EPS)
    again = make_start(width, scale, seed, kind, d)
    np.testing.assert_array_equal(one.a, again.a)
    np.testing.assert_array_equal(one.w, again.w)


@pytest.mark.parametrize("kind", KINDS)
def test_entries_have_the_stated_mean_and_variance(kind):
    """Means and variances of 10^5 neurons, within six standard errors; both signs of a are equally likely."""
    width, d, scale = 100_000, 3, 0.5
    start = make_start(width, scale, 7, kind, d)
    unit = scale / np.sqrt(width)
    variance = unit**2 / 3 if kind == "dominated" else unit**2
    entries = start.w.ravel()
    count = entries.size
    fourth = {"dominated": 1.8}.get(kind, 3.0)  # the kurtosis of the uniform and the normal law
    assert abs(entries.mean()) < 6 * np.sqrt(variance / count)
    assert abs(np.mean(entries**2) / variance - 1) < 6 * np.sqrt((fourth - 1) / count)
    assert abs(np.sign(start.a).mean()) < 6 / np.sqrt(width)
    if kind == "dominated":
        assert np.abs(entries).max() <= unit
    assert start.within_theory == (kind != "unbalanced")
    if kind == "unbalanced":
        assert (np.abs(start.a) < np.linalg.norm(start.w, axis=1)).any()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"width": 0}, "the width is 0"),
        ({"scale": 0.0}, "the scale is 0"),
        ({"scale": -1.0}, "must be positive"),
        ({"scale": float("nan")}, "the scale is nan"),
        ({"scale": 1e-290}, "between"),
        ({"seed": -1}, "the seed is -1"),
        ({"kind": "other"}, "balanced, dominated, unbalanced"),
        ({"d": 0}, "the dimension is 0"),
    ],
)
def test_impossible_starts_are_refused(options, words):
    with pytest.raises(InputError, match=words):
        make_start(**{"width": 3, "scale": 1e-3, "seed": 0, **options})


def written(start):
    header = ",".join(["a", *(f"w{i + 1}" for i in range(start.w.shape[1]))])
    rows = [",".join(repr(float(v)) for v in (a, *w)) for a, w in zip(start.a, start.w, strict=True)]
    return io.StringIO("\n".join([header, *rows, ""]))


@given(st.integers(1, 10), st.integers(0, 2**32), kinds, st.integers(1, 5))
def test_a_written_start_file_is_read_back_exactly(width, seed, kind, d):
    start = make_start(width, 1e-3, seed, kind, d)
    again = Start.from_csv(written(start), d, scale=1e-3)
    np.testing.assert_array_equal(again.a, start.a)
    np.testing.assert_array_equal(again.w, start.w)
    assert again.c0 == start.c0
    if kind == "balanced":
        assert again.kind == "balanced"
    if kind == "dominated":
        assert again.within_theory


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ("5,3,4\n-13,5,-12\n", "balanced"),
        ("5,3,4\n-13.001,5,-12\n", "dominated"),
        ("5,3,4\n-12.999,5,-12\n", "unbalanced"),
        ("5.000001,3,4\n1,1,1\n", "unbalanced"),
    ],
)
def test_the_kind_of_a_start_file(rows, kind):
    start = Start.from_csv(io.StringIO("a,w1,w2\n" + rows), 2)
    assert start.kind == kind
    assert start.c0 is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,w1\n1,1\n", "for d = 2 it must be a,w1,w2"),
        ("w1,w2,a\n1,1,1\n", "for d = 2 it must be a,w1,w2"),
        ("a,w1,w2\n1,1\n", "row 1 .line 2.: 2 cells"),
        ("a,w1,w2\n1,x,1\n", "column 2 .w1.: 'x' is not a number"),
        ("a,w1,w2\n1,1,1\n0,1,1\n", "row 2 .line 3., column 1 .a.: the output weight is 0"),
        ("a,w1,w2\n1,0,0\n", "row 1 .line 2.*all input weights are 0"),
        ("a,w1,w2\n", "no rows"),
        ("", "empty"),
    ],
)
def test_start_files_are_refused_with_row_and_column(text, words):
    with pytest.raises(InputError, match=words):
        Start.from_csv(io.StringIO(text), 2)


def test_a_start_file_with_an_impossible_scale_is_refused():
    with pytest.raises(InputError, match="the scale is 0"):
        Start.from_csv(io.StringIO("a,w1\n1,1\n"), 1, scale=0.0)
