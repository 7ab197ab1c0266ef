"""Reading a certificate: JSON with exactly the fields of docs/certificates.md, every number a rational in a text."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

FLOW, EVERY_START = "flow to least squares", "every start to least squares"
EVERY_START_PATH = "every start to least squares by the limit path"
THREE_POINTS = "every start of three points to least squares"
EARLY = "early alignment"
LARGEST_FILE = 16 * 2**20
RATIONAL = re.compile(r"-?[0-9]{1,400}(/[1-9][0-9]{0,399})?")
POINT = (2, 2, Fraction)  # a list: the least and the largest length, and what it holds
FLOW_SHAPE = {
    "schema": int,
    "kind": str,
    "data": {"inputs": (1, 64, POINT), "labels": (1, 64, Fraction)},
    "start": {"neurons": (1, 10_000, (3, 3, Fraction)), "note": str},
    "early": dict.fromkeys(("time", "size", "activation", "death", "tangent"), Fraction),
    "tube": {"left": (1, 5_000, POINT), "right": (1, 5_000, POINT), "tail": int},
    "trap": dict.fromkeys(("mu", "distance", "time"), Fraction),
    "conclusion": {"limit": POINT, "outputs": (1, 64, Fraction), "loss": Fraction},
}
ROW = (1, 64, Fraction)
CONSTANTS = (
    "zeta",
    "xi",
    "size",
    "activation",
    "death",
    "turning",
    "tangent",
    "mu",
    "largest",
    "radius",
    "drift",
    "slope",
    "q0",
    "q1",
    "path",
    "eta",
    "epsilon",
    "exponent",
)
EVERY_START_SHAPE = {
    "schema": int,
    "kind": str,
    "data": {"inputs": (1, 64, ROW), "labels": ROW},
    "start": {"bound": Fraction, "delta": Fraction},
    "cone": {"normals": (1, 64, ROW), "multipliers": (1, 64, ROW)},
    "constants": dict.fromkeys(CONSTANTS, Fraction),
    "conclusion": {"limit": ROW, "outputs": ROW, "loss": Fraction},
}
THREE_POINTS_CONSTANTS = (
    "zeta",
    "size",
    "activation",
    "tangent",
    "mu",
    "largest",
    "slope",
    "q0",
    "few",
    "gap",
    "level",
    "share",
    "q1",
    "stage",
    "mass",
    "growth",
    "radius",
    "drift",
    "path",
    "eta",
    "epsilon",
    "exponent",
)
THREE_POINTS_SHAPE = {
    **EVERY_START_SHAPE,
    "start": {"bound": Fraction},
    "constants": dict.fromkeys(THREE_POINTS_CONSTANTS, Fraction),
}
PATH_CONSTANTS = (
    "zeta",
    "xi",
    "size",
    "activation",
    "death",
    "turning",
    "mu",
    "largest",
    "tangent",
    "entry",
    "epsilon",
    "growth",
    "eta",
    "length",
    "least",
    "distance",
    "exponent",
)
PATH_SHAPE = {
    "schema": int,
    "kind": str,
    "data": {"inputs": (1, 64, ROW), "labels": ROW},
    "start": {"bound": Fraction, "delta": Fraction},
    "path": {"points": (3, 4_001, ROW), "radii": (2, 2_001, Fraction), "rates": (1, 2_000, Fraction)},
    "constants": dict.fromkeys(PATH_CONSTANTS, Fraction),
    "conclusion": {"limit": ROW, "outputs": ROW, "loss": Fraction},
}
FATE = {
    "fate": str,
    "reason": str,
    "events": (0, 100, (3, 3, Fraction)),
    **dict.fromkeys(("tangent", "first", "second"), Fraction),
}
EARLY_SHAPE = {
    "schema": int,
    "kind": str,
    "data": {"inputs": (1, 64, ROW), "labels": ROW, "loss": str, "leak": Fraction},
    "start": {"neurons": (1, 10_000, (2, 65, Fraction)), "box": Fraction, "note": str},
    "phase": dict.fromkeys(("epsilon", "exponent", "time", "deviation", "final", "norm", "growth"), Fraction),
    "fates": (1, 10_000, FATE),
}
SHAPES = {
    FLOW: FLOW_SHAPE,
    EVERY_START: EVERY_START_SHAPE,
    THREE_POINTS: THREE_POINTS_SHAPE,
    EVERY_START_PATH: PATH_SHAPE,
    EARLY: EARLY_SHAPE,
}
WORDS = {Fraction: "a text such as '-3/4', at most 400 digits over 400", int: "an integer", str: "a text"}


class NotACertificate(ValueError):
    """The text is not a certificate at all; the message is one sentence."""


def parse(text: str) -> dict[str, Any]:
    """The fields of the file, every number a Fraction or an int, every list a tuple; raises NotACertificate."""
    _demand(len(text) <= LARGEST_FILE, f"the file is larger than {LARGEST_FILE // 2**20} MiB, the most that is read")
    try:
        tree = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise NotACertificate(f"the file is not the JSON of a certificate ({error})") from None
    kind = tree.get("kind", FLOW) if isinstance(tree, dict) else FLOW
    _demand(isinstance(kind, str) and kind in SHAPES, f"the kind must be one of {', '.join(map(repr, SHAPES))}")
    fields: dict[str, Any] = _read("the certificate", tree, SHAPES[kind])
    _demand(fields["schema"] == 1, "the schema is not 1, the one that is read here")
    n = len(fields["data"]["inputs"])
    _demand(n == len(fields["data"]["labels"]), f"{n} inputs need {n} labels")
    if kind == EARLY:
        width = len(fields["start"]["neurons"])
        _demand(width == len(fields["fates"]), f"{width} neurons need {width} fates")
        return fields
    _demand(n == len(fields["conclusion"]["outputs"]), f"{n} inputs need {n} labels")
    if kind == FLOW:
        tube = fields["tube"]
        _demand(len(tube["left"]) == len(tube["right"]), "tube.left and tube.right must hold equally many points")
    elif kind in (EVERY_START, THREE_POINTS):
        _demand(len(fields["cone"]["multipliers"]) == n, f"{n} inputs need {n} rows of cone.multipliers")
    else:
        path, d = fields["path"], len(fields["data"]["inputs"][0])
        segments = len(path["rates"])
        fits = len(path["points"]) == 2 * segments + 1 and len(path["radii"]) == segments + 1
        _demand(fits, f"{segments} path.rates need {2 * segments + 1} path.points and {segments + 1} path.radii")
        _demand(all(len(point) == d for point in path["points"]), f"path.points must be lists of {d}, as the inputs")
    return fields


def _demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise NotACertificate(sentence)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _demand(len(dict(pairs)) == len(pairs), "a field occurs twice in an object")
    return dict(pairs)


def _read(name: str, value: Any, shape: Any) -> Any:
    if isinstance(shape, dict):
        known = isinstance(value, dict) and value.keys() == shape.keys()
        _demand(known, f"{name} must be an object with the fields {', '.join(shape)} and no others")
        return {key: _read(key, value[key], shape[key]) for key in shape}
    if isinstance(shape, tuple):
        least, most, inner = shape
        _demand(isinstance(value, list) and least <= len(value) <= most, f"{name} must be a list of {least} to {most}")
        return tuple(_read(name, entry, inner) for entry in value)
    rational = shape is Fraction and isinstance(value, str) and RATIONAL.fullmatch(value)
    _demand(bool(rational) or type(value) is shape, f"{name} must be {WORDS[shape]}")
    return Fraction(value) if rational else value
