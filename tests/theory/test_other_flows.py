"""What weight decay and fixed output weights change of the flow of a neuron (docs/experiments.md)."""

import sympy

from early_alignment.theory import model
from early_alignment.theory.formal.vectors import differential, inner, vector

decay = sympy.Symbol("mu", positive=True)
a, w, drift, test = model.neuron_output, vector(model.neuron_weights), vector(model.neuron_drift), vector("v")
flow = model.neuron_flow()

WITHOUT = flow.direction()
WITH_DECAY = {model.neuron_weights: flow.weights - w * decay, a: flow.output - decay * a}
FIXED_OUTPUT = {model.neuron_weights: flow.weights, a: sympy.S.Zero}

BALANCE = a**2 - inner(w, w)
OMEGA = inner(w, test) / a
"""The coordinate of w/a along an arbitrary vector."""


def rate(of, direction):
    return sympy.expand(differential(of, direction))


def same(left, right):
    return sympy.expand(left - right) == 0


def test_without_either_the_balance_is_conserved_and_omega_turns_towards_the_drift():
    assert rate(BALANCE, WITHOUT) == 0
    assert same(rate(OMEGA, WITHOUT), inner(drift, test) - inner(drift, w) / a * OMEGA)


def test_with_weight_decay_the_balance_decays_and_omega_moves_as_before():
    assert same(rate(BALANCE, WITH_DECAY), -2 * decay * BALANCE)
    assert same(rate(OMEGA, WITH_DECAY), rate(OMEGA, WITHOUT))
    assert same(rate(sympy.log(a), WITH_DECAY), rate(sympy.log(a), WITHOUT) - decay)


def test_with_fixed_output_weights_the_balance_is_not_conserved_and_omega_moves_straight():
    assert same(rate(BALANCE, FIXED_OUTPUT), -2 * a * inner(w, drift))
    assert same(rate(OMEGA, FIXED_OUTPUT), inner(drift, test))
