"""Data in T(eta), with starts, and starts in the trap (theory.md 5)."""
