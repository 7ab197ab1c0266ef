"""What the commands say where the extremal vectors are too many to list or to find."""

import json
from pathlib import Path

import pytest

from early_alignment.proofs_check.commands import simulate
from early_alignment.proofs_check.commands.application import run

DATA = Path(__file__).parents[2] / "data"


def test_predict_counts_the_vectors_of_orthogonal_points_and_lists_the_attracting_ones(capsys):
    assert run(["predict", str(DATA / "orthogonal_n20.csv")]) == 0
    shown = capsys.readouterr().out
    assert "2 extremal vectors (of 2046:" in shown
    assert shown.count(", attracting,") == 2
    assert "--all lists them" in shown


def test_predict_lists_all_of_them_on_request(tmp_path, capsys):
    rows = [[*("1" if i == j else "0" for j in range(7)), "1"] for i in range(7)]
    (tmp_path / "seven.csv").write_text("\n".join(map(",".join, [[*"abcdefg", "y"], *rows])))
    for options, listed in (([], 1), (["--all"], 127)):
        assert run(["predict", str(tmp_path / "seven.csv"), "--json", "-", *options]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (len(found["extremal"]), found["count"], found["complete"]) == (listed, 127, listed == 127)


def test_the_flow_does_not_wait_for_a_list_that_cannot_be_found(monkeypatch, capsys):
    monkeypatch.setattr(simulate, "SECONDS_FOR_VECTORS", 0.3)
    start = ["--width", "20", "--scale", "1e-3"]
    assert run(["simulate", str(DATA / "gaussian_n30_d10.csv"), *start, "--time", "0.01"]) == 0
    captured = capsys.readouterr()
    assert "simulated to time 0.01" in captured.out
    assert "not all extremal vectors were found in 0.3 s" in captured.err


def test_predict_answers_for_the_start_where_the_search_is_too_long(capsys):
    command = ["predict", str(DATA / "gaussian_n30_d10.csv"), "--enumerate", "0.2", "--width", "30", "--scale", "1e-3"]
    assert run(command) == 0
    shown = capsys.readouterr().out
    assert "possibly not all: the search ended before it was complete" in shown
    assert "D_max from" in shown
    assert "fates under the frozen flow" in shown
    assert "undecided" not in shown
    assert run([*command, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert not found["complete"]
    assert found["count"] is None
    assert found["d_max"] < found["d_max_bound"] < 2 * found["d_max"]
    assert sum(group["count"] for group in found["neurons"]["counts"]) == 30


@pytest.mark.parametrize("seconds", ["0", "-1", "nan"])
def test_impossible_time_limits_are_refused(seconds, capsys):
    assert run(["predict", str(DATA / "gaussian_n30_d10.csv"), "--enumerate", seconds]) == 2
    assert "must be a positive number of seconds" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_on_correlated_points_takes_as_long_as_its_flow(capsys):
    start = ["--start", str(DATA / "correlated_n10_d10_start.csv")]
    assert run(["simulate", str(DATA / "correlated_n10_d10.csv"), *start, "--time", "60"]) == 0
    captured = capsys.readouterr()
    assert "not all extremal vectors" not in captured.err
    assert "simulated to time 60" in captured.out
