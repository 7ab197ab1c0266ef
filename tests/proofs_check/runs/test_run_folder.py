"""Runs kept in a folder: figures drawn again, runs that were killed or stopped and resumed, and what is refused."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from early_alignment.numerics.flow.run import FlowRun
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.figures import film as animation
from early_alignment.proofs_check.runs import run_folder

THREE = ["three_points.csv", "--bias", "--width", "30", "--scale", "1e-3", "--time", "40"]
STEWART = ["stewart.csv", "--bias", "--width", "100", "--scale", "1e-3", "--time", "100"]
TABLES = ("trajectory.csv", "neurons.csv", "events.csv", "history.npz")
PICTURES = ("alignment", "function", "loss")
OFTEN = """
import sys
from early_alignment.proofs_check.commands import application
from early_alignment.proofs_check.runs import run_folder
run_folder.EVERY = run_folder.SPARING = 0.0  # a checkpoint at every chance: the signal comes during one
application.main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the data, and a finished run in `done`."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("three-points", "stewart"):
            assert run(["data", name, "--out", f"{name.replace('-', '_')}.csv"]) == 0
        assert run(["simulate", *THREE, "--out", "done"]) == 0
    return folder


@pytest.fixture(autouse=True)
def _there(place, monkeypatch):
    monkeypatch.chdir(place)


def contents(folder, names):
    return {name: (Path(folder) / name).read_bytes() for name in names}


def refusal(arguments, capsys):
    """The one sentence with which a command line is refused."""
    capsys.readouterr()
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    return captured.err


def test_a_run_folder_contains_the_whole_run():
    record = json.loads(Path("done/run.json").read_text())
    assert (record["schema"], record["state"], record["partial"], record["time"]) == (1, "ended", False, 40.0)
    assert record["options"]["width"] == 30
    assert record["theory"]["escape_level"] == pytest.approx(record["theory"]["d_max"] / (2 * 1.276041666), rel=1e-8)
    files = {f"{name}.{kind}" for name in PICTURES for kind in ("png", "csv")}
    assert {path.name for path in Path("done").iterdir()} == files | {*TABLES, "run.json", "data.csv", "start.csv"}
    assert all(Path(f"done/{name}.png").read_bytes().startswith(b"\x89PNG") for name in PICTURES)
    rows = np.genfromtxt("done/trajectory.csv", delimiter=",", names=True)
    with np.load("done/history.npz", allow_pickle=False) as history:
        np.testing.assert_array_equal(history["times"], rows["time"])
        end = np.genfromtxt("done/neurons.csv", skip_header=1, delimiter=",")
        # Two orders of summing three products of entries of the maps, which are below 1e3 (engine.event_free).
        np.testing.assert_allclose(history["neurons"][-1], end[:, [1, 2, 0]], rtol=0, atol=1e-12)
        start = np.genfromtxt("done/start.csv", skip_header=1, delimiter=",")
        # The engine puts |a| = ||w|| right to rounding when a neuron arrives in a group.
        np.testing.assert_allclose(history["neurons"][0], start[:, [1, 2, 0]], rtol=1e-14)


def test_plot_draws_the_same_figures_without_simulating(monkeypatch, capsys):
    names = [f"{name}.{kind}" for name in PICTURES for kind in ("png", "csv")]
    before = contents("done", names)
    for name in names:
        (Path("done") / name).unlink()
    monkeypatch.setattr(FlowRun, "follow", None)
    monkeypatch.setattr("early_alignment.numerics.predict.prediction.extremal_vectors", None)
    assert run(["plot", "done"]) == 0
    assert "done/alignment.png" in capsys.readouterr().out
    assert contents("done", names) == before


def test_the_figures_show_the_events_of_the_run():
    loss = np.genfromtxt("done/loss.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    moments = {row["item"]: row["x"] for row in loss}
    rows = np.genfromtxt("done/trajectory.csv", delimiter=",", names=True)
    assert 0 < moments["tau"] < moments["escape"] < 40
    at_escape = np.interp(moments["escape"], rows["time"], rows["loss"])
    assert rows["loss"][-1] < at_escape < rows["loss"][0]
    assert loss["y"][loss["item"] == "OLS loss"] == pytest.approx(512 / 2925 / 2)
    marks = np.genfromtxt("done/alignment.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    (goal,) = marks["y"][marks["item"] == "extremal vector"]
    assert goal == pytest.approx(np.arctan2(2 / 3, -31 / 120))
    with np.load("done/history.npz", allow_pickle=False) as history:
        after = np.searchsorted(history["times"], moments["escape"])
        w, a = history["neurons"][after, :, :2], history["neurons"][after, :, 2]
    live = (a > 0) & (w @ [-0.5, 1.0] > 0)
    assert np.count_nonzero(live) > 5
    np.testing.assert_allclose(np.arctan2(w[live, 1], w[live, 0]), goal, atol=0.1)  # aligned when it escapes
    function = np.genfromtxt("done/function.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    assert function["y"][function["item"] == "data"].tolist() == [1.1, 0.1, 0.8]


@pytest.mark.slow
def test_the_film_moves_and_is_small():
    from PIL import Image

    assert run(["simulate", *THREE, "--out", "filmed", "--animate", "film.gif"]) == 0
    assert Path("film.gif").stat().st_size < 5e6
    with Image.open("film.gif") as film:
        assert film.n_frames > 20
        assert film.size == (810, 387)
        first = np.asarray(film.convert("L"), dtype=float)
        film.seek(film.n_frames - 1)
        assert np.mean(np.abs(np.asarray(film.convert("L"), dtype=float) - first) > 30) > 1e-3


def test_films_that_cannot_be_made_are_refused(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert "needs the program ffmpeg" in refusal(["plot", "done", "--animate", "film.mp4"], capsys)
    assert "must end in .gif or .mp4" in refusal(["plot", "done", "--animate", "film.avi"], capsys)
    assert "needs --out" in refusal(["simulate", *THREE, "--animate", "film.gif"], capsys)
    assert not Path("film.mp4").exists()


def test_a_film_shows_few_of_many_rows(place):
    folder, record, data = run_folder.read_record("done")
    view = animation_view(folder, record, data)
    rows = animation.frame_rows(view)
    assert rows[0] == 0
    assert rows[-1] == len(view.times) - 1
    assert len(rows) <= animation.FRAMES + 2
    assert rows == sorted(set(rows))


def animation_view(folder, record, data):
    from early_alignment.proofs_check.figures.run import view_of

    return view_of(record, data, run_folder.read_recording(folder, record, data))


def signalled(folder, moment, number):
    """Start the run on Stewart's data, send it a signal once its checkpoint is this late, and return the process."""
    command = [sys.executable, "-c", OFTEN, "simulate", *STEWART, "--out", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    checkpoint = Path(folder) / "checkpoint.npz"
    try:
        while process.poll() is None:
            if checkpoint.exists():
                with np.load(checkpoint, allow_pickle=False) as file:
                    if file["engine_clock"][0] > moment:
                        break
            time.sleep(0.005)
        os.kill(process.pid, number)
        _, error = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, error


@pytest.fixture(scope="module")
def uninterrupted(place):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert run(["simulate", *STEWART, "--out", "whole"]) == 0
    return contents(place / "whole", TABLES)


def compared(folder):
    found = json.loads((Path(folder) / "run.json").read_text())["comparison"]
    assert found["within"]
    assert found["alignment"]
    return found


@pytest.mark.slow
def test_a_killed_run_resumes_to_the_same_result(uninterrupted, capsys):
    code, _ = signalled("killed", 3.0, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert json.loads(Path("killed/run.json").read_text())["state"] == "running"
    assert not Path("killed/trajectory.csv").exists()
    assert run(["plot", "killed"]) == 0  # as far as its checkpoint
    (Path("killed") / ".checkpoint.npz.x.part").write_bytes(b"half")
    assert run(["simulate", "--resume", "killed", "--width", "100"]) == 0
    assert contents("killed", TABLES) == uninterrupted
    assert compared("killed") == compared("whole")
    assert not list(Path("killed").glob(".*")) + list(Path("killed").glob("checkpoint*"))
    assert "has ended at t = 100" in refusal(["simulate", "--resume", "killed"], capsys)


def test_an_interrupted_run_is_usable_and_resumes_to_the_same_result(uninterrupted, capsys):
    code, error = signalled("stopped", 5.0, signal.SIGINT)
    assert code == 130
    assert "stopped holds the run so far" in error
    assert len(error.splitlines()) == 1
    record = json.loads(Path("stopped/run.json").read_text())
    assert (record["state"], record["partial"], record["reason"]) == ("stopped", True, "interrupted")
    rows = np.genfromtxt("stopped/trajectory.csv", delimiter=",", names=True)
    assert 5.0 < rows["time"][-1] == record["time"] < 100
    assert run(["plot", "stopped"]) == 0
    assert run(["simulate", "--resume", "stopped"]) == 0
    assert contents("stopped", TABLES) == uninterrupted
    assert compared("stopped") == compared("whole")


def started(folder):
    """A run that has just begun: its folder with the first checkpoint."""

    class Begun(Exception):
        pass

    def stop(*_):
        raise Begun

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_folder, "EVERY", 1e9)
        patch.setattr("early_alignment.proofs_check.runs.recorded_run.simulation_of", stop)
        assert run(["simulate", *THREE, "--out", folder]) == 3  # simulates an internal error
    assert (Path(folder) / "checkpoint.npz").exists()


def test_damaged_and_missing_files_are_reported_in_one_sentence(capsys):
    assert "no folder nowhere" in refusal(["plot", "nowhere"], capsys)
    assert "is not the folder of a run" in refusal(["plot", "."], capsys)
    assert "is not the folder of a run" in refusal(["simulate", "--resume", "."], capsys)
    started("begun")
    one_array = io.BytesIO()
    np.save(one_array, np.zeros(3))
    good = contents("begun", ["run.json", "data.csv", "checkpoint.npz"])
    for name, content in (
        ("run.json", b"{"),
        ("run.json", b"[1]"),
        ("run.json", good["run.json"].replace(b'"schema": 1', b'"schema": 9')),
        ("run.json", good["run.json"].replace(b'"d_max"', b'"other"')),
        ("run.json", good["run.json"].replace(b'"width": 30', b'"width": "x"')),
        ("run.json", good["run.json"].replace(b'"state": ', b'"stage": ')),
        ("run.json", good["run.json"].replace(b'"sign": 1', b'"sign": 2')),
        ("run.json", good["run.json"].replace(b'"loss": "square"', b'"loss": "hinge"')),
        ("run.json", good["run.json"].replace(b'"tolerance": 1e-08', b'"tolerance": NaN')),
        ("run.json", good["run.json"].replace(b'"bias": true', b'"bias": 1')),
        ("run.json", b"\xff\xfe"),
        ("data.csv", b"x,y\n1,2,3\n"),
        ("data.csv", good["data.csv"].replace(b"1.1", b"1.2").replace(b"11/10", b"12/10")),
        ("checkpoint.npz", b""),
        ("checkpoint.npz", one_array.getvalue()),
        ("checkpoint.npz", good["checkpoint.npz"][:-2000]),
        ("checkpoint.npz", good["checkpoint.npz"].replace(b"engine_frame", b"engine_farme")),
        ("checkpoint.npz", Path("done/history.npz").read_bytes()),
    ):
        (Path("begun") / name).write_bytes(content)
        for command in (["simulate", "--resume", "begun"], ["plot", "begun"]):
            if name != "checkpoint.npz" or command[0] == "simulate":
                assert content != good[name]
                assert f"begun/{name}" in refusal(command, capsys), (name, content[:40])
        (Path("begun") / name).write_bytes(good[name])
    (Path("begun") / "checkpoint.npz").unlink()
    assert "holds no checkpoint.npz" in refusal(["simulate", "--resume", "begun"], capsys)
    assert "holds no checkpoint.npz" in refusal(["plot", "begun"], capsys)


def test_a_checkpoint_of_another_run_is_refused(capsys):
    started("first")
    assert "belongs to another run" not in Path("first/run.json").read_text()
    text = Path("first/run.json").read_text().replace('"time": 40.0', '"time": 50.0')
    Path("first/run.json").write_text(text)
    assert "belongs to another run" in refusal(["simulate", "--resume", "first"], capsys)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--time", "50"], "--time 50.0 contradicts the run in done, which has 40.0"),
        (["--loss", "logistic"], "--loss logistic contradicts"),
        (["--seed", "1"], "--seed 1 contradicts"),
        (["three_points.csv"], "DATA.csv three_points.csv and --resume done exclude each other"),
        (["--out", "other"], "--out other and --resume done exclude each other"),
        (["--time", "40", "--bias", "--start", "balanced"], "has ended at t = 40"),
    ],
)
def test_resume_takes_its_options_from_the_folder(options, words, capsys):
    assert words in refusal(["simulate", "--resume", "done", *options], capsys)


def test_two_processes_do_not_write_to_one_folder(capsys):
    started("busy")
    with run_folder.locked(Path("busy")):
        assert "another process is writing to busy" in refusal(["simulate", "--resume", "busy"], capsys)
    assert run(["simulate", "--resume", "busy"]) == 0
    assert contents("busy", TABLES) == contents("done", TABLES)


def test_a_simulation_needs_data_and_a_time(capsys):
    assert "DATA.csv is missing" in refusal(["simulate", "--time", "3"], capsys)
    assert "--time T is missing" in refusal(["simulate", "three_points.csv"], capsys)


@pytest.mark.parametrize("command", ["verify", "list", "show", "data", "predict", "simulate", "plot"])
def test_every_help_shows_an_example(command, capsys):
    assert run([command, "--help"]) == 0
    assert f"For example: proofs-check {command}" in capsys.readouterr().out
