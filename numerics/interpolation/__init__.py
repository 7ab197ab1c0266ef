"""Networks of least norm that interpolate the data (theory.md 6.3-6.4).

| module | holds |
|---|---|
| `least` | `least_norm`, `LeastNorm`: the least norm of a network of any width, with a proved bracket |
| `cells` | all cells of the data's hyperplanes with their facets, and the rays, in exact integers |
| `program` | the convex program over all cells, by CVXPY and Clarabel (the extra `convex`) |
| `exchange` | refinement of its solution: linear programs over neurons, and bounds on every cell |
| `exact_network` | which labels a network can interpolate; networks that interpolate exactly |
| `certificate` | `NormCertificate`, `check`: what proves a bracket, and its independent check in exact arithmetic |
| `count` | the number of cells, by deletion and restriction, for that check |
"""
