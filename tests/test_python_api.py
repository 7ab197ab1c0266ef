"""The Python interface of docs/python-api.md: frozen dataclasses with a JSON document."""

from __future__ import annotations

import dataclasses
import json

import pytest

from early_alignment.numerics import Dataset, Prediction, predict
from early_alignment.proofs_check import Verification


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
