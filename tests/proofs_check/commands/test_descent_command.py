"""`proofs-check simulate --method descent`: the report, the folder, resumed runs, conventions, and what is refused."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from early_alignment import Batches, Dataset, descend, extrapolate_step, make_start, simulate
from early_alignment.numerics.descent import steps as descent_steps
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.runs import run_folder

START = ["--width", "30", "--scale", "1e-3", "--seed", "0"]
DESCENT = ["--method", "descent", "--step", "0.1"]
TABLES = ("trajectory.csv", "neurons.csv", "events.csv", "history.npz")


@pytest.fixture
def three_points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "three-points", "--out", "three_points.csv"]) == 0
    return ["three_points.csv", "--bias", *START]


def json_of(arguments, capsys):
    capsys.readouterr()
    assert run([*arguments, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_report(three_points, capsys):
    assert run(["simulate", *three_points, "--time", "40", *DESCENT]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    for words in (
        "gradient descent with step 0.1 to time 40",
        ": 400 steps,",
        "ReLU'(0) = 0",
        "not compared with the prediction at tau",
        "at the least-squares fit",
        "dead: inactive on every point",
    ):
        assert words in captured.out


def test_the_json_is_that_of_the_python_interface(three_points, capsys):
    found = json_of(["simulate", *three_points, "--time", "40", *DESCENT, "--extrapolate"], capsys)
    assert (found["method"], found["step"], found["comparison"]) == ("descent", 0.1, None)
    assert "tolerance" not in found
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    expected = descend(data, start, 40.0, 0.1)
    assert (found["outputs"], found["events"]) == (expected.outputs[-1].tolist(), expected.events)
    assert found["extrapolation"] == extrapolate_step(data, start, expected).to_json()


def test_the_extrapolation_reaches_the_flow(three_points, capsys):
    arguments = ["simulate", *three_points, "--time", "40", *DESCENT, "--extrapolate"]
    extrapolation = json_of(arguments, capsys)["extrapolation"]
    flow = simulate(Dataset.published("three-points"), make_start(30, 1e-3, 0), 40.0)
    assert extrapolation["flow_loss"] == pytest.approx(flow.losses[-1], rel=1e-8)
    assert extrapolation["order_of_outputs"] == pytest.approx(1, abs=0.1)
    distances = [entry["outputs"] for entry in extrapolation["from_flow"]]
    assert distances[0] > distances[1] > distances[2] > 100 * extrapolation["extrapolated_from_flow"]["outputs"]
    assert run(arguments) == 0
    assert "observed order 0.980 of the outputs" in capsys.readouterr().out


def test_the_folder_holds_the_same_files_as_that_of_a_flow(three_points, capsys):
    assert run(["simulate", *three_points, "--time", "20", "--out", "flow"]) == 0
    assert run(["simulate", *three_points, "--time", "20", *DESCENT, "--extrapolate", "--out", "steps"]) == 0
    files = {path.name for path in Path("steps").iterdir()}
    assert files == {path.name for path in Path("flow").iterdir()} | {"extrapolation.json"}
    record = json.loads(Path("steps/run.json").read_text())
    assert (record["options"]["method"], record["options"]["step"]) == ("descent", 0.1)
    with open("steps/trajectory.csv", newline="", encoding="utf-8") as stream:
        times = np.array([float(row["time"]) for row in csv.DictReader(stream)])
    np.testing.assert_allclose(times / 0.1, np.rint(times / 0.1), rtol=1e-12)
    extrapolation = json.loads(Path("steps/extrapolation.json").read_text())
    assert extrapolation["steps"] == [0.1, 0.05, 0.025]
    capsys.readouterr()
    assert run(["plot", "steps"]) == 0
    assert "steps/alignment.png" in capsys.readouterr().out


def test_a_run_that_was_stopped_is_resumed_to_the_same_files(three_points, capsys, monkeypatch):
    arguments = ["simulate", *three_points, "--time", "20", *DESCENT, "--extrapolate"]
    assert run([*arguments, "--out", "whole"]) == 0
    monkeypatch.setattr(descent_steps, "PAUSE", 0.0)
    write, written = run_folder.Checkpoints.write, []

    def killed(self, kept):
        write(self, kept)
        written.append(kept)
        if kept.descent.number > 70:
            raise MemoryError("killed")

    monkeypatch.setattr(run_folder, "EVERY", 0.0)
    monkeypatch.setattr(run_folder, "SPARING", 0.0)
    monkeypatch.setattr(run_folder.Checkpoints, "write", killed)
    assert run([*arguments, "--out", "parts"]) == 3
    assert written[-1].descent.number == 71
    monkeypatch.setattr(run_folder.Checkpoints, "write", write)
    capsys.readouterr()
    assert run(["simulate", "--resume", "parts", "--step", "0.2"]) == 2
    assert "--step 0.2 contradicts the run in parts, which has 0.1" in capsys.readouterr().err
    assert run(["simulate", "--resume", "parts"]) == 0
    for name in (*TABLES, "extrapolation.json"):
        assert (Path("parts") / name).read_bytes() == (Path("whole") / name).read_bytes(), name


def test_descent_in_batches_is_shown_kept_and_resumed(three_points, capsys, monkeypatch):
    arguments = ["simulate", *three_points, "--time", "20", *DESCENT, "--batch", "2"]
    found = json_of([*arguments, "--out", "whole"], capsys)
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    expected = descend(data, start, 20.0, 0.1, batches=Batches(2, 0))
    assert (found["batch"], found["seed"], found["outputs"]) == (2, 0, expected.outputs[-1].tolist())
    monkeypatch.setattr(descent_steps, "PAUSE", 0.0)
    monkeypatch.setattr(run_folder, "EVERY", 0.0)
    monkeypatch.setattr(run_folder, "SPARING", 0.0)
    write = run_folder.Checkpoints.write

    def killed(self, kept):
        write(self, kept)
        if kept.descent.number > 70:
            raise MemoryError("killed")

    monkeypatch.setattr(run_folder.Checkpoints, "write", killed)
    assert run([*arguments, "--out", "parts"]) == 3
    monkeypatch.setattr(run_folder.Checkpoints, "write", write)
    capsys.readouterr()
    assert run(["simulate", "--resume", "parts", "--batch", "3"]) == 2
    assert "--batch 3 contradicts the run in parts, which has 2" in capsys.readouterr().err
    assert run(["simulate", "--resume", "parts"]) == 0
    assert "in batches of 2, drawn without replacement from seed 0; no claim is about them" in capsys.readouterr().out
    for name in TABLES:
        assert (Path("parts") / name).read_bytes() == (Path("whole") / name).read_bytes(), name


def test_batches_of_a_start_from_a_file_have_a_seed(three_points, capsys):
    Path("start.csv").write_text("a,w1,w2\n1,1,1\n-1,1,1\n1,-1,1\n")
    arguments = ["simulate", *three_points[:2], "--start", "start.csv", "--time", "2", *DESCENT, "--batch", "1"]
    outputs = [json_of([*arguments, "--seed", str(seed)], capsys)["outputs"] for seed in (0, 1)]
    assert outputs[0] != outputs[1]
    assert outputs[0] == json_of(arguments, capsys)["outputs"]
    assert run([*arguments, "--seed", "-1"]) == 2
    assert run([*arguments[:-2], "--seed", "1"]) == 2


@pytest.mark.parametrize("method", [[], DESCENT])
def test_normalise_changes_time_and_step_alike(three_points, capsys, method):
    given = json_of(["simulate", *three_points, "--time", "10", *method, "--normalise", "mean"], capsys)
    step = ["--step", "0.2"] if method else []
    ours = json_of(["simulate", *three_points, "--time", "20", *method[:2], *step], capsys)
    assert (given["time"], given["outputs"], given["loss"]) == (20.0, ours["outputs"], ours["loss"])
    assert given["normalise"] == {
        "name": "mean",
        "loss": "(1/n) sum (h - y)^2",
        "factor": 2.0,
        "given_time": 10.0,
        "given_step": 0.1 if method else None,
    }
    assert "normalise" not in ours
    assert run(["simulate", *three_points, "--time", "10", *method, "--normalise", "half-sum", "--out", "kept"]) == 0
    text = capsys.readouterr().out
    assert "loss convention half-sum: (1/2) sum (h - y)^2 is 3 times the loss of this report" in text
    assert "--time 10 is 30 here" in text
    assert json.loads(Path("kept/run.json").read_text())["options"]["time"] == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--method", "descent"], "needs --step H"),
        (["--step", "0.1"], "--step is for --method descent"),
        (["--extrapolate"], "--extrapolate is for --method descent"),
        (["--batch", "2"], "--batch is for --method descent"),
        ([*DESCENT, "--batch", "4"], "the batches have 4 points; with 3 points in all they must have 1 to 3"),
        ([*DESCENT, "--batch", "2", "--extrapolate"], "--extrapolate and --batch exclude each other"),
        (["--method", "adam"], "the methods are flow and descent"),
        (["--normalise", "average"], "the conventions are mean, sum, half-mean, half-sum"),
        (["--method", "descent", "--step", "0.3"], "the nearest times are 9.9 and 10.2"),
        (["--method", "descent", "--step", "0"], "the step is 0"),
        (["--method", "descent", "--step", "nan"], "the step is nan"),
    ],
)
def test_bad_input_is_one_sentence(three_points, capsys, options, message):
    assert run(["simulate", *three_points, "--time", "10", *options, "--out", "new"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert not Path("new").exists()


def test_divergence_ends_with_exit_code_1(three_points, capsys):
    Path("large.csv").write_text("a,w1,w2\n9,9,9\n-9,-9,9\n")
    steps = ["--method", "descent", "--step", "1", "--leak", "1/2"]
    large = ["simulate", *three_points[:2], "--start", "large.csv", "--time", "100", *steps]
    assert run([*large, "--extrapolate", "--out", "kept"]) == 1
    captured = capsys.readouterr()
    assert "stopped early: descent diverges: after step" in captured.out
    assert json.loads(Path("kept/run.json").read_text())["partial"]
    assert run(["plot", "kept"]) == 0
