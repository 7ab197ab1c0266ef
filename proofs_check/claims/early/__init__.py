"""The early phase at a finite small start (theory.md 4).

| claim | item |
|---|---|
| `field_deviation` | 4.1 |
| `growth_bound` | 4.1-4.3 |
| `alignment` | 4.4 |
| `sparsity` | 4.5 |
| `escape_time` | 4.6 |
"""
