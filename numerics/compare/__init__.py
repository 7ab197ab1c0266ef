"""Comparison of a simulated flow with its prediction, on which the flow does not depend (docs/theory.md 4.1-4.4)."""
