"""Certified early alignment of one start (docs/certificates.md, theory.md 4.4).

| module | holds |
|---|---|
| `setting` | the rational problem and start, and the constants that bound the drift |
| `cells` | cells and faces: their drift, its margins, and where a neuron goes at a hyperplane; exact |
| `path` | one neuron followed from event to event in balls, for every drift within a given deviation |
| `threshold` | the largest scale lambda_1 for which all steps hold |
| `certificate` | `certify_early`, and its certificate |
"""
