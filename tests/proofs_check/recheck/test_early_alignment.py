"""Certificates of early alignment: true ones are accepted; whatever is altered to something false is rejected."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import pytest

from early_alignment import Dataset, Problem, certify_early, recheck, unscaled_start
from early_alignment.numerics.oracles.rational import longest_drift_squared
from early_alignment.proofs_check.kinds.rechecks import FatesInEarlyPhase
from early_alignment.proofs_check.known.false_early import LOOSE, early_answers
from early_alignment.proofs_check.recheck import EarlyAccepted, NotACertificate, recheck_flow
from early_alignment.proofs_check.recheck.early_alignment import longest_drift_square, problem_of
from early_alignment.proofs_check.recheck.intervals import MOST_EXPONENT, exactly
from early_alignment.proofs_check.recheck.spaces import rank

from .certificate_kit import POINTS, verdict

F = Fraction
Tree = dict[str, Any]
NEURONS = [
    ("-1", "-3/5", "4/5"),
    ("-2", "1", "1"),
    ("1", "4/5", "-3/5"),
    ("1", "7/25", "24/25"),
    ("1", "-12/13", "-5/13"),
]
SLIDES = Problem(Dataset.from_arrays([["3/5", "4/5", "0"], ["-3/5", "4/5", "1/10"]], ["-1/2", "1"]), "square", F(1, 8))


def start(rows: Any, box: str = "0") -> Any:
    return unscaled_start([(F(a), [F(value) for value in w]) for a, *w in rows], F(box))


@pytest.fixture(scope="module", params=["plane", "box", "slides"])
def good(request) -> Tree:
    if request.param == "slides":
        return certify_early(SLIDES, start([("2", "-1", "1/5", "0"), ("-1", "1/3", "1/3", "-1/3")]), F(1, 2)).to_json()
    box = "1e-5" if request.param == "box" else "0"
    return certify_early(Problem(POINTS), start(NEURONS, box)).to_json()


def altered(tree: Tree, path: tuple[Any, ...], change: Callable[[str], Any]) -> Tree:
    changed = copy.deepcopy(tree)
    node = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = change(node[path[-1]])
    return changed


def by(factor: float) -> Callable[[str], str]:
    return lambda text: str(F(text) * F(factor))


def test_certificates_of_the_prover_are_accepted(good):
    found = recheck(json.dumps(good))
    assert isinstance(found, EarlyAccepted)
    assert found.exponent == F(good["phase"]["exponent"])
    assert [fate.name for fate in found.fates] == [fate["fate"] for fate in good["fates"]]
    assert found.undecided == 0


def test_every_answer_to_certificates_by_hand_is_the_known_one():
    assert [answer for answer in early_answers() if answer is not None] == []


def numbers(good: Tree) -> list[tuple[tuple[Any, ...], list[float]]]:
    """Every number with the factors that make it false; the exponent is rounded up to three decimals."""
    little, found = 1e-6, []
    for name in ("time", "deviation", "final"):
        found.append((("phase", name), [1 - little]))
    found.append((("phase", "exponent"), [1 - 2e-3 / float(F(good["phase"]["exponent"]))]))
    for name in ("norm", "growth"):
        found.append((("phase", name), [1 - little, 1 + little]))
    for j, fate in enumerate(good["fates"]):
        for name in ("tangent", "first", "second"):
            if F(fate[name]):
                found.append((("fates", j, name), [1 - little]))
        for i, (_, time, width) in enumerate(fate["events"]):
            found.append((("fates", j, "events", i, 1), [1 + max(little, 2 * float(F(width) / F(time)))]))
            found.append((("fates", j, "events", i, 2), [1 - little]))
            found.append((("fates", j, "events", i, 0), [2 if F(good["fates"][j]["events"][i][0]) == 1 else 0.5]))
    return found


def test_every_number_altered_a_little_in_the_wrong_direction_is_rejected(good):
    """The time of an event moves by twice its window at least."""
    for path, factors in numbers(good):
        for factor in factors:
            said = verdict(altered(good, path, by(factor)))
            assert said.startswith("Rejected: "), (path, factor, said)


def test_data_and_starts_altered_a_little_are_rejected(good):
    """A neuron moved by 1e-6 with |a| as it is; a box, epsilon and labels that are larger."""
    for j in range(len(good["start"]["neurons"])):
        for i in range(len(good["start"]["neurons"][0])):
            if good["fates"][j]["events"] and F(good["start"]["neurons"][j][i]) and good["start"]["box"] == "0":
                said = verdict(altered(good, ("start", "neurons", j, i), by(1 + 1e-6 * (1 if i == 0 else -1))))
                assert said.startswith("Rejected: "), (j, i, said)
    for path, change in (
        (("start", "box"), lambda text: str(F(text) * 2 + F(1, 10**6))),
        (("phase", "epsilon"), by(1.001)),
        (("data", "labels", 1), by(1 + 1e-6)),
        (("data", "inputs", 0, 0), by(1 - 1e-6)),
    ):
        said = verdict(altered(good, path, change))
        assert said.startswith("Rejected: "), (path, said)


@pytest.mark.parametrize("a", ["5", "5000000001/1000000000", "6"])
def test_the_checker_accepts_neurons_along_their_vector(a):
    """tan(theta/2) is 0, or small: its square root loses half the digits of the checker's intervals."""
    one = Problem(Dataset.from_arrays([[3, 4]], [1]))
    assert verdict(certify_early(one, start([(a, "3", "4")])).to_json()) == "accepted"


def test_a_weaker_statement_is_accepted(good):
    larger = altered(good, ("phase", "exponent"), by(1.5))
    assert verdict(larger) == "accepted"
    j = next(j for j, fate in enumerate(good["fates"]) if fate["fate"] == "aligned")
    for name in ("first", "second"):
        assert verdict(altered(good, ("fates", j, name), by(2))) == "accepted"


def test_a_fate_of_another_neuron_is_rejected(good):
    tree = copy.deepcopy(good)
    tree["fates"] = tree["fates"][1:] + tree["fates"][:1]
    assert verdict(tree).startswith("Rejected: ")


def test_numbers_out_of_range_are_rejected_without_delay():
    for name in ("time", "deviation", "final"):
        tree = LOOSE.tree()
        tree["phase"][name] = "1" + "0" * 399
        assert verdict(tree).startswith("Rejected: ")
    tree = LOOSE.tree()
    tree["fates"][0]["events"][0][1] = "9" * 400
    assert "out of range" in verdict(tree)


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree["data"]["labels"].pop(),
        lambda tree: tree["fates"].pop(),
        lambda tree: tree["phase"].pop("final"),
        lambda tree: tree["phase"].update(final=0.1),
        lambda tree: tree["data"].update(leak=0),
        lambda tree: tree["fates"][0].update(extra="1"),
        lambda tree: tree["fates"][0]["events"][0].pop(),
        lambda tree: tree.update(schema=2),
        lambda tree: tree.update(kind="late alignment"),
    ],
)
def test_files_of_another_shape_are_no_certificates(change):
    tree = LOOSE.tree()
    change(tree)
    assert verdict(tree).startswith("NotACertificate: ")


@pytest.mark.parametrize(
    "change",
    [lambda tree: tree["data"]["inputs"][0].pop(), lambda tree: tree["start"]["neurons"][0].append("1")],
)
def test_rows_of_different_lengths_are_rejected(change):
    tree = LOOSE.tree()
    change(tree)
    assert verdict(tree).startswith("Rejected: ")


def test_it_is_no_certificate_of_a_flow():
    with pytest.raises(NotACertificate):
        recheck_flow(LOOSE.text)


@pytest.mark.parametrize("seed", range(2))
def test_random_alterations_that_are_accepted_leave_a_true_statement(good, seed):
    """What an accepted certificate states must be no more than the prover's, whose numbers are tight.

    The windows hold the true event, T and the two deviations are at least their formulas, and the constants of the
    angles at least the prover's; where the neurons, the data or epsilon are altered it must be rejected.
    """
    rng, accepted = random.Random(seed), 0
    factors = ("1/2", "99/100", "999999/1000000", "1000001/1000000", "101/100", "2", "-1", "0")
    places = [path for path, _ in numbers(good)]
    for _ in range(60):
        tree = copy.deepcopy(good)
        for _ in range(rng.choice((1, 1, 2, 3))):
            tree = altered(tree, rng.choice(places), lambda text: str(F(text) * F(rng.choice(factors))))
        said = verdict(tree)
        assert said == "accepted" or said.startswith("Rejected: "), said
        if said == "accepted":
            accepted += 1
            assert implied(good, tree)
    assert accepted >= 1


def implied(good: Tree, tree: Tree) -> bool:
    """Whether the altered statement follows from the true one, up to what the prover rounds."""
    phase = tree["phase"]
    if F(phase["exponent"]) < F(good["phase"]["exponent"]) * (1 - F(1, 500)):
        return False
    for fate, true in zip(tree["fates"], good["fates"], strict=True):
        for name in ("first", "second"):
            if F(fate[name]) < F(true[name]) * (1 - F(1, 10**5)):
                return False
        for row, known in zip(fate["events"], true["events"], strict=True):
            begin, end = F(row[1]), F(row[1]) + F(row[2])
            known_end = F(known[1]) + F(known[2])
            if row[0] != known[0] or begin > known_end or end < F(known[1]):
                return False
    return True


# The checker's own arithmetic


def test_exponentials_are_enclosed_and_refused_where_they_are_too_large():
    rng = random.Random(0)
    with flint.ctx.workprec(400):
        for _ in range(300):
            value = F(rng.randint(-(10**6), 10**6), rng.randint(10**3, 10**4)) / 10 ** rng.choice((0, 3, 30))
            found = exactly(value).exp()
            low, high = (flint.arb(flint.fmpq(end.numerator, end.denominator)) for end in (found.low, found.high))
            exact = flint.arb(flint.fmpq(value.numerator, value.denominator)).exp()
            assert low <= exact <= high
            assert found.high - found.low <= F(1, 10**38) * found.high
    for value in (MOST_EXPONENT + 1, -MOST_EXPONENT - 1):
        with pytest.raises(ValueError, match="exponential"):
            exactly(value).exp()
    assert math.isclose(float(exactly(1).exp().low), math.e)


@pytest.mark.parametrize("seed", range(4))
def test_the_longest_drift_is_that_of_an_oracle(seed):
    """Small integers, so that points are parallel, dependent, or do not span the space."""
    rng = random.Random(seed)
    for _ in range(5):
        d, n, leak = rng.choice((1, 2, 3)), rng.randint(1, 4), rng.choice((F(0), F(1, 4)))
        inputs = [tuple(F(rng.randint(-2, 2)) for _ in range(d)) for _ in range(n)]
        inputs = [x if any(x) else (F(1),) * d for x in inputs]
        labels = tuple(F(rng.randint(-2, 2)) for _ in range(n))
        problem = problem_of({"inputs": tuple(inputs), "labels": labels, "loss": "square", "leak": leak})
        assert longest_drift_square(problem) == longest_drift_squared(inputs, labels, leak)


def test_ranks():
    assert rank([(F(1), F(2)), (F(2), F(4))]) == 1
    assert rank([(F(1), F(2)), (F(2), F(5)), (F(0), F(0))]) == 2
    assert rank([]) == 0


def test_a_certificate_is_evidence_for_its_own_instance_only():
    text, tree = LOOSE.text, LOOSE.tree()
    inputs = tuple(tuple(map(F, row)) for row in tree["data"]["inputs"])
    neurons = tuple(tuple(map(F, row)) for row in tree["start"]["neurons"])
    about: Tree = {"inputs": inputs, "labels": (F(1), F(1)), "loss": "square", "leak": F(0), "neurons": neurons}
    about |= {"box": F(0), "epsilon": F(1, 2)}
    assert FatesInEarlyPhase(text, **about).fault() == ""
    changes: Tree = {"labels": (F(1), F(2)), "leak": F(1, 2), "neurons": neurons[::-1], "epsilon": F(1, 3)}
    for name, value in changes.items():
        assert "is about another" in FatesInEarlyPhase(text, **{**about, name: value}).fault()
    assert "too small" in FatesInEarlyPhase(replace(LOOSE, phase={"exponent": "1"}).text, **about).fault()
