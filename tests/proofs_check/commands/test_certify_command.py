"""`proofs-check certify` and `recheck` from the user's side: files, exit codes, messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from early_alignment import Dataset
from early_alignment.proofs_check.commands.application import run

START = "a,w1,w2\n3/1000,1/1000,2/1000\n-3/1000,1/1000,1/1000\n1/1000,0,-1/1000\n"


@pytest.fixture
def points(tmp_path: Path) -> str:
    path = tmp_path / "points.csv"
    path.write_text("x,y\n-3/4,11/10\n-1/2,1/10\n1/8,4/5\n")
    return str(path)


def test_a_certificate_is_written_and_accepted(points, tmp_path, capsys):
    cert, verdict = str(tmp_path / "cert.json"), str(tmp_path / "verdict.json")
    drawn = ["--width", "8", "--scale", "1e-6", "--seed", "1", "--start", "dominated"]
    assert run(["certify", points, "--bias", *drawn, "--out", cert, "--json", verdict]) == 0
    assert "ends at least squares" in capsys.readouterr().out
    assert json.loads(Path(verdict).read_text())["verdict"] == "certified"
    assert run(["recheck", cert, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["limit"], found["loss"]) == ("accepted", ["-4/65", "251/390"], "256/2925")


def test_a_start_file_is_taken_exactly(points, tmp_path, capsys):
    start, cert = tmp_path / "start.csv", str(tmp_path / "cert.json")
    start.write_text(START)
    assert run(["certify", points, "--bias", "--start", str(start), "--out", cert]) == 0
    neurons = json.loads(Path(cert).read_text())["start"]["neurons"]
    assert neurons == [["3/1000", "1/1000", "1/500"], ["-3/1000", "1/1000", "1/1000"], ["1/1000", "0", "-1/1000"]]
    assert run(["recheck", cert]) == 0
    assert "accepted" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("a,w1,w2\n-3/1000,1/1000,2/1000\n", "no neuron with a > 0 is active"),
        ("a,w1,w2\n1/1000,1/1000,1/1000\n", "not dominated"),
        ("a,w1,w2\n5/1000,-4/1000,-3/1000\n", "lies on the hyperplane"),
        ("a,w1,w2\n5,1,2\n", "exceed the smallest label"),
    ],
)
def test_an_undecided_certificate_gives_its_reason(points, tmp_path, capsys, rows, reason):
    start, cert, verdict = tmp_path / "start.csv", tmp_path / "cert.json", tmp_path / "verdict.json"
    start.write_text(rows)
    assert run(["certify", points, "--bias", "--start", str(start), "--out", str(cert), "--json", str(verdict)]) == 1
    understood, verdict_line = capsys.readouterr().out.splitlines()
    assert "label y" in understood
    assert reason in verdict_line
    document = json.loads(verdict.read_text())
    assert document["verdict"] == "undecided"
    assert document["columns"]["label"] == "y"
    assert not cert.exists()


def test_dimension_three_is_not_decided(tmp_path, capsys):
    data, cert = tmp_path / "data.csv", str(tmp_path / "cert.json")
    Dataset.from_arrays([[1, 0, 1], [0, 1, 1], [1, 1, 1], [1, 2, 1]], [1, 2, 1, 1]).to_csv(data)
    assert run(["certify", str(data), "--width", "4", "--scale", "1e-6", "--out", cert]) == 1
    assert "dimension 3" in capsys.readouterr().out


def test_a_false_certificate_is_rejected(points, tmp_path, capsys):
    cert = tmp_path / "cert.json"
    assert run(["certify", points, "--bias", "--width", "8", "--scale", "1e-6", "--out", str(cert)]) == 0
    cert.write_text(cert.read_text().replace('"-4/65"', '"-3/65"'))
    capsys.readouterr()
    assert run(["recheck", str(cert)]) == 1
    assert capsys.readouterr().out == "rejected: conclusion.limit is not the least-squares solution\n"


def test_numbers_beyond_the_range_of_floats_are_printed(points, tmp_path, capsys):
    cert = tmp_path / "cert.json"
    assert run(["certify", points, "--bias", "--width", "8", "--scale", "1e-6", "--out", str(cert)]) == 0
    tree = json.loads(cert.read_text())
    tree["trap"]["time"] = "9" * 400
    cert.write_text(json.dumps(tree))
    capsys.readouterr()
    assert run(["recheck", str(cert)]) == 0
    assert f"by t = {'9' * 400} at the latest" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"x,y\n1,2\n", b"\xff\xfe", b"{}", b"[" * 10**5])
def test_files_that_are_not_certificates_are_bad_input(tmp_path, capsys, content):
    path = tmp_path / "cert.json"
    path.write_bytes(content)
    assert run(["recheck", str(path)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "not a certificate" in err


def test_wrong_usage_is_one_sentence(points, tmp_path, capsys):
    cert = str(tmp_path / "cert.json")
    for arguments in (
        ["certify", points, "--bias", "--out", cert],
        ["certify", points, "--bias", "--width", "8", "--out", cert],
        ["certify", points, "--bias", "--width", "8", "--scale", "1e-6"],
        ["certify", points, "--bias", "--width", "8", "--scale", "1e-6", "--out", points],
        ["certify", points, "--bias", "--width", "8", "--scale", "1e-6", "--out", "-", "--json", "-"],
        ["certify", points, "--bias", "--width", "8", "--scale", "1e-6", "--out", "/no/such/folder/cert.json"],
        ["recheck", str(tmp_path / "none.json")],
        ["recheck", str(tmp_path)],
        ["recheck"],
    ):
        assert run(arguments) == 2, arguments
        captured = capsys.readouterr()
        assert captured.err.count("\n") == 1, captured.err
