"""Three points: convergence to a spurious stationary point (theory.md 5).

| claim | item |
|---|---|
| `geometry` | 5.1 |
| `sharp_constants` | 5.1, the largest eta of each inequality |
| `single_direction` | 5.2 |
| `phase_one` | 5.3 |
| `limit` | 5.6 |
| `two_edged` | 5.7 |
| `path` | 5.4 |
| `trap` | 5.5 |
| `certified_limit` | 5.6, for single starts |
| `stationary` | 5.6, the limit itself |
"""
