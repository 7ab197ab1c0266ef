"""`proofs-check simulate`: what a person sees, what the files hold, and what is refused before anything is written."""

import csv
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from early_alignment import Dataset, Problem, compare, make_start, predict
from early_alignment.numerics.oracles.reference import mean_loss, network_outputs
from early_alignment.proofs_check.commands.application import run

START = ["--width", "30", "--scale", "1e-3", "--seed", "0"]
KEYS = {"schema", "time", "loss", "outputs", "events", "slides", "groups", "steps", "seconds", "tolerance", "partial"}


@pytest.fixture
def three_points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "three-points", "--out", "three_points.csv"]) == 0
    return ["three_points.csv", "--bias"]


def table(path):
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_the_report_on_the_three_points(three_points, capsys):
    assert run(["simulate", *three_points, *START, "--time", "4000"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    for words in ("simulated to time 4000", "0.087521368 at the end", "0.087521368 at the least-squares fit", "+++"):
        assert words in captured.out
    assert "sum a w = (-0.0615385, 0.64359)" in captured.out
    assert "dead: inactive on every point" in captured.out


def test_the_json_is_that_of_the_python_interface(three_points, capsys):
    options = ["--loss", "square", "--leak", "1/10", "--tolerance", "1e-9", "--json", "-"]
    assert run(["simulate", *three_points, *START, "--time", "20", *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS | {"comparison", "columns"}
    assert (found["columns"]["inputs"], found["columns"]["label"], found["columns"]["bias"]) == (["x"], "y", True)
    start = make_start(30, 1e-3, 0)
    data = Dataset.published("three-points")
    prediction = predict(Problem(data, leak=Fraction(1, 10)), start)
    expected = compare(prediction, 20.0, tolerance=1e-9).to_json()
    assert expected["comparison"]["within"]
    assert {key: value for key, value in found.items() if key not in ("seconds", "columns")} == {
        key: value for key, value in expected.items() if key != "seconds"
    }


def test_the_tables_agree_with_each_other(three_points, capsys):
    assert run(["simulate", *three_points, *START, "--time", "30", "--out", "result", "--json", "result.json"]) == 0
    trajectory, neurons, events = (table(f"result/{name}.csv") for name in ("trajectory", "neurons", "events"))
    a = np.array([float(row["a"]) for row in neurons])
    w = np.array([[float(row["w1"]), float(row["w2"])] for row in neurons])
    data = Dataset.published("three-points")
    last = trajectory[-1]
    outputs = network_outputs(data.X, a, w)
    np.testing.assert_allclose([float(last[f"h{k}"]) for k in (1, 2, 3)], outputs, rtol=1e-12)
    assert float(last["loss"]) == pytest.approx(mean_loss(data.X, data.y, a, w), rel=1e-12)
    with open("result.json", encoding="utf-8") as stream:
        assert len(events) == json.load(stream)["events"]
    assert {row["kind"] for row in events} <= {"cross", "slide", "leave"}
    assert all(row["points"] in "123" for row in events)
    # neurons.csv is a start file: the flow continues from it to the end of an uninterrupted run.
    assert run(["simulate", *three_points, "--start", "result/neurons.csv", "--time", "30", "--json", "more.json"]) == 0
    assert run(["simulate", *three_points, *START, "--time", "60", "--json", "whole.json"]) == 0
    more, whole = (json.loads(Path(name).read_text()) for name in ("more.json", "whole.json"))
    np.testing.assert_allclose(more["outputs"], whole["outputs"], atol=1e-6)


def test_as_many_neurons_are_recorded_as_are_asked_for(three_points, capsys):
    wide = ["--width", "230", "--scale", "1e-3", "--time", "2"]
    for number, options in ((200, []), (7, ["--record", "7"]), (230, ["--record", "1000"])):
        assert run(["simulate", *three_points, *wide, *options, "--out", f"with-{number}"]) == 0
        with np.load(f"with-{number}/history.npz") as history:
            assert history["neurons"].shape[1:] == (number, 3)
    start = make_start(230, 1e-3, 0)
    with np.load("with-230/history.npz") as history:
        np.testing.assert_allclose(history["neurons"][0, :, -1], start.a, rtol=1e-12)
    assert run(["simulate", "--resume", "with-7", "--record", "8"]) == 2
    assert "--record 8 contradicts the run in with-7, which has 7" in capsys.readouterr().err
    assert run(["simulate", *three_points, *wide, "--record", "0", "--out", "none"]) == 2
    assert "--record is 0; it must be 1 or more" in capsys.readouterr().err
    assert run(["simulate", *three_points, *wide, "--record", "9"]) == 2
    assert "--record 9 needs --out DIR" in capsys.readouterr().err


def test_separated_classes_are_beside_their_limit(tmp_path, monkeypatch, capsys):
    """theory.md 11.2 predicts the shares 0.464315 and 0.533303."""
    monkeypatch.chdir(tmp_path)
    Path("classes.csv").write_text("p,q,y\n1,.9,1\n1.6,.6,1\n.9,1.4,1\n-1,-.2,-1\n-1.5,-1,-1\n")
    options = ["--width", "4", "--scale", "0.01", "--seed", "2", "--time", "1e40", "--loss"]
    for loss in ("logistic", "exponential"):
        assert run(["simulate", "classes.csv", *options, loss, "--json", "found.json"]) == 0
        printed = capsys.readouterr().out
        for words in (
            "all points are classified correctly: s = ",
            "log t = 92.1034",
            "limit 0.464315",
            "limit 0.533303",
        ):
            assert words in printed
        found = json.loads(Path("found.json").read_text())["separated"]
        assert found["applies"] is True
        assert found["reason"] is None
        assert [side["sign"] for side in found["sides"]] == [1, -1]
        assert all(abs(side["share"] - side["predicted_share"]) < 1e-3 for side in found["sides"])
    assert run(["simulate", "classes.csv", *options, "square", "--time", "4", "--json", "-"]) == 0
    assert "separated" not in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--time", "10"], "a flow needs a start"),
        ([*START, "--time", "0"], "the time is 0"),
        ([*START, "--time", "10", "--tolerance", "1"], "the tolerance is 1"),
        ([*START, "--time", "10", "--leak", "2"], "the leak is 2"),
        ([*START, "--time", "10", "--out", "."], "not an empty folder"),
        ([*START, "--time", "10", "--out", "no/where"], "there is no folder no"),
        ([*START, "--time", "10", "--json", "no/where.json"], "cannot write"),
        (["--width", "5", "--time", "10"], "--width needs --scale"),
    ],
)
def test_bad_input_is_one_sentence(three_points, capsys, options, message):
    assert run(["simulate", *three_points, *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert len(captured.err.strip().splitlines()) == 1
