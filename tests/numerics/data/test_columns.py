"""Columns of a data file: chosen by name, reported as they were read, with warnings about suspicious ones."""

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import PUBLISHED, Dataset, InputError
from early_alignment.numerics.data.columns import split_names
from early_alignment.numerics.data.exact import number_text

NAMES = ("u", "v", "w", "target")
values = st.fractions(min_value=-5, max_value=5, max_denominator=7)
points = st.lists(st.tuples(values, values, values, values).filter(lambda row: any(row[:3])), min_size=1, max_size=5)


def read(text, **options):
    return Dataset.from_csv(io.StringIO(text), **options)


def written(names, rows):
    """A CSV text with columns of these names, from rows that map names to numbers."""
    lines = [",".join(names), *(",".join(number_text(row[name]) for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


@given(points, st.permutations(NAMES), st.permutations(NAMES[:3]), st.booleans())
def test_columns_chosen_by_name_do_not_depend_on_their_order(rows, order, features, bias):
    """Whatever the order of the columns in the file, label and features by name give the data of the usual order."""
    named = [dict(zip(NAMES, row, strict=True)) for row in rows]
    usual = read(written([*features, "target"], named), bias=bias)
    chosen = read(written(order, named), bias=bias, label="target", features=features)
    assert chosen == usual
    assert chosen.columns.inputs == usual.columns.inputs == tuple(features)
    alone = read(written(order, named), bias=bias, label="target")
    assert alone.columns.inputs == tuple(name for name in order if name != "target")
    assert alone.labels == usual.labels


def test_columns_that_are_not_chosen_are_not_read():
    data = read('name,x,comment,y\nfirst,1,"a, b",2\nsecond,2,,3\n', features=["x"])
    assert (data.inputs, data.labels) == (((1,), (2,)), (2, 3))
    assert data.columns.unused == ("name", "comment")
    with pytest.raises(InputError, match=r"row 1 \(line 2\), column 1 \(name\)"):
        read("name,x,y\nfirst,1,2\n")


def test_a_column_without_a_name_is_refused_only_when_it_is_read():
    text = ",x,y\n0,1,2\n1,5,3\n"
    with pytest.raises(InputError, match="column 1: no name"):
        read(text)
    columns = read(text, features=["x"]).columns
    assert (columns.inputs, columns.unused) == (("x",), ("",))
    assert "without a name" in columns.describe()


def test_the_place_of_a_bad_cell_is_that_in_the_file():
    with pytest.raises(InputError, match=r"row 2 \(line 3\), column 3 \(b\)"):
        read("y,a,b\n1,2,3\n4,5,nan\n", label="y", features=["b", "a"])
    with pytest.raises(InputError, match=r"row 1 \(line 2\), column 1 \(y\): the label is 2"):
        read("y,a\n2,3\n", label="y", loss="logistic")


@pytest.mark.parametrize(
    ("label", "features", "words"),
    [
        ("targt", None, ["'targt'", "label", "nearest is 'target'"]),
        ("U", None, ["'U'", "nearest is 'u'"]),
        ("zzz", None, ["'zzz'", "the columns are u, v, w, target"]),
        (None, ["u", "vv"], ["'vv'", "feature", "nearest is 'v'"]),
        (None, ["u", "u"], ["'u'", "twice"]),
        (None, ["u", "target"], ["'target'", "also the label", "last column"]),
        ("u", ["u", "v"], ["'u'", "also the label"]),
        (None, [], ["no feature"]),
    ],
)
def test_wrong_names_are_refused_in_one_sentence(label, features, words):
    with pytest.raises(InputError) as refused:
        read("u,v,w,target\n1,2,3,4\n", label=label, features=features)
    message = str(refused.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_lists_of_names_are_split_at_commas_outside_quotes():
    assert split_names("x1, x2") == ("x1", "x2")
    assert split_names('"a, b",c') == ("a, b", "c")
    for text in ("", "a,,b", ",", '"a'):
        with pytest.raises(InputError):
            split_names(text)


@pytest.mark.parametrize(
    ("text", "bias", "named"),
    [
        ("id,x,y\n17,1/2,1\n4,1/3,2\n", False, ["column 1 (id)"]),
        ("Unnamed: 0,x,y\n5,1/2,1\n4,1/3,2\n", False, ["column 1 (Unnamed: 0)"]),
        ("x,row,y\n1/2,5,1\n1/3,4,2\n", False, ["column 2 (row)"]),
        ("k,x,y\n0,1/2,3\n1,1/3,1\n2,1/4,2\n", True, ["column 1 (k)"]),
        ("k,x,y\n1,1/2,3\n2,1/3,1\n3,1/4,2\n", True, ["column 1 (k)"]),
        ("k,x,y\n-7,1/2,3\n3,1/3,1\n13,1/4,2\n", True, ["column 1 (k)"]),
        ("c,x,y\n2,1/2,3\n2,1/3,1\n2,1/4,2\n", True, ["column 1 (c)", "2 in every row"]),
        ("c,x,b,y\n2,1/2,1,3\n2,1/3,1,1\n", False, ["column 1 (c)", "column 3 (b)"]),
        ("c,x,y\n0,1/2,3\n0,1/3,1\n", False, ["column 1 (c)", "0 in every row"]),
        ("y,x1,x2\n3,1/2,5\n1,1/3,7\n", False, ["column 1 (y)", "column 3 (x2)", "--label y"]),
        ("Class,a,b\n3,1/2,5\n1,1/3,7\n", False, ["column 1 (Class)", "column 3 (b)"]),
        ("target,x,y\n3,1/2,5\n1,1/3,7\n", False, ["column 1 (target)", "column 3 (y)"]),
        ("x,index\n3,1/2\n1,1/3\n", False, ["column 2 (index)", "label"]),
        ("x,y\n3,1\n1,2\n3,1\n", True, ["rows 1 and 3", "equal"]),
        ("x,y\n3,1\n1,2\n3,1\n3,1\n", True, ["rows 1 and 3", "1 more row "]),
        ("x,y\n3,1\n1,2\n3,5\n", True, ["rows 1 and 3", "different labels"]),
        ("x1,x2,y\n3,1,1\n1,2,2\n", False, ["column 2 (x2)", "equals the label"]),
    ],
)
def test_each_suspicious_column_has_one_warning(text, bias, named):
    (warning,) = read(text, bias=bias).columns.warnings
    assert "\n" not in warning
    for words in named:
        assert words in warning


def test_a_label_named_like_an_input_is_questioned_when_the_column_y_is_left_out():
    text = "x1,x2,x3,y\n3,1,1/2,2\n1,2,1/3,7\n"
    (warning,) = read(text, label="x1", features=["x2", "x3"]).columns.warnings
    assert "column 1 (x1)" in warning
    assert "column 4 (y)" in warning
    assert read(text).columns.warnings == ()


@pytest.mark.parametrize(
    ("text", "bias"),
    [
        ("x,y\n3,1\n1,2\n", True),
        ("x,y,label\n3,1,1\n1,2,-1\n", True),  # the coordinates of a point in the plane
        ("x,one,y\n3,1,1\n2,1,2\n", False),  # a bias in the file
        ("x,y\n3,1\n2,2\n1,3\n", True),  # decreasing
        ("x,y\n1/2,1\n1,2\n3/2,3\n", True),  # a grid, but not of integers
        ("a,b,y\n0,1,1\n1,0,2\n", True),  # a step between two rows says nothing
        ("x,y\n4,4\n", True),  # one row says nothing about constant or equal columns
    ],
)
def test_ordinary_columns_are_not_questioned(text, bias):
    assert read(text, bias=bias).columns.warnings == ()


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_data_are_not_questioned(name):
    data = Dataset.published(name)
    assert (data.columns.inputs, data.columns.label, data.columns.bias) == (("x",), "y", True)
    assert data.columns.warnings == ()


def test_the_description_of_columns_fits_in_one_line():
    assert read("x1,x2,y\n1,2,3\n", bias=True).columns.describe() == "inputs x1, x2; label y; bias appended"
    many = [f"x{k}" for k in range(1, 151)]
    row = ",".join(["1/2", *(str(k * k) for k in range(2, 151)), "5/7"])
    columns = read(f"{','.join(many)},y\n{row}\n").columns
    assert "x150" in columns.describe()
    assert "150" in columns.describe()
    assert len(columns.describe()) < 110
    assert columns.to_json()["inputs"] == many


def test_data_sets_that_differ_only_in_column_names_are_equal():
    first, second = read("x,y\n1,2\n"), read("u,v\n1,2\n")
    assert first == second
    assert first.columns != second.columns
    assert Dataset.from_arrays([[1]], [2]).columns is None


def test_warnings_do_not_depend_on_the_order_of_the_choice():
    text = "id,x,y\n0,1/2,1\n1,1/3,2\n2,1/4,3\n"
    found = [read(text, label="y", features=order).columns for order in itertools.permutations(("id", "x"))]
    assert all(len(columns.warnings) == 1 and "column 1 (id)" in columns.warnings[0] for columns in found)
    assert read(text, features=["x"]).columns.warnings == ()
