"""`--symmetrised`: neurons in pairs (a, w), (-a, w), and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from early_alignment import Dataset, InputError, make_start, simulate
from early_alignment.proofs_check.commands.application import run

DRAWN = ["three_points.csv", "--bias", "--width", "30", "--scale", "2"]


@pytest.fixture(autouse=True)
def three_points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "three-points", "--out", "three_points.csv"]) == 0
    Path("start.csv").write_text("a,w1,w2\n1,1,1\n-1,1,1\n")


@pytest.mark.parametrize("kind", ["balanced", "dominated", "unbalanced"])
def test_the_second_half_is_the_first_with_the_other_sign(kind):
    drawn = make_start(30, 2.0, 5, kind, d=3)
    start = drawn.symmetrise()
    np.testing.assert_array_equal(start.w, np.concatenate([drawn.w[:15], drawn.w[:15]]))
    np.testing.assert_array_equal(start.a, np.concatenate([drawn.a[:15], -drawn.a[:15]]))
    assert (start.width, start.kind, start.scale, start.seed) == (30, kind, 2.0, 5)
    assert start.symmetrised
    assert not drawn.symmetrised


def test_the_output_is_zero_at_the_start():
    data, start = Dataset.published("three-points"), make_start(30, 2.0, 0)
    assert np.abs(simulate(data, start, 1.0).outputs[0]).max() > 0.1
    assert np.abs(simulate(data, start.symmetrise(), 1.0).outputs[0]).max() < 1e-14


def test_an_odd_width_is_refused():
    with pytest.raises(InputError, match="the width of a symmetrised start is 31; it must be even"):
        make_start(31, 1.0, 0).symmetrise()


def test_the_commands_draw_it_and_say_so(capsys):
    assert run(["simulate", *DRAWN, "--time", "3", "--symmetrised", "--out", "kept"]) == 0
    assert "appears again as (-a, w), so that h = 0 at the start" in capsys.readouterr().out
    assert json.loads(Path("kept/run.json").read_text())["options"]["symmetrised"] is True
    rows = np.loadtxt("kept/start.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(rows[15:], rows[:15] * [-1, 1, 1])
    assert run(["predict", *DRAWN, "--symmetrised"]) == 0
    assert "30 balanced neurons at scale 2 from seed 0, symmetrised" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([*DRAWN[:2], "--width", "31", "--scale", "2"], "the width of a symmetrised start is 31; it must be even"),
        ([*DRAWN[:2], "--start", "start.csv"], "--symmetrised and the start file start.csv exclude each other"),
        (DRAWN[:2], "--symmetrised describes a start and needs --width M too"),
    ],
)
def test_other_starts_are_refused_in_a_sentence(options, message, capsys):
    assert run(["simulate", *options, "--time", "3", "--symmetrised", "--out", "new"]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert len(captured.err.splitlines()) == 1
    assert not Path("new").exists()
