"""`proofs-check predict --limit`: the report, the JSON, the staircase with its CSV, and what is refused."""

import csv
import json
import re
import signal
from pathlib import Path

import numpy as np
import pytest

from early_alignment import Dataset, limit_process, make_start, predict
from early_alignment.numerics.interpolation.program import ConvexSolverMissing
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.report import limit as limit_report


@pytest.fixture
def toy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "orthogonal-toy", "--out", "toy.csv"]) == 0
    return "toy.csv"


def printed(arguments, capsys):
    assert run(["predict", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.cvxpy
def test_the_report_on_orthogonal_data(toy, capsys):
    text = printed([toy, "--bias", "--limit"], capsys)
    for words in (
        "as lambda -> 0, from every direction and sign",
        "every label is fitted, with 2 directions",
        "||theta||^2/2 = 1.3416408: within 1e-07 of the least of all networks that interpolate, 1.3416408",
    ):
        assert words in text
    saddles = re.findall(r"\[(\d)\].* s = ([\d.]+) .*loss ([\d.]+),.* D = (\(.*\)) of norm ([\d.]+) .*a ([<>]) 0", text)
    assert saddles == [
        ("0", "0.894427", "0.5", "(1, 0.5)", "1.11803", ">"),
        ("1", "1.788854", "0.25", "(0.25, -0.5)", "0.559017", "<"),
    ]
    assert "not determined" not in text


def test_the_limit_report_on_three_points_and_on_a_start(toy, capsys):
    assert run(["data", "three-points", "--out", "three.csv"]) == 0
    capsys.readouterr()
    text = printed(["three.csv", "--bias", "--limit"], capsys)
    assert "at the least-squares fit, loss 0.0875214: a spurious stationary point, with 1 direction" in text
    assert "the least" not in text.split("||theta||^2/2")[1]
    start = ["--width", "40", "--scale", "1e-3", "--seed", "1"]
    text = printed([toy, "--bias", "--limit", *start], capsys)
    assert "from the directions of the start" in text


@pytest.mark.cvxpy
def test_the_json_holds_saddles_end_and_reason(toy, capsys):
    document = json.loads(printed([toy, "--bias", "--limit", "--json", "-"], capsys))
    assert "limit" not in json.loads(printed([toy, "--bias", "--json", "-"], capsys))
    found = document.pop("limit")
    data = Dataset.from_csv(toy, bias=True)
    assert document == predict(data).to_json() | {"published": None}
    limit = limit_process(data)
    assert found["saddles"] == [saddle.to_json() for saddle in limit.saddles]
    assert set(found) == {"saddles", "final", "distance", "complete", "determined", "reason"}
    assert found["complete"] is True
    assert set(found["saddles"][0]["escape"]) == {"vector", "norm", "sign"}
    assert {"time", "loss", "escape"} <= set(found["saddles"][0])
    final = found["final"]
    assert {"loss", "outputs", "norm", "least_norm", "interpolates"} <= set(final)
    assert final["interpolates"] is True
    low, high = final["least_norm_bounds"]
    assert low <= 0.6 * np.sqrt(5) <= high  # ||S_+|| + ||S_-||, from x = (2, 1), (-1/2, 1)
    assert abs(final["norm"] - final["least_norm"]) < 1e-6
    assert (found["determined"], found["reason"]) == (True, None)


def test_without_the_solver_the_least_norm_is_not_known(toy, capsys, monkeypatch):
    def missing(*_):
        raise ConvexSolverMissing("install early-alignment-proofs[convex]")

    monkeypatch.setattr(limit_report, "least_norm", missing)
    text = printed([toy, "--bias", "--limit"], capsys)
    assert "the least norm is not known: install early-alignment-proofs[convex]" in text
    final = json.loads(printed([toy, "--bias", "--limit", "--json", "-"], capsys))["limit"]["final"]
    assert final["least_norm"] is None
    assert final["least_norm_bounds"] is None


def test_a_tie_is_reported(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tie.csv").write_text("x1,x2,y\n1,0,1\n0,1,-1\n")
    text = printed(["tie.csv", "--limit"], capsys)
    assert "not determined by the theory: 2 kinds of neurons leave saddle 1 at the same time" in text
    assert "lambda^" not in text
    assert "no scale is small enough for the limit: other neurons are not much smaller" in text
    found = json.loads(printed(["tie.csv", "--limit", "--json", "-"], capsys))["limit"]
    assert found["determined"] is False
    assert "same time" in found["reason"]


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_staircase_has_a_csv_beside_it(toy, form, capsys):
    printed([toy, "--bias", "--limit", "--plot", f"stairs.{form}"], capsys)
    with open("stairs.csv") as file:
        rows = list(csv.DictReader(file))
    saddles = [(float(row["x"]), float(row["y"])) for row in rows if row["item"] == "saddle"]
    limit = limit_process(Dataset.from_csv(toy, bias=True))
    times = [0.0, *(saddle.time for saddle in limit.saddles)]
    losses = [*(saddle.loss for saddle in limit.saddles), limit.loss]
    assert saddles == list(zip(times, losses, strict=True))
    assert [int(row["sign"]) for row in rows if row["item"] == "escape"] == [1, -1]


def test_bad_limit_options_are_refused(toy, capsys):
    for options, words in (
        (["--loss", "logistic"], "leave out --limit or --loss logistic"),
        (["--limit-seconds", "0"], "--limit-seconds is 0; it must be a positive number of seconds"),
        (["--limit-seconds", "nan"], "must be a positive number of seconds"),
        (["--plot", "stairs.txt"], "must end in .png, .svg or .pdf"),
    ):
        assert run(["predict", toy, "--bias", "--limit", *options]) == 2
        captured = capsys.readouterr()
        assert words in captured.err
        assert captured.err.count("\n") == 1
        assert captured.out == ""


def test_the_start_of_the_command_is_that_of_the_library(toy, capsys):
    start = ["--width", "30", "--scale", "1e-6", "--seed", "4"]
    found = json.loads(printed([toy, "--bias", "--limit", *start, "--json", "-"], capsys))["limit"]
    data = Dataset.from_csv(toy, bias=True)
    limit = limit_process(data, make_start(30, 1e-6, 4, "balanced", 2))
    assert found["saddles"] == [saddle.to_json() for saddle in limit.saddles]
    assert found["distance"] == limit.distance.to_json(1e-6)


def test_a_scale_that_is_not_small_enough_is_reported(toy, capsys):
    """On the orthogonal points a run at lambda is lambda^(1/2) away: the second kind has that size at the escape."""
    start = ["--width", "30", "--seed", "4", "--scale"]
    text = printed([toy, "--bias", "--limit", *start, "1e-3"], capsys)
    assert "ends at a distance of the order lambda^0.5 at most: neurons have little time to turn at saddle [1]" in text
    assert "at the scale 0.001 that is 0.032: too large for the limit to describe such runs" in text
    assert "0.01 needs lambda below 0.0001" in text
    text = printed([toy, "--bias", "--limit", *start, "1e-6"], capsys)
    assert "at the scale 1e-06 that is 0.001\n" in text
    assert "too large" not in text
    text = printed([toy, "--bias", "--limit"], capsys)
    assert "lambda^0.5 at most" in text
    assert "at the scale" not in text


def test_the_picture_of_the_readme_is_up_to_date(tmp_path, monkeypatch, capsys):
    kept = Path(__file__).resolve().parents[3] / "docs" / "staircase.csv"
    monkeypatch.chdir(tmp_path)
    assert run(["data", "non-orthogonal-toy", "--out", "toy.csv"]) == 0
    assert run(["predict", "toy.csv", "--bias", "--limit", "--plot", "staircase.svg"]) == 0
    capsys.readouterr()
    with open("staircase.csv") as new, open(kept) as old:
        drawn, committed = ([row for row in csv.DictReader(file) if row["item"] != "escape"] for file in (new, old))
    assert [row["item"] for row in drawn] == [row["item"] for row in committed]
    for axis in ("x", "y"):
        assert np.allclose(*([float(row[axis]) for row in rows] for rows in (drawn, committed)), rtol=1e-6, atol=1e-9)


def test_a_time_limit_keeps_what_was_found(toy, capsys):
    text = printed([toy, "--bias", "--limit", "--limit-seconds", "1e-9", "--plot", "stairs.svg"], capsys)
    assert "last saddle that was reached: at a stationary point of loss 0.5, with 0 directions" in text
    assert "not complete: it was stopped after" in text
    assert "final state" not in text
    found = json.loads(printed([toy, "--bias", "--limit", "--limit-seconds", "1e-9", "--json", "-"], capsys))["limit"]
    assert (found["complete"], found["determined"], found["saddles"]) == (False, False, [])
    assert run(["predict", toy, "--bias", "--limit-seconds", "3"]) == 2
    assert "add --limit" in capsys.readouterr().err


def test_an_interrupt_keeps_the_saddles_that_were_reached(toy, capsys, monkeypatch):
    def interrupted(*arguments, progress, **options):
        def told(saddles, loss):
            progress(saddles, loss)
            if saddles:
                signal.raise_signal(signal.SIGINT)

        return limit_process(*arguments, progress=told, **options)

    monkeypatch.setattr(limit_report, "limit_process", interrupted)
    text = printed([toy, "--bias", "--limit"], capsys)
    assert "[0]  until s = 0.894427" in text
    assert "[1]  until" not in text  # the flow was on its way from saddle 0
    assert "last saddle that was reached: at a stationary point of loss 0.5, with 0 directions" in text
    assert "not complete" in text
