"""The structure of the gradient flow, for any width, dimension, loss and leak (theory.md 2).

| claim | item |
|---|---|
| `equations` | 1.1 |
| `balancedness` | 2.1 |
| `domination` | 2.2 |
| `lorentz` | 2.3 |
| `energy` | 2.4 |
| `reduction` | 2.5 |
| `sliding` | 2.6 |
| `equivariance` | 2.7 |
"""
