"""Reading a certificate: JSON with exactly the fields of docs/certificates.md, every number a rational in a text."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

from .plane import Point

KIND = "flow to least squares"
LARGEST_FILE = 16 * 2**20
MOST = {"inputs": 64, "neurons": 10_000, "left": 5_000}
RATIONAL = re.compile(r"-?[0-9]{1,400}(/[1-9][0-9]{0,399})?")
FIELDS = {
    "": ("schema", "kind", "data", "start", "early", "tube", "trap", "conclusion"),
    "data": ("inputs", "labels"),
    "start": ("neurons", "note"),
    "early": ("time", "size", "activation", "death", "tangent"),
    "tube": ("left", "right", "tail"),
    "trap": ("mu", "distance", "time"),
    "conclusion": ("limit", "outputs", "loss"),
}


class NotACertificate(ValueError):
    """The text is not a certificate at all; the message is one sentence."""


def parse(text: str) -> dict[str, Any]:
    """The fields of the file, every number a Fraction or an int; raises NotACertificate."""
    if len(text) > LARGEST_FILE:
        raise NotACertificate(f"the file is larger than {LARGEST_FILE // 2**20} MiB, the most that is read")
    try:
        tree = json.loads(text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except RecursionError:
        raise NotACertificate("the file is nested too deeply to be a certificate") from None
    except json.JSONDecodeError as error:
        raise NotACertificate(f"the file is not JSON ({error.msg}, line {error.lineno})") from None
    except ValueError as error:
        raise NotACertificate(str(error)) from None
    fields = _record("", tree)
    if _integer("schema", fields["schema"]) != 1:
        raise NotACertificate(f"the schema is {fields['schema']}; this checker reads schema 1")
    if fields["kind"] != KIND:
        raise NotACertificate(f"the kind must be {KIND!r}")
    for name in ("data", "start", "early", "tube", "trap", "conclusion"):
        fields[name] = _record(name, fields[name])
    if not isinstance(fields["start"]["note"], str):
        raise NotACertificate("start.note must be a text")
    data, start, tube, end = fields["data"], fields["start"], fields["tube"], fields["conclusion"]
    data["inputs"] = _rows("data.inputs", data["inputs"], 2, MOST["inputs"])
    data["labels"] = _row("data.labels", data["labels"], len(data["inputs"]))
    start["neurons"] = _rows("start.neurons", start["neurons"], 3, MOST["neurons"])
    tube["left"] = _rows("tube.left", tube["left"], 2, MOST["left"])
    tube["right"] = _rows("tube.right", tube["right"], 2, MOST["left"])
    if len(tube["right"]) != len(tube["left"]):
        raise NotACertificate("tube.left and tube.right must hold equally many points")
    tube["tail"] = _integer("tube.tail", tube["tail"])
    end["limit"] = _row("conclusion.limit", end["limit"], 2)
    end["outputs"] = _row("conclusion.outputs", end["outputs"], len(data["inputs"]))
    end["loss"] = _rational("conclusion.loss", end["loss"])
    for name in ("early", "trap"):
        fields[name] = {key: _rational(f"{name}.{key}", value) for key, value in fields[name].items()}
    return fields


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field occurs twice in the file; each must occur once")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"the number {text[:20]} stands in the file; numbers are texts such as '-3/4'")


def _record(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(FIELDS[name]):
        where = name or "the certificate"
        raise NotACertificate(f"{where} must be an object with the fields {', '.join(FIELDS[name])} and no others")
    return dict(value)


def _integer(name: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 10**6:
        raise NotACertificate(f"{name} must be an integer from 0 to 1000000")
    return value


def _rational(name: str, value: Any) -> Fraction:
    if not isinstance(value, str) or not RATIONAL.fullmatch(value):
        raise NotACertificate(f"{name} must be the text of a rational such as '-3/4', at most 400 digits over 400")
    return Fraction(value)


def _row(name: str, value: Any, length: int) -> Point:
    if not isinstance(value, list) or len(value) != length:
        raise NotACertificate(f"{name} must be a list of {length} rationals")
    return tuple(_rational(name, entry) for entry in value)


def _rows(name: str, value: Any, length: int, most: int) -> tuple[Point, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise NotACertificate(f"{name} must be a list of 1 to {most} rows")
    return tuple(_row(name, entry, length) for entry in value)
