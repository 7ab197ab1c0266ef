"""`proofs-check predict`: what a person sees, what the files hold, and what is refused before anything is written."""

import csv
import json
import math

import numpy as np
import pytest
from matplotlib.figure import Figure

from early_alignment import Dataset, Fate, Problem, make_start, predict
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.figures.chart import draw_chart
from early_alignment.proofs_check.figures.circle import draw_circle
from early_alignment.proofs_check.figures.prediction import MARKERS
from early_alignment.proofs_check.report import prediction as prediction_text

START = ["--width", "20", "--scale", "1e-3", "--seed", "0"]


@pytest.fixture
def three_points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "three-points", "--out", "three_points.csv"]) == 0
    return "three_points.csv"


def printed(arguments, capsys):
    assert run(["predict", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_the_report_on_the_three_points(three_points, capsys):
    text = printed([three_points, "--bias", *START], capsys)
    norm = math.sqrt(31**2 / 120**2 + 4 / 9)
    for words in ("(-31/120, 2/3)", f"norm {norm:.10g}", "beta* = (-4/65, 251/390)", "a > 0", "attracting"):
        assert words in text
    fates = predict(Dataset.published("three-points"), make_start(20, 1e-3, 0)).fates
    assert f" {len(fates.followers[0].neurons)} neurons" in text
    lines = [line.split(maxsplit=3) for line in text.splitlines()]
    followers = next(line[3] for line in lines if line[1:3] == ["to", "[0]"])
    assert expanded(followers) == fates.followers[0].neurons
    dead = next(line[2:] for line in lines if line[1:2] == ["dead"])
    assert expanded(" ".join(dead)) == fates.dead


def expanded(ranges):
    """The neurons that a text such as 0-2, 5 names."""
    pairs = [part.strip().split("-") for part in ranges.split(",")]
    return tuple(j for pair in pairs for j in range(int(pair[0]), int(pair[-1]) + 1))


def test_the_json_is_that_of_the_python_interface(three_points, capsys):
    text = printed([three_points, "--bias", *START, "--epsilon", "0.5", "--leak", "1/10", "--json", "-"], capsys)
    data = Dataset.from_csv(three_points, bias=True)
    found = predict(Problem(data, leak="1/10"), make_start(20, 1e-3, 0), epsilon=0.5)
    assert json.loads(text) == found.to_json() | {"published": None}
    again = printed([three_points, "--bias", "--json", "out.json"], capsys)
    assert "extremal vector" in again
    with open("out.json") as file:
        assert json.load(file) == predict(data).to_json() | {"published": None}


def test_a_start_file_gives_what_the_drawn_start_gives(three_points, capsys):
    start = make_start(12, 1e-3, 3)
    rows = [",".join(repr(float(v)) for v in (a, *w)) for a, w in zip(start.a, start.w, strict=True)]
    with open("start.csv", "w") as file:
        file.write("\n".join(["a,w1,w2", *rows, ""]))
    drawn = printed([three_points, "--bias", "--width", "12", "--scale", "1e-3", "--seed", "3", "--json", "-"], capsys)
    read = printed([three_points, "--bias", "--start", "start.csv", "--scale", "1e-3", "--json", "-"], capsys)
    assert json.loads(read) == json.loads(drawn)
    assert "no scale given" in printed([three_points, "--bias", "--start", "start.csv"], capsys)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--width", "30", "--scale", "1e-3", "--start", "unbalanced"], "outside the theory: |a_j| < ||w_j||"),
        (["--width", "30", "--scale", "0.9"], "is above the scale threshold"),
        (["--width", "30", "--scale", "2"], "not below 1: there is no early phase"),
        (["--width", "30", "--scale", "1e-3"], "is below the scale threshold"),
        (["--loss", "square", "--leak", "0.25"], "leaky ReLU with leak 1/4"),
    ],
)
def test_the_report_describes_the_start(three_points, options, words, capsys):
    assert words in printed([three_points, "--bias", *options], capsys)


def test_a_loss_without_a_constant_kappa_has_no_threshold(tmp_path, capsys):
    classes = tmp_path / "classes.csv"
    classes.write_text("p,q,y\n1,2,1\n-2,1,-1\n")
    options = ["--loss", "exponential", "--width", "5", "--scale", "1e-3"]
    assert "the exponential loss has no constant kappa, and so no scale threshold" in printed(
        [str(classes), *options], capsys
    )
    assert run(["predict", str(classes), *options, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["scale_threshold"] is None
    assert found["tau"] > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--epsilon", "0"], "epsilon is 0; it must lie strictly between 0 and 1"),
        (["--epsilon", "1"], "strictly between"),
        (["--epsilon", "nan"], "epsilon is nan"),
        (["--epsilon", "x"], "--epsilon"),
        (["--leak", "1"], "the leak is 1"),
        (["--leak=-1/2"], "at least 0"),
        (["--leak", "abc"], "not a number"),
        (["--loss", "hinge"], "square, logistic and exponential"),
        (["--loss", "logistic"], "row 1 (line 2), column 2 (y): the label is 1.1"),
        (["--width", "0", "--scale", "1e-3"], "the width is 0"),
        (["--width", "100000000000", "--scale", "1e-3"], "the width is 100000000000"),
        (["--width", "5"], "--width needs --scale L"),
        (["--scale", "1e-3"], "needs --width"),
        (["--seed", "1"], "needs --width"),
        (["--start", "balanced"], "needs --width"),
        (["--width", "5", "--scale", "0"], "the scale is 0"),
        (["--width", "5", "--scale=-1"], "must be positive"),
        (["--width", "5", "--scale", "inf"], "the scale is inf"),
        (["--width", "5", "--scale", "1", "--seed", "-1"], "the seed is -1"),
        (["--width", "5", "--scale", "1", "--start", "other"], "no start named 'other'"),
        (["--start", "s.csv", "--width", "5"], "exclude each other"),
        (["--start", "s.csv", "--seed", "5"], "exclude each other"),
        (["--start", "s.csv"], "no file 's.csv'"),
        (["--start", "three_points.csv"], "must be a,w1,w2"),
        (["--plot", "f.gif"], "must end in .png, .svg or .pdf"),
        (["--plot", "f"], "must end in"),
        (
            ["--plot", "three_points.png"],
            "the CSV beside --plot three_points.png would be written over three_points.csv",
        ),
        (["--json", "three_points.csv"], "--json three_points.csv would be written over"),
        (["--plot", "f.png", "--json", "f.csv"], "would be written over f.csv"),
        (["--plot", "no/such/f.png"], "cannot write"),
        (["--json", "no/such/f.json"], "cannot write"),
        (["--plot", "f.png", "--json", "no/such/f.json"], "there is no folder no/such"),
        (["--json", "."], "cannot write .: it is a folder; name a writable file"),
        (["--start", "other"], "--start other: neither one of balanced, dominated, unbalanced nor"),
    ],
)
def test_refusals_come_before_any_output(three_points, options, words, tmp_path, capsys):
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert run(["predict", three_points, "--bias", *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def drawn(data, options, path):
    assert run(["predict", data, *options, "--plot", path]) == 0
    with open(path.rsplit(".", 1)[0] + ".csv", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("suffix", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_circle_has_a_csv_with_everything_drawn(three_points, suffix, head, tmp_path):
    rows = drawn(three_points, ["--bias", *START], f"circle.{suffix}")
    content = (tmp_path / f"circle.{suffix}").read_bytes()
    assert content.startswith(head)
    (extremal,) = [row for row in rows if row["item"] == "extremal vector"]
    norm = math.hypot(31 / 120, 2 / 3)
    assert float(extremal["x"]) == pytest.approx(-31 / 120 / norm, rel=1e-14)
    assert float(extremal["y"]) == pytest.approx(2 / 3 / norm, rel=1e-14)
    assert (extremal["label"], extremal["sign"]) == ("attracting", "1")
    assert {row["label"] for row in rows if row["item"] == "cell"} == {"+++", "++-", "+--", "---", "--+", "-++"}
    assert len([row for row in rows if row["item"] == "data normal"]) == 3
    paths = [row for row in rows if row["item"] == "neuron"]
    assert {int(row["index"]) for row in paths} == set(range(20))
    # the angle drawn at time 0 is that of the start
    start = make_start(20, 1e-3, 0)
    for row in paths:
        if float(row["time"]) == 0:
            j = int(row["index"])
            angle = math.atan2(start.w[j, 1], start.w[j, 0])
            assert math.atan2(float(row["y"]), float(row["x"])) == pytest.approx(angle, abs=1e-12)
    rows_again = drawn(three_points, ["--bias", *START], f"again.{suffix}")
    assert rows_again == rows
    assert (tmp_path / f"again.{suffix}").read_bytes() == content


def test_the_circle_without_a_start_and_with_every_fate(three_points):
    rows = drawn(three_points, ["--bias"], "plain.png")
    assert {row["item"] for row in rows} == {"cell", "cell boundary", "data normal", "extremal vector"}
    assert run(["data", "non-orthogonal-toy", "--out", "toy.csv"]) == 0
    options = ["--bias", "--width", "60", "--scale", "1e-6", "--start"]
    balanced = drawn("toy.csv", [*options, "balanced"], "balanced.png")
    assert {"dead", "pinned", "[0]"} <= {row["label"] for row in balanced if row["item"] == "neuron"}
    unbalanced = drawn("toy.csv", [*options, "unbalanced"], "unbalanced.png")
    assert "undecided" in {row["label"] for row in unbalanced if row["item"] == "neuron"}


@pytest.mark.parametrize("d", [1, 3])
@pytest.mark.parametrize("start", [[], ["--width", "15", "--scale", "1e-4"]])
def test_the_chart_for_other_dimensions(d, start, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(5)
    data = Dataset.from_arrays(rng.integers(-99, 99, (6, d)), rng.integers(-9, 9, 6))
    data.to_csv("points.csv")
    rows = drawn("points.csv", start, "chart.png")
    vectors = predict(data).extremal.vectors
    norms = [row for row in rows if row["item"] == "norm"]
    assert [float(row["x"]) for row in norms] == [vector.norm for vector in vectors]
    assert [row["label"] for row in norms] == [vector.stability for vector in vectors]
    if start and d == 3:
        falling = [row for row in rows if row["item"] == "angle"]
        assert falling
        assert all(0 < float(row["y"]) <= math.pi for row in falling)


def test_any_file_name_can_be_drawn_in_the_title(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Dataset.published("orthogonal-toy").to_csv("$\\frac 数.csv")
    assert drawn("$\\frac 数.csv", [], "figure.png")


def test_data_without_any_extremal_vector_are_drawn_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, text in (("plane.csv", "x,y\n1,0\n2,0\n"), ("space.csv", "a,b,y\n1,1,0\n2,0,0\n")):
        (tmp_path / name).write_text(text)
        drawn(name, ["--bias"], f"{name}.png")
        drawn(name, ["--bias", *START], f"{name}.start.png")
    assert "no extremal vector" in capsys.readouterr().out


def test_short_vectors_that_no_neuron_follows_are_only_counted(tmp_path, monkeypatch, capsys):
    """Orthogonal data have one vector for each non-empty set of points of one sign: 2 (2^3 - 1) of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(prediction_text, "VECTORS_SHOWN", 5)
    Dataset.from_arrays(np.eye(6, dtype=int), [1, 2, 3, -1, -2, -3]).to_csv("orthogonal.csv")
    text = printed(["orthogonal.csv"], capsys)
    assert "14 extremal vectors" in text
    assert "and 9 shorter ones" in text
    assert "[4]" in text
    assert "[5]" not in text


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.5, "0.5"), (-1.0, "-1"), (1 - 1e-6, "(1 - 1e-06)"), (-(1 - 1e-6), "-(1 - 1e-06)"), (1 - 1e-16, "1")],
)
def test_a_cosine_near_one_is_not_printed_as_one(value, words):
    assert prediction_text._cosine(value) == words


def test_few_neurons_are_named_and_many_are_counted():
    assert prediction_text._numbers((0, 1, 2, 5, 7, 8)) == "0-2, 5, 7-8"
    assert prediction_text._numbers(range(0, 1000, 2)).endswith(", 118 and 440 more")
    lines = [line.plain for line in prediction_text._neuron_lines("dead", range(0, 100, 2), "")]
    assert len(lines) == 3
    assert max(len(line) for line in lines) <= 110
    assert expanded(" ".join(line[21:] for line in lines)) == tuple(range(0, 100, 2))


def test_without_an_early_phase_tau_is_not_drawn(three_points, capsys):
    assert "tau" not in printed([three_points, "--bias", "--width", "5", "--scale", "2"], capsys)
    assert "tau = " in printed([three_points, "--bias", "--width", "5", "--scale", "0.5"], capsys)


def test_numbers_at_the_ends_of_the_range_are_predicted_without_a_warning():
    low, high = "1e-60", "1e60"
    for labels in ([low, high, "1"], [high, f"-{high}", low]):
        data = Dataset.from_arrays([[low], [high], ["-1"]], labels, bias=True)
        found = predict(data, make_start(40, 1e-3, 0))
        assert found.extremal.complete
        assert found.fates.undecided == ()
        json.dumps(found.to_json(), allow_nan=False)


def test_an_unrecognised_direction_is_reported():
    alignment = predict(Dataset.published("three-points"), make_start(20, 1e-3, 0)).alignment
    follower = next(j for j in range(20) if alignment.fate[j] == Fate.EXTREMAL)
    assert "not one of the vectors above" in prediction_text._why_undecided(alignment, follower)


def words_of(draw, prediction):
    """The texts in a figure, with their places in the axes' units."""
    figure = Figure(figsize=(7.5, 8.0))
    draw(figure, prediction)
    return [(text.get_text(), text.get_position()) for axes in figure.axes for text in axes.texts]


def test_parallel_points_share_a_label_and_close_labels_alternate():
    data = Dataset.from_arrays([[1, 0], [2, 0], [100, 1], [0, 1]], [1, -1, 1, 1])
    places = dict(words_of(draw_circle, predict(data)))
    assert {"$x_{1,2}$", "$x_{3}$", "$x_{4}$"} <= set(places)
    assert np.hypot(*places["$x_{3}$"]) > np.hypot(*places["$x_{1,2}$"]) + 0.05


def test_a_chart_without_angles_says_so():
    line = Dataset.from_arrays([[1], [-1]], [1, 1])
    started = predict(line, make_start(6, 1e-3, 0, d=1))
    assert any("aligned from the start" in text.replace("\n", " ") for text, _ in words_of(draw_chart, started))
    alone = predict(Dataset.from_arrays([[1, 2, 3]], [1]))
    assert any("one extremal vector" in text for text, _ in words_of(draw_chart, alone))


def test_every_stability_has_a_marker():
    assert set(MARKERS) == {"attracting", "one-sided", "saddle", "repelling", "undetermined"}
