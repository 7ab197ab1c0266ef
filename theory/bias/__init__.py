"""Implicit bias on orthogonal data: extremal drifts and networks of least norm (docs/theory.md 6)."""
