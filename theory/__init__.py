"""What is claimed, in SymPy: one definition of the model, and everything derived from it, in every dimension.

| module | holds | docs/theory.md |
|---|---|---|
| `model` | network, activation, losses, Clarke gradient flow | 1 |
| `formal.vectors`, `formal.sums` | vectors of unspecified dimension, sums of unspecified length | 1 |
| `formal.derivation` | steps, goals and their checks | - |
| `formal.decide`, `formal.sample`, `formal.balls` | deciding that an expression vanishes or is non-negative | - |
| `formal.limits` | limits and infinite sums, confirmed by numbers | - |
| `formal.printing` | NumPy, LaTeX and text forms of an expression | - |
| `positivity` | proofs that a polynomial is positive on a box that grows | - |
| `flow.equations` | the equations of motion, and what they need of the activation and the losses | 1.1 |
| `flow.structure` | balancedness, domination, energy | 2.1, 2.2, 2.4 |
| `flow.lorentz` | the Lorentz form, its exponential and inverse | 2.3 |
| `flow.reduction` | neurons of one pattern move by one map | 2.5 |
| `alignment.constant_drift` | the alignment ODE, closed forms, alignment time | 3.1-3.3 |
| `alignment.rates` | limits and rates of alignment | 3.4 |
| `alignment.crossing` | when a neuron meets a hyperplane | 3.5 |
| `alignment.correlation` | the correlation never decreases | 3.6 |
| `alignment.saddles` | how neurons that are still small grow at a saddle | 3.1, 4.6 |
| `early.bounds`, `early.growth` | bounds of the early phase, and why they hold | 4.1-4.3 |
| `spurious.three_points` | the assumption T(eta) and the signs that follow from it | 5.1 |
| `spurious.sharp`, `spurious.first_failures` | their largest eta: proofs up to it, data on which each fails | 5.1 |
| `spurious.trap` | the trap at the end of the three-point example | 5.5 |
| `spurious.stationary` | a stationary point that is no local minimum, on exact data | 5.6 |
| `bias.orthogonal` | drifts on orthogonal data | 6.1 |
| `bias.minimum_norm` | the least norm that interpolates orthogonal data | 6.3 |
| `bias.classification` | the time of sides and the stable rank on correlated data | 6.6 |

Import the modules themselves: SymPy is slow to load and not every command needs it.
"""
