"""`proofs-check predict --basins`: the table, the JSON, and what is refused."""

import json

from early_alignment.proofs_check.commands.application import run


def test_the_table_and_the_json(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["data", "three-points", "--out", "points.csv"]) == 0
    capsys.readouterr()
    assert run(["predict", "points.csv", "--bias", "--basins"]) == 0
    lines = capsys.readouterr().out.splitlines()[-3:]
    assert [line.split()[-1] for line in lines] == ["0", "3.05797", "unbounded"]
    assert "to [0] at 111.18" in lines[1]
    assert run(["predict", "points.csv", "--bias", "--basins", "--json", "-"]) == 0
    dead, aligned, other = json.loads(capsys.readouterr().out)["basins"]
    assert (dead["fate"], aligned["fate"], other["sign"]) == ("dead", "extremal", -1)
    assert (aligned["first"], aligned["last"]) == (["1", "-0.125"], ["-1", "-0.75"])
    assert (aligned["drift"], aligned["extremal"]) == (["-31/120", "2/3"], 0)
    assert (dead["direction"], other["latest"]) == (None, None)
    assert other["degrees"][1] - other["degrees"][0] == 360


def test_other_dimensions_are_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "space.csv").write_text("x1,x2,x3,y\n1,2,3,1\n")
    assert run(["predict", "space.csv", "--basins"]) == 2
    assert "the plane only" in capsys.readouterr().err
