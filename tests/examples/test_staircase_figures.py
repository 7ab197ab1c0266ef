"""A curve of a published figure that is named after a predicted state is at that state."""

import csv
import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from early_alignment import Dataset, limit_process

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VISIBLE = 0.011
"""Half of the narrowest line is one point; a picture 4.6 inches high has 331 of them, and shows at most 3.6 (the end of
the non-orthogonal toy, from -1.46 to 1.75, with a margin)."""


@pytest.fixture
def run_example(monkeypatch, tmp_path):
    """Run an example at its reduced size; the marks that it wrote."""
    monkeypatch.syspath_prepend(str(EXAMPLES))

    def run(name):
        monkeypatch.setattr(sys, "argv", [name, "--small", "--out", str(tmp_path)])
        importlib.import_module(name).main()
        with open(tmp_path / f"{name}.csv", newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    yield run
    for name in ("drawing", "staircase", "orthogonal_toy", "non_orthogonal_toy"):
        sys.modules.pop(name, None)


def curves(marks, item):
    """label -> (x, y) of the curves of one kind, in the order drawn."""
    found = {}
    for mark in marks:
        if mark["item"] == item:
            found.setdefault((int(mark["index"]), mark["label"]), []).append((float(mark["x"]), float(mark["y"])))
    return [(label, np.array(points)) for (_, label), points in sorted(found.items())]


def predicted(name, x):
    """The functions of the limit at its second and later saddles and at its end, on inputs x with a bias."""
    limit = limit_process(Dataset.published(name))
    states = {f"saddle {k}": (saddle.a, saddle.w) for k, saddle in enumerate(limit.saddles[1:], 2)}
    states["end"] = (limit.a, limit.w)
    points = np.column_stack([x, np.ones_like(x)])
    return {state: np.clip(points @ w.T, 0.0, None) @ a for state, (a, w) in states.items()}


@pytest.mark.parametrize(
    ("example", "named"),
    [
        ("orthogonal_toy", {"saddle 2", "end"}),
        pytest.param("non_orthogonal_toy", {"saddle 3", "end"}, marks=pytest.mark.slow),
    ],
)
def test_a_curve_named_after_a_state_is_there(run_example, example, named):
    marks = run_example(example)
    drawn = curves(marks, "function")
    states = predicted(example.replace("_", "-"), drawn[0][1][:, 0])
    found = set()
    for label, points in drawn:
        state = re.match(r"saddle \d+|end", label)
        if state:
            found.add(state[0])
            assert np.abs(points[:, 1] - states[state[0]]).max() < VISIBLE, label
        else:
            away, nearest = re.search(r"s = [\d.]+, ([\d.e-]+) from (.+)", label).groups()
            distance = np.abs(points[:, 1] - states[nearest]).max()
            assert distance > VISIBLE, label
            assert float(away) == pytest.approx(distance, rel=0.05)
    assert found == named
    assert len(drawn) == len(states)
    for (_, points), values in zip(curves(marks, "function of the limit"), states.values(), strict=True):
        np.testing.assert_allclose(points[:, 1], values, atol=1e-9)
