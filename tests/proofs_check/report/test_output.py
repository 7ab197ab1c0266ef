"""Files are written whole or not at all."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from early_alignment import InputError
from early_alignment.proofs_check.claim.results import json_number
from early_alignment.proofs_check.report.output import (
    check_writable,
    write_atomically,
    write_json,
    write_text_atomically,
    write_together,
)


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "results.json"
    target.write_text("old")

    def half(stream):
        stream.write(b"ne")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="no space left on device"):
        write_atomically(target, half)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_mode_and_a_link_are_kept(tmp_path):
    target, link = tmp_path / "a.txt", tmp_path / "link.txt"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_text_atomically(link, "new √")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new √"
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("place", ["/dev/full", "/no/such/folder/x.json", "."])
def test_an_unwritable_file_is_reported_in_one_sentence(place):
    with pytest.raises(InputError) as raised:
        write_text_atomically(place, "x" * 10_000)
    assert "\n" not in str(raised.value)
    assert place in str(raised.value)


@pytest.mark.parametrize("place", ["/no/such/folder/x.json", "."])
def test_unwritable_places_are_refused_before_the_computation(place):
    with pytest.raises(InputError, match="cannot write"):
        check_writable(place)


def test_writable_places_are_accepted(tmp_path):
    check_writable("-")
    check_writable(tmp_path / "new.json")
    assert list(tmp_path.iterdir()) == []


def test_json_goes_to_a_file_or_to_standard_output(tmp_path, capsys):
    write_json(tmp_path / "a.json", {"x": json_number(math.nan), "y": json_number(0.5)})
    write_json("-", {"x": 1})
    assert json.loads(Path(tmp_path / "a.json").read_text()) == {"x": None, "y": 0.5}
    assert json.loads(capsys.readouterr().out) == {"x": 1}
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "b.json", {"x": math.nan})
    assert not (tmp_path / "b.json").exists()


def test_files_that_belong_together_are_written_together_or_not_at_all(tmp_path):
    table, figure, folder = tmp_path / "f.csv", tmp_path / "f.png", tmp_path / "folder"
    write_together({table: b"old", figure: b"old"})
    assert (table.read_bytes(), figure.read_bytes()) == (b"old", b"old")
    folder.mkdir()
    for place in (folder, tmp_path / "no" / "such.png"):
        with pytest.raises(InputError, match="cannot write"):
            write_together({table: b"new", place: b"new"})
    assert table.read_bytes() == b"old"
    assert set(tmp_path.iterdir()) == {table, figure, folder}
