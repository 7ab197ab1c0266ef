"""The early phase at a finite small start (theory.md 4).

| claim | item |
|---|---|
| `growth_bound` | 4.1-4.3 |
"""
