"""What is claimed, in SymPy: the model written once and everything derived from it, in every dimension.

| module | holds | theory.md |
|---|---|---|
| `model` | network, activation, losses, Clarke gradient flow | 1 |
| `equations` | the equations of motion, and what they need of the activation and the losses | 1.1 |
| `structure` | balancedness, domination, energy | 2.1, 2.2, 2.4 |
| `lorentz` | the Lorentz form, its exponential and inverse | 2.3 |
| `reduction` | neurons of one pattern move by one map | 2.5 |
| `alignment` | the alignment ODE, closed forms, alignment time | 3.1-3.3 |
| `rates` | limits and rates of alignment | 3.4 |
| `crossing` | when a neuron meets a hyperplane | 3.5 |
| `correlation` | the correlation never decreases | 3.6 |
| `saddles` | how dormant neurons grow at a saddle | 3.1, 4.6 |
| `orthogonal` | drifts on orthogonal data | 6.1 |
| `early`, `growth` | bounds of the early phase, and why they hold | 4.1-4.3 |
| `three_points` | the assumption T(eta) and the signs that follow from it | 5.1 |
| `sharp_three_points`, `first_failures` | their largest eta: the proofs up to it, and data where each fails | 5.1 |
| `stationary` | a stationary point that is no local minimum, on exact data | 5.6 |
| `trap` | the trap at the end of the three-point example | 5.5 |
| `minimum_norm` | the least norm that interpolates orthogonal data | 6.3 |
| `inner`, `sums` | vectors of unspecified dimension, sums of unspecified length | 1 |
| `derivation` | steps, goals and their checks | - |
| `zero`, `points`, `enclosure` | deciding that an expression vanishes or is non-negative | - |
| `positivity`, `bernstein`, `real_root` | proofs that a polynomial is positive on a box that grows | - |
| `printing` | NumPy, LaTeX and text forms of an expression | - |

Import the modules themselves: SymPy is slow to load and not every command needs it.
"""
