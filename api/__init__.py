"""Checked claims about early alignment in two-layer (leaky) ReLU networks: the names that a user needs.

| names | for |
|---|---|
| `Dataset`, `PUBLISHED`, `Problem` | points and labels as exact rationals; with a loss and a leak |
| `Network`, `Start`, `make_start` | weights; initial weights, drawn from a seed or read from a file |
| `predict`, `extremal_vectors`, `frozen_alignment`, `least_squares` | what the theory says about them |
| `plot` | a prediction as a figure, with a CSV beside it |
| `simulate`, `compare` | the gradient flow, for any width; its comparison with a prediction |
| `descend`, `extrapolate_step` | gradient descent with a step size; its distance from the flow |
| `reference_flow` | a slow and independent flow of small networks |
| `limit_process`, `least_norm` | where small starts go; the least norm that interpolates |
| `certify`, `certify_every_start`, `certify_by_limit_path`, `recheck` | proofs that flows end at least squares |
| `certify_three_points` | such a proof for three points, with neurons at any angle |
| `certify_early` | a proof of the fates of neurons in the early phase, which `recheck` checks too |
| `Claim`, `Mutant`, `Predicate`, `Relations`, `Source` | what a claim states |
| `symbolic`, `kernel`, `certified`, `property_check`, `scaling`; `evidence` | its evidence, by kind |
| `Zero`, `Nonnegative`, `Margin`, `Certificate`, `PositiveOnBox`, ... | what evidence returns |
| `verify`, `replay` | verdicts; one case again |
| `sharpen`, `SharpConstant`, `find_counterexample` | sharp constants; a search for counterexamples by z3 |
| `InputError`, `Undecided` | input that cannot be used; a proof that was not found |

The list itself is `__init__.pyi`. A module is loaded when one of its names is first used, so that SymPy is not loaded
without need.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
