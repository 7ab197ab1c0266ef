"""Statements of Boursier and Flammarion, JMLR 26(183), 2025, as printed and repaired (theory.md 8)."""
