"""Which solution small starts converge to, with the square loss (theory.md 6).

| claim | item |
|---|---|
| `orthogonal_extremal` | 6.1 |
| `orthogonal_limit` | 6.2 |
| `limit_process` | 6.2, on general data |
| `minimum_norm` | 6.3, 6.4 |
| `single_neuron_teacher` | 6.5 |
"""
