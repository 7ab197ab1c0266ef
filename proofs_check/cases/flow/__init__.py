"""Flows that can be solved by hand, transformed or reduced to patterns (theory.md 2)."""
