"""`proofs-check simulate` with what is computed over time: screen, files, resumed runs, and what is refused."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from early_alignment.numerics.oracles.reference import mean_loss
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.runs import run_folder

SIMULATE = ["simulate", "three_points.csv", "--bias", "--width", "30", "--scale", "1e-2", "--time", "20"]
METHODS = {"flow": [], "descent": ["--method", "descent", "--step", "0.1"]}
EVERY = ["--test", "test.csv", "--stable-rank", "--teacher", "teacher.csv"]
NAMES = ("test_loss", "stable_rank", "largest_teacher_angle", "mean_teacher_angle")


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "three-points", "--out", "three_points.csv"]) == 0
    Path("teacher.csv").write_text("a,w2,w1\n1,1,0\n-1,1,-1\n")
    Path("test.csv").write_text("y,x\n1/2,0\n1,1\n0.2,-1\n")


def column(path, name):
    with open(path, newline="", encoding="utf-8") as stream:
        return [float(row[name]) for row in csv.DictReader(stream)]


@pytest.mark.parametrize("method", METHODS)
def test_they_are_shown_and_kept(method, capsys):
    assert run([*SIMULATE, *METHODS[method], *EVERY, "--out", "kept", "--json", "kept.json"]) == 0
    observed = json.loads(Path("kept.json").read_text())["observed"]
    shown = capsys.readouterr().out
    assert set(observed) == {"time", *NAMES}
    for name in NAMES:
        values = column("kept/trajectory.csv", name)
        assert values == observed[name]
        title = name.replace("_", " ")
        assert f"{title}  {values[0]:.6g} at the start, {values[-1]:.6g} at the end" in shown
    a, w = column("kept/neurons.csv", "a"), [column("kept/neurons.csv", name) for name in ("w1", "w2")]
    X, y = np.array([[0, 1], [1, 1], [-1, 1]]), np.array([0.5, 1, 0.2])
    assert observed["test_loss"][-1] == pytest.approx(mean_loss(X, y, np.array(a), np.transpose(w)), rel=1e-12)
    with open("kept/loss.csv", newline="", encoding="utf-8") as stream:
        drawn = [float(row["y"]) for row in csv.DictReader(stream) if row["item"] == "test loss"]
    np.testing.assert_allclose(drawn, observed["test_loss"], rtol=1e-12)
    assert run([*SIMULATE, *METHODS[method], *EVERY, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["observed"] == observed


@pytest.mark.parametrize("method", METHODS)
def test_a_run_that_was_killed_is_resumed_to_the_same_files(method, capsys, monkeypatch):
    arguments = [*SIMULATE, *METHODS[method], *EVERY]
    assert run([*arguments, "--out", "whole"]) == 0
    write = run_folder.Checkpoints.write

    def killed(self, kept):
        write(self, kept)
        if len(kept.recording.times) > 20:
            raise MemoryError("killed")

    monkeypatch.setattr(run_folder, "EVERY", 0.0)
    monkeypatch.setattr(run_folder, "SPARING", 0.0)
    monkeypatch.setattr(run_folder.Checkpoints, "write", killed)
    monkeypatch.setattr("early_alignment.numerics.descent.steps.PAUSE", 0.0)
    assert run([*arguments, "--out", "parts"]) == 3
    monkeypatch.setattr(run_folder.Checkpoints, "write", write)
    assert run(["plot", "parts"]) == 0
    capsys.readouterr()
    assert run(["simulate", "--resume", "parts", "--test", "test.csv"]) == 2
    assert "--test test.csv and --resume parts exclude each other" in capsys.readouterr().err
    assert run(["simulate", "--resume", "parts"]) == 0
    for name in ("trajectory.csv", "history.npz", "test.csv", "teacher.csv"):
        assert (Path("parts") / name).read_bytes() == (Path("whole") / name).read_bytes(), name


@pytest.mark.parametrize(
    ("option", "content", "message"),
    [
        ("--test", "x,z,y\n0,1,2\n", "bad.csv has the column 'z', which three_points.csv does not have"),
        ("--test", "z,y\n0,1\n", "bad.csv has no column 'x' for the feature"),
        ("--test", "x,z\n0,1\n", "bad.csv has no column 'y' for the label"),
        ("--test", "x,y\n0,nan\n", "'nan' is not a finite number"),
        ("--test", "", "bad.csv"),
        ("--teacher", "w1,y\n0,1\n", "bad.csv has no column w2; for d = 2 a teacher has the columns w1,w2"),
        ("--teacher", "w1,w2,w3\n0,1,2\n", "bad.csv has a column w3; for d = 2 a teacher has the columns w1,w2"),
        ("--teacher", "w1,w2\n0,1\n0,0\n", "bad.csv, row 2 (line 3): all input weights are 0"),
        ("--teacher", "w1,w2\n0,x\n", "'x' is not a number"),
    ],
)
def test_files_that_do_not_fit_are_refused_in_a_sentence(option, content, message, capsys):
    Path("bad.csv").write_text(content)
    assert run([*SIMULATE, option, "bad.csv", "--out", "new"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, len(captured.err.splitlines())) == ("", 1)
    assert message in captured.err
    assert not Path("new").exists()


def test_a_run_whose_neurons_are_dead_is_kept_and_drawn_again(capsys):
    Path("dead.csv").write_text("a,w1,w2\n1,0,-1\n")
    given = ["simulate", "three_points.csv", "--bias", "--start", "dead.csv", "--time", "2", "--teacher", "teacher.csv"]
    assert run([*given, "--out", "kept", "--json", "kept.json"]) == 0
    assert json.loads(Path("kept.json").read_text())["observed"]["mean_teacher_angle"][-1] is None
    assert run(["plot", "kept"]) == 0


def test_a_test_loss_that_overflows_is_not_drawn(capsys):
    Path("data.csv").write_text("x1,x2,y\n1,0,1\n0,1,1\n")
    Path("wrong.csv").write_text("x1,x2,y\n1,1,-1\n")
    Path("large.csv").write_text("a,w1,w2\n30,20,20\n")
    given = [
        "simulate",
        "data.csv",
        "--loss",
        "exponential",
        "--start",
        "large.csv",
        "--time",
        "1",
        "--test",
        "wrong.csv",
    ]
    assert run([*given, "--out", "kept", "--json", "kept.json"]) == 0
    assert json.loads(Path("kept.json").read_text())["observed"]["test_loss"][-1] is None
    assert run(["plot", "kept"]) == 0


def test_a_damaged_file_of_test_data_is_named(capsys):
    assert run([*SIMULATE, *EVERY, "--out", "kept"]) == 0
    Path("kept/test.csv").write_text("x1,y\n1,2\n")
    capsys.readouterr()
    assert run(["simulate", "--resume", "kept"]) == 2
    assert "kept/test.csv is damaged: its points have dimension 1, not 2" in capsys.readouterr().err
