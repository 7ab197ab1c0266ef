"""The structure of the gradient flow, for any width, dimension, loss and leak (theory.md 2)."""
