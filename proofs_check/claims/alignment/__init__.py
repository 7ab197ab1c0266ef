"""Neurons that turn while the output is still zero (theory.md 3)."""
