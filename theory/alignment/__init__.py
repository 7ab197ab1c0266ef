"""Alignment under a constant drift: closed forms, times, rates, and the neurons at a saddle (docs/theory.md 3)."""
