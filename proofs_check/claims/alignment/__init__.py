"""Neurons that turn while the output is still zero (theory.md 3).

| claim | item |
|---|---|
| `ode` | 3.1 |
| `closed_form` | 3.2 |
| `time` | 3.3 |
| `rate` | 3.4 |
| `crossing` | 3.5 |
| `correlation_monotone` | 3.6 |
| `extremal_vectors` | 3.7 |
| `cell_count` | 3.8 |
| `fates` | 3.9 |
"""
