"""Data sets: read exactly, written without loss, and refused in one sentence."""

import io
import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import PUBLISHED, Dataset, InputError
from early_alignment.numerics.data.exact import number_text, parse_number
from early_alignment.numerics.data.published import published_text
from early_alignment.numerics.data.stewart import stewart_csv

rationals = st.one_of(
    st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6),
    st.decimals(min_value=-1000, max_value=1000, places=9).map(Fraction),
    st.floats(min_value=-1e59, max_value=1e59).filter(lambda v: v == 0 or abs(v) > 1e-59).map(Fraction),
)


@st.composite
def tables(draw):
    d = draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*[rationals] * (d + 1)), min_size=1, max_size=6))
    return [row for row in rows if any(row[:-1])] or [(Fraction(1),) * (d + 1)]


def read(text, **options):
    return Dataset.from_csv(io.StringIO(text), **options)


def read_or_refused(source):
    """The data set and no sentence, or None and the one sentence of the refusal."""
    try:
        return Dataset.from_csv(source), ""
    except InputError as refused:
        sentence = str(refused)
    assert "\n" not in sentence
    return None, sentence


def refusal(text, **options):
    """The sentence with which a text is refused."""
    with pytest.raises(InputError) as caught:
        read(text, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


@given(tables())
def test_to_csv_and_back_is_the_identity(rows):
    data = Dataset(tuple(tuple(row[:-1]) for row in rows), tuple(row[-1] for row in rows))
    stream = io.StringIO()
    data.to_csv(stream)
    again = read(stream.getvalue())
    assert (again.inputs, again.labels, again.decimal) == (data.inputs, data.labels, True)


@given(st.integers(-(10**12), 10**12), st.integers(-20, 20), st.sampled_from("eE"), st.sampled_from(["", "+"]))
def test_decimals_and_exponents_are_read_exactly(mantissa, exponent, letter, sign):
    text = f"{mantissa}{letter}{sign if exponent >= 0 else ''}{exponent}"
    assert parse_number(text) == Fraction(Decimal(text))


@given(rationals)
def test_number_text_is_read_back_exactly(value):
    assert parse_number(number_text(value)) == value


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    data, sentence = read_or_refused(path)
    if data is None:
        assert sentence.startswith("any.csv")
    else:
        assert data.n >= 1
        assert np.isfinite(data.X).all()


@given(st.text(alphabet="0123456789eE+-./,\n\r xy\"'nainf;\ufeff", max_size=60))
def test_texts_made_of_number_characters_are_read_or_refused(body):
    data, sentence = read_or_refused(io.StringIO("x,y\n" + body))
    assert sentence if data is None else data.d == 1


@given(tables(), st.randoms(use_true_random=False))
def test_whitespace_and_line_endings_do_not_change_the_data(rows, random):
    """Blank lines, blanks around cells, a byte-order mark and the line ending change nothing."""
    d = len(rows[0]) - 1
    lines = [",".join([*(f"x{i}" for i in range(d)), "y"]), *(",".join(map(number_text, row)) for row in rows)]
    plain = read("\n".join(lines) + "\n")
    ending = random.choice(["\n", "\r\n"])
    spaced = [line.replace(",", random.choice([",", ", ", " ,"])) for line in lines]
    messy = "\ufeff" + "".join(line + ending * random.randint(1, 3) for line in spaced)
    again = read(messy)
    assert (again.inputs, again.labels) == (plain.inputs, plain.labels)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["empty"]),
        ("\n\n", ["empty"]),
        ("x,y\n", ["no rows"]),
        ("1,2\n3,4\n", ["header"]),
        ("nan,2\n3,4\n", ["header"]),
        (",x,y\n0,1,2\n", ["header, column 1", "name"]),
        ("y\n1\n", ["one column"]),
        ("x;y\n1;2\n", ["one column", "commas", "not semicolons"]),
        ("x\ty\n1\t2\n", ["one column", "commas", "not tabs"]),
        ('x,y\n"0,5",2\n', ["row 1 (line 2), column 1 (x)", "'0,5'", "comma", "point"]),
        ("x,y\n0,5,1,5\n", ["row 1 (line 2)", "4 cells", "2 columns"]),
        ("x,y\n" + "7" * 200 + ",2\n", ["column 1 (x)", "out of range"]),
        ("x,y\n1,2\n\ufeff3,4\n", ["row 2 (line 3), column 1 (x)", "not a number"]),
        ("# made by hand\nx,y\n1,2\n", ["one column"]),
        ("x,y\n1,2\n,\n", ["row 2 (line 3), column 1 (x)", "empty"]),
        ("x,y\n1,2\n3\n", ["row 2 (line 3)", "1 cell,", "2 columns"]),
        ("x,y\n1,2,3\n", ["row 1 (line 2)", "3 cells", "needs 2 cells"]),
        ("x,x,y\n1,2,3\n", ["two columns are called 'x'", "its own name"]),
        ("x,y\n1,\n", ["row 1 (line 2), column 2 (y)", "empty"]),
        ("x,y\n1,2\n\n3,nan\n", ["row 2 (line 4), column 2 (y)", "'nan'", "finite"]),
        ("x,y\n-inf,2\n", ["row 1 (line 2), column 1 (x)", "finite"]),
        ("x,y\n1,Infinity\n", ["column 2 (y)", "finite"]),
        ("x,y\none,2\n", ["row 1 (line 2), column 1 (x)", "'one'", "not a number"]),
        ("x,y\n0x10,2\n", ["'0x10'", "not a number"]),
        ("x,y\n1_000,2\n", ["not a number"]),
        ("x,y\n٣,2\n", ["not a number"]),
        ("x,y\n.,2\n", ["not a number"]),
        ("x,y\n1.5/2,2\n", ["not a number"]),
        ("x,y\n1/0,2\n", ["divides by zero"]),
        ("x,y\n1e999999,2\n", ["out of range"]),
        ("x,y\n1e-999999,2\n", ["out of range"]),
        ("x,y\n1e99999999999999999999,2\n", ["out of range"]),
        ("x,y\n" + "1" * 5000 + ",2\n", ["5000 characters"]),
        ("x,y\n1,2\n0,3\n", ["row 2 (line 3)", "zero vector"]),
        ('x,y\n"1,2\n', ["line 2"]),
    ],
)
def test_refusals_say_what_and_where(text, words):
    message = refusal(text)
    for word in words:
        assert word in message


def test_labels_other_than_one_and_minus_one_are_refused_for_the_logistic_loss():
    assert read("x,y\n1,1\n2,-1.0\n3,2/2\n", loss="logistic").labels == (1, -1, 1)
    message = refusal("x,y\n1,1\n2,0\n", loss="logistic")
    assert "row 2 (line 3), column 2 (y)" in message
    assert "1 and -1" in message
    with pytest.raises(InputError, match="labels, row 2"):
        Dataset.from_arrays([[1], [2]], [1, 0.5], loss="logistic")


def test_a_zero_input_is_a_point_once_a_bias_is_appended():
    assert read("x,y\n0,3\n", bias=True).inputs == ((0, 1),)


def test_an_unknown_loss_is_refused():
    assert "square, logistic and exponential" in refusal("x,y\n1,1\n", loss="hinge")


def test_unreadable_and_binary_files_are_refused(tmp_path):
    (tmp_path / "latin.csv").write_bytes(b"x,y\n1,\xe9\n")
    (tmp_path / "binary.csv").write_bytes(b"x,y\n1,2\n\0\0")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for path, word in [
        (tmp_path, "folder"),
        (tmp_path / "missing.csv", "no file"),
        (tmp_path / "latin.csv", "line 2: not UTF-8"),
        (tmp_path / "binary.csv", "line 3: a binary file"),
        (tmp_path / "loop.csv", "cannot be read"),
        (tmp_path / "latin.csv" / "below", "cannot be read"),
        ("null\0byte", "cannot be read"),
        (tmp_path / ("n" * 300), "cannot be read"),
    ]:
        with pytest.raises(InputError, match=word) as caught:
            Dataset.from_csv(path)
        assert "\n" not in str(caught.value)


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "secret.csv"
    path.write_text("x,y\n1,2\n")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)  # chmod does not bind an administrator
    with pytest.raises(InputError, match=r"secret\.csv cannot be read: Permission denied"):
        Dataset.from_csv(path)


def test_floats_are_the_dyadic_rationals_they_are():
    data = Dataset.from_arrays(np.array([[0.1], [0.5]]), np.array([1, 2]))
    assert data.inputs[0][0] == Fraction(3602879701896397, 2**55)
    assert not data.decimal
    assert Dataset.from_arrays([["0.1"], [Fraction(1, 2)]], [1, Decimal("0.25")]).decimal


@pytest.mark.parametrize(
    ("inputs", "labels", "words"),
    [
        ([], [], "at least one point"),
        ([[1, 2], [3]], [1, 2], "row 2: 1 coordinates"),
        ([[1]], [1, 2], "1 points but 2 labels"),
        ([[float("nan")]], [1], "inputs, row 1, column 1"),
        ([[1.0]], [float("inf")], "labels, row 1"),
        ([[0.0, 0]], [1], "row 1: the input is the zero vector"),
        ([[]], [1], "no coordinates"),
        ([[1j]], [1], "not a real number"),
        ([[None]], [1], "not a real number"),
        ([[1e300]], [1], "out of range"),
        ([1, 2], [1, 2], "inputs, row 1: a single value"),
        ("12", [1], "text where rows"),
        (3, [1], "inputs: a single value"),
        ([[Decimal("NaN")]], [1], "not a finite number"),
    ],
)
def test_arrays_are_refused_with_row_and_column(inputs, labels, words):
    with pytest.raises(InputError, match=words):
        Dataset.from_arrays(inputs, labels)


def test_float_views_are_cached_and_read_only():
    data = read("x,y\n3/8,1\n-2,0\n", bias=True)
    assert data.X is data.X
    np.testing.assert_array_equal(data.X, [[0.375, 1], [-2, 1]])
    np.testing.assert_array_equal(data.y, [1, 0])
    with pytest.raises(ValueError, match="read-only"):
        data.X[0, 0] = 1.0


def test_published_data_are_those_of_the_theory():
    """The numbers of theory.md 7, typed in a second time as fractions."""
    f = Fraction
    three = Dataset.published("three-points")
    assert three.inputs == ((f(-3, 4), 1), (f(-1, 2), 1), (f(1, 8), 1))
    assert three.labels == (f(11, 10), f(1, 10), f(4, 5))
    orthogonal = Dataset.published("orthogonal-toy")
    assert sum(a * b for a, b in zip(*orthogonal.inputs, strict=True)) == 0
    assert orthogonal.labels == (-1, 1)
    toy = Dataset.published("non-orthogonal-toy")
    assert toy.inputs == ((f(-3, 2), 1), (-1, 1), (0, 1), (f(1, 4), 1), (2, 1))

    assert toy.labels == (f(7, 10), f(-3, 10), f(-3, 10), f(2, 5), f(1, 5))


def test_the_stewart_file_is_what_its_generator_writes():
    assert published_text("stewart") == stewart_csv()


@pytest.mark.parametrize("name", ["stewart", "stewart-figure-3"])
def test_the_stewart_labels_lie_on_the_published_broken_line(name):
    """NumPy's interpolation, which shares no line with the generator, within half a unit of the fourth decimal."""
    data = Dataset.published(name)
    knots, values = (-1, -0.7, -0.55, -0.4, 0, 0.5, 0.6, 0.7, 1), (0, 0.7, 0.5, 1, 0, 1, 0.6, 0.7, 0)
    assert (data.n, data.d) == (40, 2)
    assert len(set(data.inputs)) == 40
    np.testing.assert_allclose(data.y, np.interp(data.X[:, 0], knots, values), rtol=0, atol=0.5e-4 + 1e-12)


def test_the_points_of_figure_1_satisfy_the_assumption():
    """theory.md 5: T(1/6), of which x_1 > -1, x_3 < 1 and y_2 > 0 are strict."""
    data, eta = Dataset.published("three-points-figure-1"), Fraction(1, 6)
    (p1, q1), (p2, q2), (p3, q3) = data.inputs
    y1, y2, y3 = data.labels
    assert -1 < p1 <= -1 + eta
    assert -eta <= p2 <= eta
    assert 1 - eta <= p3 < 1
    assert q1 == q2 == q3 == 1
    assert 1 <= y1 <= 1 + eta
    assert 0 < y2 <= eta
    assert 1 <= y3 <= 1 + eta


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_set_reads_with_a_bias(name):
    data = Dataset.published(name)
    assert data.name == name
    assert data.decimal
    assert {point[-1] for point in data.inputs} == {1}


def test_an_unknown_published_name_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="the nearest is three-points"):
        Dataset.published("three_points")
    with pytest.raises(InputError, match="three-points"):
        Dataset.published("qqq")


@given(tables())
def test_the_json_document_is_read_back_exactly(rows):
    data = Dataset.from_arrays([row[:-1] for row in rows], [row[-1] for row in rows], name="drawn")
    document = data.to_json()
    assert (document["schema"], document["n"], document["d"], document["decimal"]) == (1, data.n, data.d, True)
    json.dumps(document, allow_nan=False)
    assert Dataset.from_arrays(document["inputs"], document["labels"], name=document["name"]) == data
