"""`proofs-check simulate --output-factor`: against the network with its factor, and what is refused."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from early_alignment import Dataset, InputError, make_start
from early_alignment.numerics.data.output_factor import OutputFactor
from early_alignment.proofs_check.commands.application import run

SIMULATE = ["simulate", "three_points.csv", "--bias", "--json", "result.json"]
DESCENT = ["--method", "descent", "--step", "0.05"]


@pytest.fixture(autouse=True)
def three_points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "three-points", "--out", "three_points.csv"]) == 0


def result():
    return json.loads(Path("result.json").read_text())


def descent_with_factor(data, start, factor, step, count):
    """Weights after steps of descent on (1/n) sum (h - y)^2 with h = c sum a max(0, <w, x>), written out here."""
    a, w = start.a.copy(), start.w.copy()
    for _ in range(count):
        z = data.X @ w.T
        h = factor * np.maximum(z, 0) @ a
        slope = 2 * (h - data.y)[:, None] / data.n * factor
        a, w = a - step * (slope * np.maximum(z, 0)).sum(axis=0), w - step * ((slope * (z > 0) * a).T @ data.X)
    return a, w, factor * np.maximum(data.X @ w.T, 0) @ a


def test_descent_is_that_of_the_network_with_the_factor(capsys):
    data, start = Dataset.published("three-points"), make_start(30, 2.0, 0)
    a, w, outputs = descent_with_factor(data, start, 1 / math.sqrt(60), 0.05, 200)
    given = ["--width", "30", "--scale", "2", "--time", "10", *DESCENT, "--normalise", "mean"]
    assert run([*SIMULATE, *given, "--output-factor", "1/sqrt(m d)", "--out", "kept"]) == 0
    np.testing.assert_allclose(result()["outputs"], outputs, rtol=1e-10)
    rows = np.loadtxt("kept/neurons.csv", delimiter=",", skiprows=1)
    np.testing.assert_allclose(rows / 60**-0.25, np.column_stack([a, w]), rtol=1e-8, atol=1e-12)
    text = capsys.readouterr().out
    for words in (
        "output factor c = 1/sqrt(m d) = 0.129099: h = c sum a s(<w, x>) is the network of this report",
        "with weights sqrt(c) = 0.359304 times as large; --scale 2 is 0.718608 here",
        "together their time runs 0.258199 times as fast: --time 10 is 2.58199 here, --step 0.05 is 0.0129099",
    ):
        assert words in text
    assert result()["output_factor"] == {
        "text": "1/sqrt(m d)",
        "factor": pytest.approx(60**-0.5),
        "given_time": 10.0,
        "given_step": 0.05,
        "given_scale": 2.0,
    }


def test_the_flow_is_that_of_the_translated_start_and_time():
    assert run([*SIMULATE, "--width", "40", "--scale", "0.5", "--time", "40", "--output-factor", "1/4"]) == 0
    with_factor = result()
    assert run([*SIMULATE, "--width", "40", "--scale", "0.25", "--time", "10"]) == 0
    assert (result()["time"], result()["outputs"]) == (with_factor["time"], with_factor["outputs"])
    Path("start.csv").write_text("a,w1,w2\n2,1,1\n-2,1,-1\n")
    Path("half.csv").write_text("a,w1,w2\n1,0.5,0.5\n-1,0.5,-0.5\n")
    assert run([*SIMULATE, "--start", "start.csv", "--time", "8", "--output-factor", "0.25"]) == 0
    with_factor = result()
    assert run([*SIMULATE, "--start", "half.csv", "--time", "2"]) == 0
    assert result()["outputs"] == with_factor["outputs"]


def test_the_options_of_a_run_that_is_resumed_are_those_that_were_given(capsys):
    given = ["--width", "30", "--scale", "2", "--time", "8", "--output-factor", "1/4"]
    assert run([*SIMULATE, *given, "--out", "kept"]) == 0
    capsys.readouterr()
    for option, value, kept in (("--scale", "1", "2.0"), ("--time", "2", "8.0"), ("--output-factor", "1/m", "1/4")):
        assert run(["simulate", "--resume", "kept", option, value]) == 2
        assert f"contradicts the run in kept, which has {kept}" in capsys.readouterr().err
    assert run(["simulate", "--resume", "kept", *given]) == 2
    assert "has ended" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("1/4", 0.25),
        ("1e-3", 1e-3),
        ("1/m", 0.01),
        ("3/m", 0.03),
        ("1/sqrt(m)", 0.1),
        ("1/sqrt(m d)", 1 / math.sqrt(300)),
        ("1/sqrt(m*d)", 1 / math.sqrt(300)),
    ],
)
def test_the_forms_of_a_factor(text, value):
    assert OutputFactor.parse(text).value(100, 3) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "text", ["", "m", "0", "-1", "1/0", "1/n", "nan", "inf", "1/sqrt(n)", "1/sqrt(m", "sqrt(m)", "1/mm", "1 0", "2**m"]
)
def test_other_texts_are_refused_in_a_sentence(text, capsys):
    with pytest.raises(InputError, match="give a positive number such as"):
        OutputFactor.parse(text)
    given = ["--width", "30", "--scale", "2", "--time", "8", "--output-factor", text, "--out", "new"]
    assert run([*SIMULATE, *given]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not Path("new").exists()
