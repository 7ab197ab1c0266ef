"""The second checker of enclosures of the limit path: accepts what is true, rejects each kind of tampering."""

from dataclasses import replace
from fractions import Fraction

import pytest

from early_alignment import Dataset
from early_alignment.numerics.certify.one_start.limit_path import DataBox, enclose_path, problem_in_box
from early_alignment.proofs_check.kinds.rechecks import PathStaysInCone
from early_alignment.proofs_check.measure.spurious.path import t_box


def recheck_of(box):
    found = enclose_path(problem_in_box(box))
    return PathStaysInCone(box.inputs, box.labels, found.left, found.right, Fraction(found.cosine) * Fraction(99, 100))


@pytest.fixture(scope="module")
def published():
    return recheck_of(DataBox.around(Dataset.published("three-points"), Fraction(0), 1))


def test_enclosures_of_the_prover_are_accepted(published):
    assert published.fault() == ""
    assert recheck_of(t_box(Fraction(1, 30))).fault() == ""


def moved(point, by):
    return (point[0] + by[0], point[1] + by[1])


def tampered(item, name):
    left, right = list(item.left), list(item.right)
    wide = tuple((low - Fraction(1, 2), high + Fraction(1, 2)) for low, high in item.labels)
    changes = {
        "a larger cosine": {"cosine": item.cosine * 2},
        "labels anywhere": {"labels": wide},
        "no end": {"left": item.left[:-3], "right": item.right[:-3]},
        "sides exchanged": {"left": item.right, "right": item.left},
        "a cell left out of order": {"left": tuple(left[1::-1] + left[2:]), "right": tuple(right[1::-1] + right[2:])},
        "one edge too narrow": {"left": (*left[:4], _towards(left[4], right[4]), *left[5:])},
        "no cells": {"left": (), "right": ()},
        "the first cell beside b": {"left": (right[0], *left[1:]), "right": (moved(right[0], (1, 0)), *right[1:])},
        "a label for each point, but one": {"labels": item.labels[:-1]},
    }
    return replace(item, **changes[name])


def _towards(a, b):
    return tuple(p + (q - p) * Fraction(9, 10) for p, q in zip(a, b, strict=True))


NAMES = (
    "a larger cosine",
    "labels anywhere",
    "no end",
    "sides exchanged",
    "a cell left out of order",
    "one edge too narrow",
    "no cells",
    "the first cell beside b",
    "a label for each point, but one",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_tampered_enclosure_is_rejected(name, published):
    assert tampered(published, name).fault()


def test_floats_are_refused(published):
    with pytest.raises(TypeError, match="no floats"):
        replace(published, cosine=0.5).fault()
