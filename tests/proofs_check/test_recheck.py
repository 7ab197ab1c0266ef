"""Certificates: true ones are accepted, false statements are not, whoever makes them."""

from __future__ import annotations

import ast
import json
import random
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from early_alignment.numerics.certify.errors import Undecided
from early_alignment.numerics.certify.instance import RationalStart, drawn_start
from early_alignment.numerics.certify.prove import certify
from early_alignment.numerics.dataset import Dataset
from early_alignment.numerics.start import make_start
from early_alignment.proofs_check.recheck import NotACertificate, Rejected, recheck

from .certificate_witness import contradictions, copied, witness_of

POINTS = Dataset.published("three-points")
FOLDER = Path(__file__).resolve().parents[2] / "proofs_check" / "recheck"
Tree = dict[str, Any]


def certificate(data: Dataset = POINTS, width: int = 6, scale: float = 1e-3, seed: int = 0) -> Tree:
    return certify(data, drawn_start(make_start(width, scale, seed))).to_json()


@pytest.fixture(scope="module")
def good() -> Tree:
    return certificate()


def verdict(tree: Any) -> str:
    """`accepted`, or the sentence of the refusal."""
    try:
        recheck(tree if isinstance(tree, str) else json.dumps(tree))
    except (Rejected, NotACertificate) as error:
        return f"{type(error).__name__}: {error}"
    return "accepted"


def scaled(text: str, factor: Fraction | int | str) -> str:
    return str(Fraction(text) * Fraction(factor))


@pytest.mark.parametrize(("width", "scale", "kind"), [(20, 1e-3, "balanced"), (20, 1e-3, "dominated")])
def test_what_is_certified_is_what_the_simulation_does(width, scale, kind):
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
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                if node.level == 1:
                    assert (FOLDER / f"{node.module}.py").is_file(), (path.name, node.module)
                else:
                    assert node.level == 0, path.name
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


def resealed(tree: Tree) -> None:
    """Put the least-squares solution of the data that are in the file into its conclusion."""
    data = Dataset.from_arrays(tree["data"]["inputs"], tree["data"]["labels"])
    H = [[sum(p[i] * p[j] for p in data.inputs) for j in range(2)] for i in range(2)]
    b = [sum(label * p[i] for p, label in zip(data.inputs, data.labels, strict=True)) for i in range(2)]
    det = H[0][0] * H[1][1] - H[0][1] ** 2
    beta = [(H[1][1] * b[0] - H[0][1] * b[1]) / det, (H[0][0] * b[1] - H[0][1] * b[0]) / det]
    outputs = [beta[0] * p[0] + beta[1] * p[1] for p in data.inputs]
    loss = sum((h - label) ** 2 for h, label in zip(outputs, data.labels, strict=True)) / (2 * data.n)
    tree["conclusion"] = {"limit": [*map(str, beta)], "outputs": [*map(str, outputs)], "loss": str(loss)}


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
    (on_a_repelling_hyperplane, "stands on a hyperplane"),
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


# Each step is checked: a stated number that is false, or does not follow, is met by the step that needs it


def _set(*path: Any) -> Callable[[Tree], None]:
    *where, last, change = path

    def alter(tree: Tree) -> None:
        node = tree
        for key in where:
            node = node[key]
        node[last] = change(node[last]) if callable(change) else change

    return alter


def _both(change: Callable[[list[Any]], list[Any]]) -> Callable[[Tree], None]:
    def alter(tree: Tree) -> None:
        tree["tube"]["left"], tree["tube"]["right"] = change(tree["tube"]["left"]), change(tree["tube"]["right"])
        tree["tube"]["tail"] = min(tree["tube"]["tail"], len(tree["tube"]["left"]))

    return alter


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
    (_set("early", "size", lambda t: scaled(t, "9/10")), "early.size is below"),
    (_set("early", "size", "1/10"), "a residual may change its sign"),
    (_set("early", "activation", lambda t: scaled(t, "3/4")), "may be active on all later than stated"),
    (_set("early", "death", lambda t: scaled(t, "3/4")), "may die later"),
    (_set("early", "time", lambda t: scaled(t, "1/4")), "must not exceed early.time"),
    (_set("early", "time", lambda t: scaled(t, "11/10")), "early.size is below"),
    (_set("early", "time", "-1"), "early.time is negative"),
    (_set("early", "tangent", lambda t: scaled(t, "1/2")), "not within early.tangent"),
    (_set("early", "tangent", "1"), "between 0 and 1"),
    (_set("early", "tangent", "1/2"), "does not hold all directions"),
    (_set("tube", "tail", 0), "tube.tail"),
    (_set("tube", "tail", 999), "tube.tail"),
    (_crossed, "first cell"),
    (_squeezed, "may leave through side"),
    (_past_the_limit, "not convex"),
    (_both(lambda rows: rows[:-1]), "trap.distance is below"),
    (_both(lambda rows: rows[6:]), "does not hold all directions"),
    (_both(lambda rows: [rows[0], rows[-1]]), "may leave through side"),
    (_set("trap", "mu", "1/2"), "smallest eigenvalue"),
    (_set("trap", "mu", "0"), "smallest eigenvalue"),
    (_set("trap", "distance", lambda t: scaled(t, "99/100")), "trap.distance is below"),
    (_set("trap", "distance", "1/2"), "the trap is not reached"),
    (_set("trap", "time", lambda t: scaled(t, "9/10")), "later than trap.time"),
    (_set("conclusion", "limit", 0, "-3/65"), "conclusion.limit"),
    (_set("conclusion", "outputs", 1, "1/10"), "conclusion.outputs"),
    (_set("conclusion", "loss", "0"), "conclusion.loss"),
]


@pytest.mark.parametrize(("alter", "sentence"), STEPS)
def test_every_step_is_checked(good, alter, sentence):
    tree = copied(good)
    alter(tree)
    said = verdict(tree)
    assert said.startswith("Rejected: "), said
    assert sentence in said


# What is no certificate


REFUSED = [
    _set("schema", 2),
    _set("schema", True),
    _set("schema", "1"),
    _set("kind", "flow to the labels"),
    _set("early", "time", 7),
    _set("early", "time", 7.5),
    _set("early", "time", "7.5"),
    _set("early", "time", "7e1"),
    _set("early", "time", "1/0"),
    _set("early", "time", " 7"),
    _set("early", "time", "nan"),
    _set("early", "time", "1" * 401),
    _set("early", "time", "\u0661"),
    _set("early", "time", None),
    _set("tube", "tail", 1.0),
    _set("tube", "tail", -1),
    _set("tube", "left", []),
    _set("tube", "left", lambda rows: rows[:-1]),
    _set("tube", "left", lambda rows: rows * 5000),
    _set("start", "neurons", lambda rows: [row[:2] for row in rows]),
    _set("start", "note", 3),
    _set("data", "labels", lambda row: row[:2]),
    _set("data", {}),
    lambda tree: tree.update(extra="1"),
    lambda tree: tree["trap"].update(extra="1"),
    lambda tree: tree.pop("trap"),
    lambda tree: tree["trap"].pop("mu"),
]


@pytest.mark.parametrize("alter", REFUSED)
def test_what_is_no_certificate_is_refused(good, alter):
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
def test_other_texts_are_refused(text):
    assert verdict(text).startswith("NotACertificate: ")


# Fuzz: whatever is still accepted must be true


FACTORS = ("1/2", "9/10", "99/100", "999/1000", "1001/1000", "101/100", "11/10", "2", "-1", "0")


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all rationals of a certificate."""
    if isinstance(node, str):
        return [path] if path[0] not in ("kind",) and path[-1] != "note" else []
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [leaf for key, value in items for leaf in _leaves(value, (*path, key))]


def _parent(tree: Tree, path: tuple[Any, ...]) -> Any:
    node: Any = tree
    for key in path[:-1]:
        node = node[key]
    return node


def mutate(tree: Tree, rng: random.Random) -> None:
    """One to three alterations: numbers scaled, exchanged, moved a little, rows dropped or doubled, then resealed."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        leaves = _leaves(tree)
        sections = sorted({path[0] for path in leaves})
        chosen = rng.choice(sections)
        path, other = (rng.choice([leaf for leaf in leaves if leaf[0] == chosen]) for _ in range(2))
        node, far = _parent(tree, path), _parent(tree, other)
        kind = rng.choice(("scale", "scale", "swap", "nudge", "drop", "double"))
        if kind == "scale":
            node[path[-1]] = scaled(node[path[-1]], rng.choice(FACTORS))
        elif kind == "swap":
            node[path[-1]], far[other[-1]] = far[other[-1]], node[path[-1]]
        elif kind == "nudge":
            node[path[-1]] = str(Fraction(node[path[-1]]) + Fraction(rng.choice((-1, 1)), 10 ** rng.randint(2, 9)))
        elif len(path) > 2:
            rows, at = tree[path[0]][path[1]], path[2]
            both = [tree["tube"]["left"], tree["tube"]["right"]] if chosen == "tube" else [rows]
            for each in both:
                if kind == "drop":
                    del each[at : at + 1]
                else:
                    each.insert(at, json.loads(json.dumps(each[at])))
        if chosen == "data" and rng.random() < 0.7:
            try:
                resealed(tree)
            except Exception:  # no data set any more
                return


@pytest.mark.parametrize("seed", range(6))
def test_every_mutant_that_is_accepted_is_true(good, seed):
    """Mutants of one certificate; those accepted are compared with a simulation of the data and start they name."""
    rng = random.Random(seed)
    plain = witness_of(good)
    accepted = 0
    for _ in range(60):
        tree = copied(good)
        mutate(tree, rng)
        said = verdict(tree)
        assert said == "accepted" or said.startswith(("Rejected: ", "NotACertificate: ")), said
        if said == "accepted":
            accepted += 1
            same = all(tree[part] == good[part] for part in ("data", "start"))
            assert contradictions(tree, plain if same else witness_of(tree)) == []
    assert accepted >= 1


def test_the_comparison_with_a_simulation_can_fail(good):
    """The oracle of the fuzz test sees what the checker rejects: each of these stated numbers is false."""
    plain = witness_of(good)
    false = [
        _set("early", "tangent", lambda t: scaled(t, "1/20")),
        _set("early", "death", lambda t: scaled(t, "1/2")),
        _set("early", "activation", lambda t: scaled(t, "1/4")),
        _set("early", "size", lambda t: scaled(t, "1/50")),
        _set("trap", "time", "5"),
        _set("trap", "distance", lambda t: scaled(t, "1/2")),
        _set("conclusion", "outputs", 1, "1/10"),
        _both(lambda rows: [[scaled(entry, "-1") for entry in row] for row in rows]),
    ]
    for alter in false:
        tree = copied(good)
        alter(tree)
        assert contradictions(tree, plain) != []
