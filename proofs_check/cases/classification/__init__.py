"""Data for classification whose points lie in a narrow cone (theory.md 6, 11)."""
