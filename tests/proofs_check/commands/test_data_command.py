"""`proofs-check data`: what is listed, what is written, and what is refused."""

import json
import re

import pytest

from early_alignment import PUBLISHED, Dataset
from early_alignment.numerics.data.published import published_text
from early_alignment.proofs_check.commands.application import run


def test_the_list_names_every_data_set_with_its_size(capsys):
    assert run(["data"]) == 0
    printed = capsys.readouterr().out
    for name in PUBLISHED:
        data = Dataset.published(name)
        assert re.search(rf"^{name} +{data.n} +{data.d} ", printed, re.MULTILINE)


def test_the_list_as_json(capsys):
    assert run(["data", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == 1
    assert [entry["name"] for entry in document["data"]] == list(PUBLISHED)
    assert all(set(entry) == {"name", "n", "d", "source", "notes"} for entry in document["data"])


@pytest.mark.parametrize("name", PUBLISHED)
def test_data_writes_the_file_that_ships(name, capsys, tmp_path):
    assert run(["data", name]) == 0
    assert capsys.readouterr().out == published_text(name)
    target = tmp_path / "out.csv"
    assert run(["data", name, "--out", str(target)]) == 0
    assert target.read_text() == published_text(name)
    assert Dataset.from_csv(target, bias=True).inputs == Dataset.published(name).inputs


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["three_points"], "the nearest is three-points"),
        (["three-points", "--out", "no/such/folder/f.csv"], "cannot write"),
        (["three-points", "--json", "-"], "--out FILE"),
        (["--out", "f.csv"], "needs the NAME"),
    ],
)
def test_refusals_are_one_sentence(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["data", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
