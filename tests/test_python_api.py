"""The Python interface of docs/python-api.md: frozen dataclasses with a JSON document."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import pytest

import early_alignment
from early_alignment import Dataset, InputError, Prediction, Verification, plot, predict


@pytest.mark.parametrize("kind", [Dataset, Prediction, Verification])
def test_results_are_frozen_dataclasses_with_a_json_document(kind):
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
    assert callable(kind.to_json)


@pytest.mark.parametrize("result", [Dataset.published("three-points"), predict(Dataset.published("three-points"))])
def test_documents_are_strict_json(result):
    document = result.to_json()
    assert document["schema"] == 1
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_a_prediction_is_drawn_with_its_table(tmp_path) -> None:
    prediction = predict(Dataset.published("three-points"))
    plot(prediction, tmp_path / "circle.svg")
    assert {path.name for path in tmp_path.iterdir()} == {"circle.svg", "circle.csv"}
    with pytest.raises(InputError, match=r"circle\.gif: the name of a figure must end in"):
        plot(prediction, tmp_path / "circle.gif")


def test_every_public_name_can_be_loaded() -> None:
    assert "predict" in early_alignment.__all__
    for name in early_alignment.__all__:
        value = getattr(early_alignment, name)
        assert getattr(value, "__module__", "early_alignment.").startswith(("early_alignment.", "types"))


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    script = "import sys, early_alignment; print(*(set(sys.modules) & {'sympy', 'numpy', 'scipy', 'hypothesis'}))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "\n"
