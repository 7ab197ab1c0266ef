"""A factor c before the output is a start times sqrt(c) and a time times c, from the definitions of theory/model.py."""

import sympy

from early_alignment.theory import model
from early_alignment.theory.formal.sums import normal_form
from early_alignment.theory.formal.vectors import Inner, family, inner, vector

c = sympy.Symbol("c", positive=True)
test = family("v")


def flow_with_factor(monkeypatch):
    """The flow of c sum_j a_j sigma(<w_j, x>), derived as that of the network without the factor is."""
    network = model.sloped_network
    with monkeypatch.context() as patched:
        patched.setattr(model, "sloped_network", lambda index: c * network(index))
        return model.velocity.__wrapped__()


def at_multiple(expression, factor):
    """An expression linear in a_j, or in <w_j, .>, with the weights of neuron j multiplied by a factor."""
    scaled = {model.output_weights[model.j]: factor * model.output_weights[model.j]}
    products = {atom: factor ** atom.args.count(model.weights[model.j]) * atom for atom in expression.atoms(Inner)}
    return expression.xreplace(products).xreplace(scaled)


def test_the_network_with_a_factor_is_the_network_with_larger_weights():
    with_larger = at_multiple(model.sloped_network(model.k), sympy.sqrt(c))
    assert normal_form(with_larger - c * model.sloped_network(model.k)) == 0
    assert normal_form(with_larger - model.sloped_network(model.k)) != 0


def test_its_flow_is_the_flow_of_larger_weights_at_c_times_the_speed(monkeypatch):
    """With phi = sqrt(c) (w, a): phi' = c V(phi), where V is the flow without the factor, at the same outputs."""
    ours, with_factor = model.velocity(), flow_with_factor(monkeypatch)
    pairs = [
        (inner(with_factor.weights, vector(test[model.j])), inner(ours.weights, vector(test[model.j]))),
        (with_factor.output, ours.output),
    ]
    for theirs, without in pairs:
        assert normal_form(without) != 0
        assert normal_form(sympy.sqrt(c) * theirs - c * at_multiple(without, sympy.sqrt(c))) == 0
        assert normal_form(sympy.sqrt(c) * theirs - at_multiple(without, sympy.sqrt(c))) != 0
