"""`proofs-check predict --published`: the table, the JSON, and what is refused."""

import json
import math

import pytest

from early_alignment.proofs_check.commands.application import run


@pytest.fixture
def points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("three-points", "orthogonal-toy"):
        assert run(["data", name, "--out", f"{name}.csv"]) == 0
    return "three-points.csv"


def document(arguments, capsys):
    capsys.readouterr()
    assert run(["predict", *arguments, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_table_on_the_three_points(points, capsys):
    """Constants and their places, in this order, each with the number of theory.md 8.1."""
    assert run(["predict", points, "--bias", "--published", "--width", "40", "--scale", "1e-3"]) == 0
    text = capsys.readouterr().out
    table = text[text.index("Theorem 1 of Boursier and Flammarion") :]
    places = {
        "0.268742": "(22), page 37",
        "0.714969": "page 7",
        "0.72869": "(22) to (24), page 37",
        "0.629476": "(20), page 36",
        "0.0139787": "(21), page 37",
        "1.49315": "page 7",
        "74.5745": "page 47",
        "10^24.19": "(36), page 48",
        "10^-96.13": "(36)",
        "10^-92.62": "page 47",
        "3.05797": "lambda = 0.000159",
    }
    rest = table
    for number, place in places.items():
        line = next(line for line in rest.splitlines() if f" {number} " in line)
        assert line.endswith(place)
        rest = rest[rest.index(line) + len(line) :]
    assert "all directions, a < 0: no neuron satisfies Condition 1" in rest
    assert "18 of 40 neurons of the start" in rest
    assert "not covered" not in table


def test_the_json(points, capsys):
    assert document([points, "--bias"], capsys)["published"] is None
    found = document([points, "--bias", "--published", "--epsilon", "0.1", "--alpha", "0.5"], capsys)["published"]
    assert (found["alpha_0"], found["epsilon"], found["patterns"], found["unmet"]) == (0.5, 0.1, 13, [])
    assert [arrival["sign"] for arrival in found["arrivals"]] == [1, -1]
    for arrival in found["arrivals"]:
        tau = -0.1 * arrival["log10_scale"] * math.log(10) / found["d_max"]
        assert tau == pytest.approx(arrival["latest_time"])
        assert (arrival["of"], arrival["undecided"], arrival["neurons"]) == ("directions", 0, None)


def test_infinite_values_are_null_and_said_to_be_so(points, capsys):
    found = document(["orthogonal-toy.csv", "--bias", "--published"], capsys)["published"]
    assert (found["alpha_min"], found["delta_0"], found["lambda_star"]) == (0, 0, 0)
    for name in ("t_2", "log10_constant", "log10_vacuous_scale", "log10_repaired_scale"):
        assert found[name] is None
    assert run(["predict", "orthogonal-toy.csv", "--bias", "--published"]) == 0
    assert "not covered: Lemma 2 fails" in capsys.readouterr().out


def test_arrivals_in_space_are_those_of_the_start(points, capsys, tmp_path):
    (tmp_path / "space.csv").write_text("u,v,y\n1,2,1\n-1,3/2,2\n2,-1,1\n-2,-1,-1\n")
    assert document(["space.csv", "--bias", "--published"], capsys)["published"]["arrivals"] == []
    assert run(["predict", "space.csv", "--bias", "--published"]) == 0
    assert "in the plane only; give a start" in capsys.readouterr().out
    start = ["--width", "20", "--scale", "1e-4"]
    (arrival,) = document(["space.csv", "--bias", "--published", *start], capsys)["published"]["arrivals"]
    assert (arrival["of"], arrival["sign"]) == ("start", None)
    assert 0 < arrival["neurons"] <= 20


def test_what_is_refused(points, capsys, tmp_path):
    rows = "".join(f"{k * k % 151}.5,{k**3 % 149},{k**5 % 157},1\n" for k in range(1, 150))
    (tmp_path / "many.csv").write_text("u,v,w,y\n" + rows)
    capsys.readouterr()
    for arguments, words in (
        ([points, "--alpha", "0.5"], "--alpha belongs to the published theorem and needs --published too"),
        ([points, "--published", "--alpha", "2"], "alpha is 2; Condition 1 of the published theorem needs"),
        ([points, "--published", "--epsilon", "0.5"], "epsilon is 0.5; the published theorem needs 0 < epsilon < 1/3"),
        (["many.csv", "--published"], "149 points in dimension 3 can have"),
    ):
        assert run(["predict", *arguments]) == 2
        message = capsys.readouterr().err
        assert words in message
        assert message.count("\n") == 1
