"""Orthogonal data, and data labelled by one neuron (theory.md 6)."""
