"""Specifications of sweeps: what they spread out into, and what is refused, with the name of the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from early_alignment import InputError
from early_alignment.proofs_check.sweep.specification import read_specification

GOOD = """
[grid]
widths = [4, 8]
scales = [1e-3, 0.1]
[run]
time = 10
[[data]]
published = "three-points"
"""
EXAMPLE = Path(__file__).parents[3] / "examples" / "two_edged.toml"


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / "spec.toml").write_text(text)
        return read_specification(str(tmp_path / "spec.toml"))

    return read


def test_every_combination_is_one_run_and_the_seeds_vary_fastest(read):
    text = GOOD.replace(
        "[run]", 'seeds = { from = 3, count = 2 }\nleaks = [0, 0.1, "1/3"]\nstarts = ["dominated"]\n[run]'
    )
    runs = read(text).runs
    assert len(runs) == 2 * 2 * 2 * 3
    assert [run.number for run in runs] == list(range(24))
    assert [(run.width, run.scale, run.seed, run.leak) for run in runs[:3]] == [
        (4, 1e-3, 3, "0"), (4, 1e-3, 4, "0"), (4, 0.1, 3, "0"),
    ]  # fmt: skip
    assert {run.leak for run in runs} == {"0", "0.1", "1/3"}  # a decimal is read exactly
    assert {run.start for run in runs} == {"dominated"}


def test_ranges_have_equal_ratios(read):
    grid = read(
        GOOD.replace("[4, 8]", "{ from = 2, to = 32, count = 5 }").replace(
            "[1e-3, 0.1]", "{ from = 1e-3, to = 10, count = 3 }"
        )
    ).settings.grid
    assert grid.widths == (2, 4, 8, 16, 32)
    assert grid.scales == (1e-3, 0.1, 10.0)


def test_random_data_are_spread_out_over_sizes_and_seeds(read):
    text = GOOD + '[[data]]\nname = "drawn"\nrandom = { points = [5, 6], dimensions = [2, 3], seeds = [0, 7] }\n'
    specification = read(text)
    assert list(specification.sources) == [
        "three-points", *(f"drawn-n{n}-d{d}-s{s}" for n in (5, 6) for d in (2, 3) for s in (0, 7)),
    ]  # fmt: skip
    assert {(run.n, run.d, run.data_seed) for run in specification.runs if run.data == "drawn-n6-d3-s7"} == {(6, 3, 7)}


def test_files_are_found_beside_the_specification(read, tmp_path):
    (tmp_path / "mine.csv").write_text("u,v,label\n1,9,0.5\n2,9,1\n")
    source = read(GOOD + '[[data]]\nfile = "mine.csv"\nbias = true\nfeatures = ["u"]\n').sources["mine"]
    assert source.table == b"x1,x2,y\n1,1,0.5\n2,1,1\n"


def test_titles_and_figures_decide_no_result_but_data_do(read, tmp_path):
    text = GOOD.replace('published = "three-points"', 'file = "mine.csv"')
    (tmp_path / "mine.csv").write_text("x,y\n1,1\n")
    before = read(text).to_json()
    assert read(text + '[figure]\nshow = "norm"\ntitle = "another"\n').to_json() == before
    (tmp_path / "mine.csv").write_text("x,y\n1,2\n")
    assert read(text).to_json() != before


def test_the_example_is_the_diagram_of_width_and_scale():
    specification = read_specification(str(EXAMPLE))
    assert len(specification.runs) == 8 * 13 * 6
    assert (specification.settings.figure.x, specification.settings.figure.y) == ("scale", "width")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("widths = [4, 8]", "", "grid.widths is missing"),
        ("widths", "width", "there is no setting grid.width; the nearest is widths"),
        ("[grid]", "[other]\nx = 1\n[grid]", "there is no setting other; there are grid, run, data, figure"),
        ("widths = [4, 8]", "widths = 4", r"grid.widths: 4 is not a list; write \[4\]"),
        ("widths = [4, 8]", "widths = []", "grid.widths: the list is empty"),
        ("widths = [4, 8]", "widths = [4, 4]", "grid.widths: 4 occurs twice"),
        ("widths = [4, 8]", "widths = [4, 0]", "grid.widths, entry 2: it is 0; it must be between 1 and"),
        ("widths = [4, 8]", "widths = [true]", "grid.widths, entry 1: input should be a valid integer"),
        ("widths = [4, 8]", 'widths = ["4"]', "grid.widths, entry 1: input should be a valid integer"),
        ("widths = [4, 8]", "widths = [4.5]", "grid.widths, entry 1: input should be a valid integer"),
        ("[1e-3, 0.1]", "{ from = 0, to = 1, count = 3 }", "grid.scales: a range of equal ratios must go from a pos"),
        ("[1e-3, 0.1]", "{ from = 1, to = 2 }", "grid.scales: a range is { from = .., to = .., count = .. }, and this"),
        ("[1e-3, 0.1]", "{ from = 1, to = 2, count = 1 }", "count of a range must be an integer from 2"),
        ("[1e-3, 0.1]", "[-1.0]", "grid.scales, entry 1: the scale is -1; it must be positive"),
        ("[1e-3, 0.1]", "[nan]", "grid.scales, entry 1: it must be a finite number"),
        ("[1e-3, 0.1]", '["small"]', "grid.scales, entry 1: 'small' is not a number"),
        ("[run]", "seeds = [-1]\n[run]", "grid.seeds, entry 1: it is -1; it must be 0 or larger"),
        ("[run]", "leaks = [1]\n[run]", "grid.leaks, entry 1: the leak is 1; it must be at least 0 and less than 1"),
        ("[run]", 'starts = ["big"]\n[run]', "grid.starts, entry 1: 'big' is none of balanced, dominated, unbalanced"),
        ("time = 10", "time = -1", "run.time: it is -1; it must be positive"),
        ("time = 10", "time = 10\ntolerance = 1", "the tolerance is 1; it must be between"),
        ("time = 10", 'time = 10\nloss = "hinge"', "run.loss: 'hinge' is none of square, logistic, exponential"),
        ("time = 10", 'time = 10\nloss = "logistic"', "data, entry 1: labels, row 1"),
        ("time = 10", 'time = 10\nmethod = "adam"', "run.method: input should be 'flow' or 'descent'"),
        ("time = 10", 'time = 10\nmethod = "descent"', "run.step is missing"),
        ("time = 10", "time = 10\nstep = 0.1", "run.step is for method"),
        ("time = 10", 'time = 10\nmethod = "descent"\nstep = 3', "not a whole number of steps"),
        ("[run]", "[[run]]", "run must be a table"),
        ('"three-points"', '"three-point"', "data, entry 1: there is no published data set named 'three-point'"),
        ('published = "three-points"', 'file = "none.csv"', "data, entry 1: "),
        ('published = "three-points"', "", "data, entry 1: one of published, file and random must be given"),
        ('"three-points"', '"three-points"\nfile = "a.csv"', "and here is published and file"),
        ('"three-points"', '"three-points"\nbias = true', "data, entry 1: bias is for a file"),
        ('"three-points"', '"three-points"\nname = "../a"', "data, entry 1: the name '../a' must consist of"),
        (
            '"three-points"',
            '"three-points"\n[[data]]\npublished = "three-points"',
            "entry 2: the name three-points occ",
        ),
        ('published = "three-points"', "random = { points = [5] }", "data, entry 1.random.dimensions is missing"),
        ('"three-points"', '"three-points"\n[figure]\nx = "loss"', "figure.x: 'loss' is none of scale, width"),
        ('"three-points"', '"three-points"\n[figure]\nshow = "loss"', "figure.show: 'loss' is none of fit, origin"),
        ("[grid]", "[grid", "is not TOML"),
    ],
)
def test_a_faulty_specification_is_refused_with_the_name_of_the_setting(old, new, words, read):
    assert old in GOOD
    with pytest.raises(InputError, match=words) as refused:
        read(GOOD.replace(old, new))
    assert "spec.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_grid_that_is_too_large_is_refused(read):
    with pytest.raises(InputError, match="the grid has 3600000 runs; at most 1000000 are taken"):
        read(
            GOOD.replace("[4, 8]", "{ from = 1, to = 1e7, count = 200 }").replace(
                "[run]", "seeds = { from = 0, count = 10000 }\n[run]"
            )
        )
