"""Phase diagrams: what a tile shows, which panels there are, and that pictures hold every tile."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import InputError
from early_alignment.numerics.sweep.grid import GridRun
from early_alignment.numerics.sweep.outcome import ENDS, Outcome, failed
from early_alignment.proofs_check.figures.phase_diagram import Line, check_panels, draw_phase_diagram, tiles_of
from early_alignment.proofs_check.sweep.rows import Row
from early_alignment.proofs_check.sweep.settings import FigureSettings

RUN = GridRun(0, "three", 3, 2, None, "square", "0", "balanced", 4, 1e-3, 0)
FIT, REST = Outcome("fit", True, end_loss=1e-7), Outcome("least squares", True, end_loss=0.1)
SHARE, MEDIAN = FigureSettings(), FigureSettings(show="end_loss")


def row(outcome, **changed):
    return Row(replace(RUN, **changed), outcome)


def test_a_tile_shows_a_share_or_a_median_of_the_resolved_runs():
    rows = [row(FIT, seed=0), row(REST, seed=1), row(REST, seed=2), row(failed("lost"), seed=3)]
    (share,), (median,) = tiles_of(rows, SHARE), tiles_of(rows, MEDIAN)
    assert (share.value, median.value, share.unresolved) == (1 / 3, 0.1, 1)
    (nothing,) = tiles_of([row(failed("lost"))], SHARE)
    assert nothing.value is None


def test_panels_are_the_other_axes_and_seeds_are_counted_together():
    names = ("drawn-n3-d2-s0", "drawn-n3-d2-s1")
    rows = [
        row(FIT, data=names[seed], data_seed=seed, leak=leak, seed=start, width=width)
        for seed, leak, start, width in product((0, 1), ("0", "1/8"), (0, 1, 2), (4, 8))
    ]
    tiles = tiles_of(rows, SHARE)
    assert {tile.panel for tile in tiles} == {(("leak", "0"),), (("leak", "1/8"),)}
    assert [sum(tile.ends.values()) for tile in tiles] == [6] * 4
    over_leaks = tiles_of(rows, FigureSettings(x="leak", y="data_seed"))
    assert {(tile.x, tile.y) for tile in over_leaks} == {(0, 0), (0, 1), (0.125, 0), (0.125, 1)}


def test_axes_that_make_no_sense_are_refused():
    with pytest.raises(InputError, match="both scale"):
        check_panels([RUN], FigureSettings(y="scale"))
    with pytest.raises(InputError, match="random data only"):
        check_panels([RUN], FigureSettings(y="data_seed"))
    many = [replace(RUN, n=n) for n in range(13)]
    with pytest.raises(InputError, match="would have 13 panels"):
        check_panels(many, SHARE)
    check_panels(many, FigureSettings(y="n"))


def test_a_share_has_a_confidence_interval_of_clopper_and_pearson(tmp_path):
    rows = [row(REST, seed=seed) for seed in range(10)] + [row(FIT, seed=seed, width=8) for seed in range(10)]
    rows += [row(FIT if seed < 3 else REST, seed=seed, width=16) for seed in range(10)]
    rows += [row(failed("lost"), seed=seed, width=16) for seed in range(10, 15)] + [row(failed("lost"), width=32)]
    with draw_phase_diagram(rows, SHARE, "a title", tmp_path / "diagram")[-1].open(newline="") as stream:
        never, always, three, none = [(line["low"], line["high"]) for line in csv.DictReader(stream)]
    rare = 1 - 0.025 ** (1 / 10)
    assert list(map(float, never)) == pytest.approx([0, rare])
    assert list(map(float, always)) == pytest.approx([1 - rare, 1])
    low, high = map(float, three)
    assert sum(math.comb(10, k) * low**k * (1 - low) ** (10 - k) for k in range(3, 11)) == pytest.approx(0.025)
    assert sum(math.comb(10, k) * high**k * (1 - high) ** (10 - k) for k in range(4)) == pytest.approx(0.025)
    assert none == ("", "")
    with draw_phase_diagram(rows, MEDIAN, "a title", tmp_path / "diagram")[-1].open(newline="") as stream:
        assert "low" not in next(csv.reader(stream))


@given(st.sets(st.floats(1e-6, 1e6).map(lambda value: float(f"{value:.9g}")), min_size=1, max_size=9))
def test_tiles_meet_and_hold_their_values(values):
    """Of values that a person can tell apart: between neighbouring floats there is no edge."""
    line = Line.of("scale", values)
    ordered = [line.edges[value] for value in sorted(values)]
    assert line.logarithmic == (max(values) >= 10 * min(values))
    for value, (low, high) in line.edges.items():
        assert low < value < high
    assert [high for _, high in ordered[:-1]] == [low for low, _ in ordered[1:]]


@pytest.mark.parametrize("figure", [SHARE, MEDIAN, FigureSettings(x="leak", y="n", title="costs $5 & more")])
def test_the_table_beside_the_pictures_has_every_tile(figure, tmp_path):
    rows = [
        row(FIT if scale > 0.1 else REST, width=width, scale=scale, leak=leak, n=n)
        for width, scale, leak, n in product((4, 8), (1e-3, 1.0), ("0", "1/8"), (3, 4))
    ]
    rows.append(row(failed("lost"), width=16))
    written = draw_phase_diagram(rows, figure, "a title", tmp_path / "diagram")
    assert [path.name for path in written] == ["diagram.png", "diagram.svg", "diagram.csv"]
    with written[-1].open(newline="") as stream:
        table = list(csv.DictReader(stream))
    assert len(table) == len(tiles_of(rows, figure))
    assert sum(int(line["runs"]) for line in table) == len(rows)
    assert all(sum(int(line[end]) for end in ENDS) == int(line["runs"]) for line in table)
    before = [path.read_bytes() for path in written]
    draw_phase_diagram(rows, figure, "a title", tmp_path / "diagram")
    assert [path.read_bytes() for path in written] == before
