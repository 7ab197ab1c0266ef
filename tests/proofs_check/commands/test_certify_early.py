"""`proofs-check certify --early` from the user's side: what is printed, files, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from early_alignment.proofs_check.commands.application import run

DECIDED = "a,w1,w2\n1,7/25,24/25\n-2,1,1\n"


@pytest.fixture
def points(tmp_path: Path) -> str:
    path = tmp_path / "points.csv"
    path.write_text("x,y\n-3/4,11/10\n-1/2,1/10\n1/8,4/5\n")
    return str(path)


@pytest.fixture
def neurons(tmp_path: Path) -> str:
    path = tmp_path / "neurons.csv"
    path.write_text(DECIDED)
    return str(path)


def test_a_certificate_is_written_printed_and_accepted(points, neurons, tmp_path, capsys):
    cert, verdict = str(tmp_path / "cert.json"), str(tmp_path / "verdict.json")
    options = ["--early", "--start", neurons, "--epsilon", "1/2", "--box", "1/1000"]
    assert run(["certify", points, "--bias", *options, "--out", cert, "--json", verdict]) == 0
    printed = capsys.readouterr().out
    for part in ("1 aligned, 1 dead", "tau = 1/2 log", "within 1/1000", "D = (-31/120, 2/3)", "lambda^0.5 +"):
        assert part in printed
    said = json.loads(Path(verdict).read_text())
    assert (said["verdict"], said["epsilon"], len(said["neurons"])) == ("certified", "1/2", 2)
    assert run(["recheck", cert]) == 0
    assert "D = (-31/120, 2/3)" in capsys.readouterr().out
    assert run(["recheck", cert, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["undecided"], found["exponent"]) == ("accepted", 0, said["exponent"])
    assert [fate["fate"] for fate in found["fates"]] == ["aligned", "dead"]


def test_undecided_neurons_are_named_and_the_exit_code_is_1(points, neurons, tmp_path, capsys):
    cert, verdict = tmp_path / "cert.json", tmp_path / "verdict.json"
    Path(neurons).write_text(DECIDED + "1,-4/5,-3/5\n")
    options = ["--early", "--start", neurons, "--out", str(cert), "--json", str(verdict)]
    assert run(["certify", points, "--bias", *options]) == 1
    assert "neuron 3: undecided: it starts on the hyperplane of point 1" in capsys.readouterr().out
    assert json.loads(verdict.read_text())["verdict"] == "undecided"
    assert run(["recheck", str(cert)]) == 0
    assert "nothing is proved of neuron 3" in capsys.readouterr().out


def test_without_a_decided_neuron_there_is_no_certificate(points, neurons, tmp_path, capsys):
    cert = tmp_path / "cert.json"
    Path(neurons).write_text("a,w1,w2\n1,-4/5,-3/5\n")
    assert run(["certify", points, "--bias", "--early", "--start", neurons, "--out", str(cert)]) == 1
    assert "undecided: neuron 1: it starts on the hyperplane" in capsys.readouterr().out
    assert not cert.exists()


def test_the_loss_and_the_leak_are_in_the_certificate(tmp_path, neurons):
    data, cert = tmp_path / "classes.csv", tmp_path / "cert.json"
    data.write_text("u,v,y\n1,2,1\n-2,1,-1\n")
    options = ["--early", "--start", neurons, "--loss", "logistic", "--leak", "1/8"]
    assert run(["certify", str(data), *options, "--out", str(cert)]) == 0
    stated = json.loads(cert.read_text())["data"]
    assert (stated["loss"], stated["leak"]) == ("logistic", "1/8")
    assert run(["recheck", str(cert)]) == 0


def test_a_loss_without_a_constant_kappa_is_refused(tmp_path, neurons, capsys):
    data, cert = tmp_path / "classes.csv", tmp_path / "cert.json"
    data.write_text("u,v,y\n1,2,1\n-2,1,-1\n")
    options = ["--early", "--start", neurons, "--loss", "exponential"]
    assert run(["certify", str(data), *options, "--out", str(cert)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "the exponential loss has no Lipschitz constant kappa" in error
    assert not cert.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--early"], "needs --start FILE.csv"),
        (["--early", "--width", "3", "--scale", "1e-3"], "needs --start FILE.csv"),
        (["--early", "--start", "NEURONS", "--epsilon", "1"], "epsilon is 1"),
        (["--early", "--start", "NEURONS", "--epsilon", "x"], "'x'"),
        (["--early", "--start", "NEURONS", "--box", "-1"], "half width"),
        (["--early", "--start", "NEURONS", "--leak", "1"], "the leak is 1"),
        (["--early", "--start", "NEURONS", "--loss", "hinge"], "no loss named 'hinge'"),
        (["--early", "--start", "NEURONS", "--loss", "logistic"], "the logistic loss takes 1 and -1"),
        (["--early", "--start", "NEURONS", "--loss", "exponential"], "the exponential loss takes 1 and -1"),
        (["--early", "--start", "NEURONS", "--scale", "1e-3"], "before they are scaled"),
        (["--early", "--start", "NEURONS", "--delta", "1/2"], "--delta needs --every-start"),
        (["--early", "--every-start"], "choose one"),
        (["--start", "NEURONS", "--epsilon", "1/2"], "--epsilon needs --early"),
        (["--every-start", "--leak", "1/2"], "--leak needs --early"),
    ],
)
def test_wrong_usage_is_one_sentence(points, neurons, tmp_path, capsys, options, reason):
    given = [neurons if option == "NEURONS" else option for option in options]
    assert run(["certify", points, "--bias", *given, "--out", str(tmp_path / "cert.json")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert reason in error
