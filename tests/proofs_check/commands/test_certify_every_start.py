"""`proofs-check certify --every-start` from the user's side: what is printed, files, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from early_alignment.proofs_check.commands.application import run


@pytest.fixture
def points(tmp_path: Path) -> str:
    path = tmp_path / "points.csv"
    path.write_text("x,y\n-3/4,11/10\n-1/2,1/10\n1/8,4/5\n")
    return str(path)


def test_the_condition_with_the_larger_scale_is_certified_and_both_scales_are_given(points, tmp_path, capsys):
    cert, verdict = str(tmp_path / "cert.json"), str(tmp_path / "verdict.json")
    assert run(["certify", points, "--bias", "--every-start", "--out", cert, "--json", verdict]) == 0
    printed = capsys.readouterr().out
    assert "certified by condition (P): for every width and every lambda <= 10^-6.758" in printed
    assert printed.endswith(
        "\ncondition (C) gives lambda_0 = 10^-8.371, condition (P) gives lambda_0 = 10^-6.758; "
        "the certificate is the one by condition (P)\n"
        "with neurons a < 0 at any angle (--delta 0): lambda_0 = 10^-51.992\n"
    )
    said = json.loads(Path(verdict).read_text())
    assert (said["verdict"], said["condition"], said["exponent"]) == ("certified", "P", "3379/500")
    assert said["conditions"] == {"C": {"exponent": "8371/1000"}, "P": {"exponent": "3379/500"}}
    assert said["without_delta"] == {"exponent": "6499/125"}
    assert run(["recheck", cert]) == 0
    assert "every lambda <= 10^-6.758" in capsys.readouterr().out


def test_the_condition_of_the_certificate_can_be_chosen(points, tmp_path, capsys):
    cert, verdict = str(tmp_path / "cert.json"), str(tmp_path / "verdict.json")
    options = ["--every-start", "--condition", "P", "--out", cert, "--json", verdict]
    assert run(["certify", points, "--bias", *options]) == 0
    assert "condition (C)" not in capsys.readouterr().out
    said = json.loads(Path(verdict).read_text())
    assert (said["conditions"], said["without_delta"]) == ({"P": {"exponent": "3379/500"}}, None)


def test_every_start_is_certified_by_condition_c_printed_and_accepted(points, tmp_path, capsys):
    cert, verdict = str(tmp_path / "cert.json"), str(tmp_path / "verdict.json")
    options = ["--every-start", "--condition", "C", "--out", cert, "--json", verdict]
    assert run(["certify", points, "--bias", *options]) == 0
    printed = capsys.readouterr().out
    assert "condition (P)" not in printed
    for part in (
        "certified by condition (C): for every width and every lambda <= 10^-8.371",
        "m(v) =",
        "T_a = 7.18546",
        "5 cells",
        "lambda_0 = 10^-8.371",
    ):
        assert part in printed
    said = json.loads(Path(verdict).read_text())
    assert (said["verdict"], said["exponent"], said["cells"]) == ("certified", "8371/1000", 5)
    assert [facet["point"] for facet in said["facets"]] == [1, 3]
    assert run(["recheck", cert]) == 0
    assert "every lambda <= 10^-8.371" in capsys.readouterr().out
    assert run(["recheck", cert, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["exponent"], found["delta"]) == ("accepted", "8371/1000", "1/10")
    assert found["limit"] == ["-4/65", "251/390"]


def test_three_points_are_certified_for_neurons_at_any_angle(points, tmp_path, capsys):
    cert, verdict = str(tmp_path / "cert.json"), str(tmp_path / "verdict.json")
    options = ["--every-start", "--delta", "0", "--bound", "4", "--out", cert, "--json", verdict]
    assert run(["certify", points, "--bias", *options]) == 0
    printed = capsys.readouterr().out
    for part in ("every width and every lambda <= 10^-52.293", "sum a^2 <= 4 lambda^2", "at any angle", "tau_e = "):
        assert part in printed
    said = json.loads(Path(verdict).read_text())
    assert (said["verdict"], said["condition"], said["delta"], said["bound"]) == ("certified", "C", "0", "4")
    assert run(["recheck", cert]) == 0
    printed = capsys.readouterr().out
    assert "every lambda <= 10^-52.293" in printed
    assert "tan(theta/2)" not in printed


def test_more_points_are_not_certified_without_an_angle(tmp_path, capsys):
    data, cert = tmp_path / "data.csv", tmp_path / "cert.json"
    data.write_text("u,v,y\n-1,3,1\n0,1,1\n1,3,1\n1,4,1\n")
    assert run(["certify", str(data), "--every-start", "--delta", "0", "--out", str(cert)]) == 1
    assert "(no delta) is for 3 points in the plane; here are 4 points in dimension 2" in capsys.readouterr().out
    assert not cert.exists()


def test_the_options_of_the_start_are_in_the_certificate(points, tmp_path):
    cert = tmp_path / "cert.json"
    options = ["--delta", "1/100", "--bound", "2.5"]
    assert run(["certify", points, "--bias", "--every-start", *options, "--out", str(cert)]) == 0
    assert json.loads(cert.read_text())["start"] == {"bound": "5/2", "delta": "1/100"}
    assert run(["recheck", str(cert)]) == 0


def test_a_false_threshold_is_rejected(points, tmp_path, capsys):
    cert = tmp_path / "cert.json"
    assert run(["certify", points, "--bias", "--every-start", "--condition", "C", "--out", str(cert)]) == 0
    cert.write_text(cert.read_text().replace('"8371/1000"', '"8369/1000"'))
    capsys.readouterr()
    assert run(["recheck", str(cert)]) == 1
    assert capsys.readouterr().out == "rejected: constants.exponent is too small: lambda_0 is too large\n"


def test_a_data_set_without_condition_c_is_undecided(tmp_path, capsys):
    data, cert, verdict = tmp_path / "data.csv", tmp_path / "cert.json", tmp_path / "verdict.json"
    data.write_text(
        "u,v,y\n45/64,90/64,120/64\n18/64,48/64,48/64\n3/64,45/64,24/64\n1/64,59/64,1/64\n-22/64,28/64,9/64\n"
    )
    assert run(["certify", str(data), "--every-start", "--out", str(cert), "--json", str(verdict)]) == 1
    printed = capsys.readouterr().out
    assert "undecided: condition (C)" in printed
    assert "the least-squares solution is not active on point 5" in printed
    assert json.loads(verdict.read_text())["verdict"] == "undecided"
    assert not cert.exists()


def test_a_data_set_in_space_is_certified_by_condition_p(tmp_path, capsys):
    data, cert, verdict = tmp_path / "data.csv", str(tmp_path / "cert.json"), str(tmp_path / "verdict.json")
    data.write_text(
        "u,v,w,y\n1.36,0.33,0.59,2.16\n0.62,1.4,0.45,1.63\n0.27,0.57,1.6,2.69\n1.17,0.92,0.53,1.04\n0.9,0.8,1.54,0.93\n"
    )
    assert run(["certify", str(data), "--every-start", "--out", cert, "--json", verdict]) == 0
    printed = capsys.readouterr().out
    for part in ("certified by condition (P): for every width", "segments around the limit path", "= 10^-11.1"):
        assert part in printed
    said = json.loads(Path(verdict).read_text())
    assert (said["verdict"], said["condition"]) == ("certified", "P")
    assert said["cosine"] > 0.2
    assert said["conditions"]["P"] == {"exponent": said["exponent"]}
    assert "condition (C) of theory.md 9.1 is not shown" in said["conditions"]["C"]["reason"]
    assert f"no certificate by condition (C): {said['conditions']['C']['reason']}" in printed
    assert run(["recheck", cert]) == 0
    assert f"accepted (condition (P), {said['segments']} segments" in capsys.readouterr().out
    assert run(["recheck", cert, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["segments"] == said["segments"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--every-start", "--delta", "2"], "delta is 2"),
        (["--every-start", "--delta", "x"], "'x'"),
        (["--every-start", "--delta", "0", "--condition", "P"], "proved by condition (C) only"),
        (["--every-start", "--bound", "0"], "must be greater than 0"),
        (["--every-start", "--condition", "c"], "the condition is 'c'; it must be C or P"),
        (["--width", "3", "--scale", "1e-6", "--condition", "C"], "--condition needs --every-start"),
        (["--every-start", "--width", "3"], "--width describes one start"),
        (["--every-start", "--start", "start.csv"], "--start describes one start"),
        (["--width", "3", "--scale", "1e-6", "--delta", "1/3"], "--delta needs --every-start"),
    ],
)
def test_wrong_usage_is_one_sentence(points, tmp_path, capsys, options, reason):
    assert run(["certify", points, "--bias", *options, "--out", str(tmp_path / "cert.json")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert reason in error
