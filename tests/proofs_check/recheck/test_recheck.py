"""Certificates: true ones are accepted, false statements are not, whoever makes them."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from early_alignment import Dataset, Undecided, certify, make_start, recheck
from early_alignment.numerics.certify.instance import RationalStart, drawn_start

from .certificate_kit import POINTS, Tree, both_sides, certificate, put, resealed, scaled, verdict
from .certificate_witness import contradictions, copied, witness_of

FOLDER = Path(__file__).resolve().parents[3] / "proofs_check" / "recheck"


@pytest.fixture(scope="module")
def good() -> Tree:
    return certificate()


@pytest.mark.parametrize(("width", "scale", "kind"), [(20, 1e-3, "balanced"), (20, 1e-3, "dominated")])
def test_certified_limits_agree_with_the_simulation(width, scale, kind):
    tree = certify(POINTS, drawn_start(make_start(width, scale, 1, kind))).to_json()
    assert verdict(tree) == "accepted"
    assert contradictions(tree, witness_of(tree)) == []


def test_small_scales_and_large_widths_are_certified():
    for width, scale in ((100, 1e-12), (100, 1e-3)):
        result = recheck(json.dumps(certificate(width=width, scale=scale, seed=2)))
        assert (result.width, result.limit) == (width, (Fraction(-4, 65), Fraction(251, 390)))
        assert result.loss == Fraction(256, 2925)


def test_other_data_are_certified():
    eta = Fraction(1, 8)
    points = ((-1 + eta / 2, 1 + eta / 4), (eta / 3, 1 - eta / 2), (1 - eta / 3, 1 + eta))
    data = Dataset(points, (1 + eta, eta / 2, 1 + eta / 5))
    tree = certificate(data, width=12, scale=1e-12)
    assert verdict(tree) == "accepted"
    assert contradictions(tree, witness_of(tree)) == []


def test_the_checker_shares_no_code_with_the_prover():
    allowed = {*sys.stdlib_module_names, "flint"}
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                if node.level:
                    module = path.parents[node.level - 1].joinpath(*str(node.module).split(".")).with_suffix(".py")
                    assert module.is_file(), (path.name, node.module)
                    assert FOLDER in module.parents, (path.name, node.module)
                else:
                    assert str(node.module).split(".")[0] in allowed, path.name
            elif isinstance(node, ast.Import):
                assert all(alias.name.split(".")[0] in allowed for alias in node.names), path.name


# False statements


def _neurons(tree: Tree, change: Callable[[list[str]], list[str]]) -> None:
    tree["start"]["neurons"] = [change(row) for row in tree["start"]["neurons"]]


def _live(tree: Tree) -> list[int]:
    """The neurons with a > 0 that are active on some point."""
    rows = [[Fraction(entry) for entry in row] for row in tree["start"]["neurons"]]
    active = [any(row[1] * x[0] + row[2] * x[1] > 0 for x in POINTS.inputs) for row in rows]
    return [j for j, row in enumerate(rows) if row[0] > 0 and active[j]]


def no_live_neuron(tree: Tree) -> None:
    for j in _live(tree):
        tree["start"]["neurons"][j][0] = scaled(tree["start"]["neurons"][j][0], -1)


def the_scale_is_4(tree: Tree) -> None:
    _neurons(tree, lambda row: [scaled(entry, 4000) for entry in row])


def undominated(tree: Tree) -> None:
    tree["start"]["neurons"][0][0] = scaled(tree["start"]["neurons"][0][0], "99/100")


def on_a_repelling_hyperplane(tree: Tree) -> None:
    """<w, x_1> = 0 with x_1 = (-3/4, 1), and inactive on the others: for a > 0 both sides lead away."""
    tree["start"]["neurons"].append(["5/100000", "-4/100000", "-3/100000"])


def along_the_repeller(tree: Tree) -> None:
    """a < 0 and w along b = (-31/120, 2/3)."""
    tree["start"]["neurons"].append(["-1/1000000000000", "-31/120000000000000", "2/3000000000000"])


def one_neuron_is_large(tree: Tree) -> None:
    j = _live(tree)[0]
    tree["start"]["neurons"][j] = [scaled(entry, 300) for entry in tree["start"]["neurons"][j]]


def the_limit_interpolates(tree: Tree) -> None:
    tree["data"]["labels"] = ["7/4", "3/2", "7/8"]  # y = 1 - x
    resealed(tree)


def of_other_data(tree: Tree) -> None:
    tree["data"]["labels"] = ["1/10", "11/10", "4/5"]
    resealed(tree)


def of_other_inputs(tree: Tree) -> None:
    tree["data"]["inputs"][0][0] = "-1/10"
    resealed(tree)


def a_negative_label(tree: Tree) -> None:
    tree["data"]["labels"][1] = "-1/10"
    resealed(tree)


def an_obtuse_angle(tree: Tree) -> None:
    tree["data"]["inputs"][2][0] = "3/2"
    resealed(tree)


FALSE = [
    (no_live_neuron, "no neuron with a > 0"),
    (the_scale_is_4, "early.size is below"),
    (undominated, "not dominated"),
    (on_a_repelling_hyperplane, "lies on a hyperplane"),
    (along_the_repeller, "a repeller"),
    (one_neuron_is_large, "early.size is below"),
    (the_limit_interpolates, ""),
    (of_other_data, ""),
    (of_other_inputs, ""),
    (a_negative_label, "a label is not positive"),
    (an_obtuse_angle, "inner product"),
]


@pytest.mark.parametrize(("falsify", "sentence"), FALSE, ids=lambda value: getattr(value, "__name__", ""))
def test_a_false_statement_is_rejected(good, falsify, sentence):
    tree = copied(good)
    falsify(tree)
    said = verdict(tree)
    assert said.startswith("Rejected: "), said
    assert sentence in said


UNPROVABLE = [falsify for falsify, _ in FALSE if falsify not in (one_neuron_is_large, of_other_data, of_other_inputs)]


@pytest.mark.parametrize("falsify", UNPROVABLE)
def test_a_false_statement_is_not_certified(good, falsify):
    """The three left out are true of other certificates: their starts and data may well end at least squares."""
    tree = copied(good)
    falsify(tree)
    data = Dataset.from_arrays(tree["data"]["inputs"], tree["data"]["labels"])
    rows = tuple(tuple(Fraction(entry) for entry in row) for row in tree["start"]["neurons"])
    with pytest.raises(Undecided):
        certify(data, RationalStart(rows, "altered"))


# Each step is checked: a stated number that is false, or does not follow, is rejected by the step that needs it


def _crossed(tree: Tree) -> None:
    tree["tube"]["left"], tree["tube"]["right"] = tree["tube"]["right"], tree["tube"]["left"]


def _squeezed(tree: Tree) -> None:
    """The last corners moved onto the segment between them: nearer to each other than the flow is certain to come."""
    L, R = ([Fraction(entry) for entry in tree["tube"][side][-1]] for side in ("left", "right"))
    for side, (near, far) in (("left", (L, R)), ("right", (R, L))):
        tree["tube"][side][-1] = [str((5 * p + 4 * q) / 9) for p, q in zip(near, far, strict=True)]


def _past_the_limit(tree: Tree) -> None:
    tree["tube"]["left"].append(["-3/65", "7/10"])
    tree["tube"]["right"].append(["-3/65", "71/100"])


STEPS = [
    (put("early", "size", lambda t: scaled(t, "9/10")), "early.size is below"),
    (put("early", "size", "1/10"), "a residual may change its sign"),
    (put("early", "activation", lambda t: scaled(t, "3/4")), "may be active on all later than stated"),
    (put("early", "death", lambda t: scaled(t, "3/4")), "may die later"),
    (put("early", "time", lambda t: scaled(t, "1/4")), "must not exceed early.time"),
    (put("early", "time", lambda t: scaled(t, "11/10")), "early.size is below"),
    (put("early", "time", "-1"), "must not exceed early.time"),
    (put("early", "activation", "-1"), "must not exceed early.time"),
    (put("early", "tangent", lambda t: scaled(t, "1/2")), "not within early.tangent"),
    (put("early", "tangent", "1"), "between 0 and 1"),
    (put("early", "tangent", "1/2"), "does not hold all directions"),
    (put("tube", "tail", 0), "tube.tail"),
    (put("tube", "tail", -1), "tube.tail"),
    (put("tube", "tail", 999), "tube.tail"),
    (_crossed, "first cell"),
    (_squeezed, "may leave through side"),
    (_past_the_limit, "not convex"),
    (both_sides(lambda rows: rows[:-1]), "trap.distance is below"),
    (both_sides(lambda rows: rows[6:]), "does not hold all directions"),
    (both_sides(lambda rows: [rows[0], rows[-1]]), "may leave through side"),
    (put("trap", "mu", "1/2"), "smallest eigenvalue"),
    (put("trap", "mu", "0"), "smallest eigenvalue"),
    (put("trap", "distance", lambda t: scaled(t, "99/100")), "trap.distance is below"),
    (put("trap", "distance", "1/2"), "the trap is not reached"),
    (put("trap", "time", lambda t: scaled(t, "9/10")), "later than trap.time"),
    (put("conclusion", "limit", 0, "-3/65"), "conclusion.limit"),
    (put("conclusion", "outputs", 1, "1/10"), "conclusion.outputs"),
    (put("conclusion", "loss", "0"), "conclusion.loss"),
]


@pytest.mark.parametrize(("alter", "sentence"), STEPS)
def test_every_step_is_checked(good, alter, sentence):
    tree = copied(good)
    alter(tree)
    said = verdict(tree)
    assert said.startswith("Rejected: "), said
    assert sentence in said


# Files that are not certificates


REFUSED = [
    put("schema", 2),
    put("schema", True),
    put("schema", "1"),
    put("kind", "flow to the labels"),
    put("early", "time", 7),
    put("early", "time", 7.5),
    put("early", "time", "7.5"),
    put("early", "time", "7e1"),
    put("early", "time", "1/0"),
    put("early", "time", " 7"),
    put("early", "time", "nan"),
    put("early", "time", "1" * 401),
    put("early", "time", "\u0661"),
    put("early", "time", None),
    put("tube", "tail", 1.0),
    put("tube", "tail", True),
    put("tube", "left", []),
    put("tube", "left", lambda rows: rows[:-1]),
    put("tube", "left", lambda rows: rows * 5000),
    put("start", "neurons", lambda rows: [row[:2] for row in rows]),
    put("start", "note", 3),
    put("data", "labels", lambda row: row[:2]),
    put("data", {}),
    lambda tree: tree.update(extra="1"),
    lambda tree: tree["trap"].update(extra="1"),
    lambda tree: tree.pop("trap"),
    lambda tree: tree["trap"].pop("mu"),
]


@pytest.mark.parametrize("alter", REFUSED)
def test_invalid_certificates_are_refused(good, alter):
    tree = copied(good)
    alter(tree)
    said = verdict(tree)
    assert said.startswith("NotACertificate: "), said
    assert "\n" not in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"schema": NaN}',
        '{"schema": 1, "schema": 1}',
        '{"a": 1e999}',
        " " * (16 * 2**20 + 1),
    ],
    ids=["empty", "list", "open", "deep", "nan", "twice", "huge", "long"],
)
def test_texts_that_are_not_certificates_are_refused(text):
    assert verdict(text).startswith("NotACertificate: ")


@pytest.mark.parametrize("number", ["9" * 400, "1/" + "9" * 400, "-" + "9" * 400])
def test_numbers_of_any_size_are_answered(good, number):
    """Exponentials of huge times, tiny eigenvalues: rejected, or accepted where a bound is merely weak, at once."""
    for part in ("early", "trap"):
        for name in good[part]:
            tree = copied(good)
            tree[part][name] = number
            weak = (part, name, number) == ("trap", "time", "9" * 400)
            assert verdict(tree).startswith("accepted" if weak else "Rejected: "), (part, name)


@pytest.mark.parametrize("power", [1, 85, -85])
def test_the_unit_of_the_labels_does_not_matter(good, power):
    """y -> c y, (a, w) -> sqrt(c) (a, w) makes the same flow, c times as fast: sqrt(c) is 10^power."""
    root, tree = Fraction(10) ** power, copied(good)
    c = root**2
    tree["start"]["neurons"] = _times(tree["start"]["neurons"], root)
    tree["data"]["labels"] = _times(tree["data"]["labels"], c)
    tree["tube"] |= {side: _times(tree["tube"][side], c) for side in ("left", "right")}
    for part, name, factor in (
        ("early", "time", 1 / c),
        ("early", "activation", 1 / c),
        ("early", "death", 1 / c),
        ("early", "size", c),
        ("trap", "distance", c),
        ("trap", "time", 1 / c),
        ("conclusion", "loss", c**2),
    ):
        tree[part][name] = scaled(tree[part][name], factor)
    tree["conclusion"] |= {name: _times(tree["conclusion"][name], c) for name in ("limit", "outputs")}
    assert verdict(tree) == "accepted"


def _times(rows: list, factor: Fraction) -> list:
    return [_times(row, factor) if isinstance(row, list) else scaled(row, factor) for row in rows]
