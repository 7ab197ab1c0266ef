"""Formal vectors, sums, limits and exact decisions: the algebra that every chapter of the theory is written in."""
