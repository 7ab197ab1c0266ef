"""`predict`, `simulate` and `certify` read the columns that are named, and report how they read a file."""

import json

import pytest

from early_alignment.proofs_check.commands.application import run

SWAPPED = "y,comment,x\n11/10,first,-3/4\n1/10,second,-1/2\n4/5,third,1/8\n"
CHOSEN = ["--bias", "--label", "y", "--features", "x"]
START = ["--width", "8", "--scale", "1e-3"]
COMMANDS = {
    "predict": START,
    "simulate": [*START, "--time", "3"],
    "certify": [*START, "--out", "cert.json"],
}
VOLATILE = ("seconds", "columns")


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "swapped.csv").write_text(SWAPPED)
    assert run(["data", "three-points", "--out", "three.csv"]) == 0


def document(command, *arguments):
    assert run([command, *arguments, *COMMANDS[command], "--json", "found.json"]) == 0
    with open("found.json", encoding="utf-8") as stream:
        return json.load(stream)


@pytest.mark.parametrize("command", COMMANDS)
def test_named_columns_give_the_result_of_the_usual_order(command, capsys):
    usual = document(command, "three.csv", "--bias")
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "input x; label y; bias appended" in captured.out
    chosen = document(command, "swapped.csv", *CHOSEN)
    assert {key: value for key, value in chosen.items() if key not in VOLATILE} == {
        key: value for key, value in usual.items() if key not in VOLATILE
    }
    assert usual["columns"] == {"inputs": ["x"], "label": "y", "bias": True, "unused": [], "warnings": []}
    assert chosen["columns"] == usual["columns"] | {"unused": ["comment"]}
    assert "input x; label y; bias appended; not used: comment" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_names_are_refused_with_the_nearest(command, capsys):
    for options, words in (
        (["--label", "yy"], "nearest is 'y'"),
        (["--label", "y", "--features", "coment"], "nearest is 'comment'"),
        (["--features", "x,,y"], "not a list of column names"),
    ):
        assert run([command, "swapped.csv", "--bias", *options, *COMMANDS[command]]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert len(captured.err.splitlines()) == 1
        assert words in captured.err


def test_every_warning_is_a_line_on_standard_error(tmp_path, capsys):
    (tmp_path / "odd.csv").write_text("id,c,x,y\n1,2,1/2,5\n2,2,1/3,7\n3,2,1/3,9\n")
    assert run(["predict", "odd.csv", "--bias", "--json", "-"]) == 0
    captured = capsys.readouterr()
    warnings = json.loads(captured.out)["columns"]["warnings"]
    assert len(warnings) == 2
    lines = captured.err.splitlines()
    assert len(lines) == len(warnings)
    for line, warning in zip(lines, warnings, strict=True):
        assert "warning: odd.csv" in line
        assert line.endswith(warning)


def test_a_resumed_run_keeps_its_columns(capsys):
    simulate = ["simulate", "swapped.csv", *CHOSEN, *START, "--time", "3", "--out", "run"]
    assert run(simulate) == 0
    with open("run/run.json", encoding="utf-8") as stream:
        columns = json.load(stream)["columns"]
    assert (columns["inputs"], columns["label"], columns["unused"]) == (["x"], "y", ["comment"])
    capsys.readouterr()
    for options in (["--label", "x"], ["--features", "comment"]):
        assert run(["simulate", "--resume", "run", *options]) == 2
        assert options[0] in capsys.readouterr().err
    for options in ([], ["--label", "y", "--features", "x"]):  # the run has ended, and the message says so
        assert run(["simulate", "--resume", "run", *options]) == 2
        assert "has ended" in capsys.readouterr().err
