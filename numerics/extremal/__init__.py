"""Extremal vectors: one algorithm a file, and `vectors`, which chooses among them (docs/theory.md 3.7)."""
