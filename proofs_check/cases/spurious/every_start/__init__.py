"""Positively correlated data with starts, and exact neurons for single steps of Theorem A (theory.md 9)."""
