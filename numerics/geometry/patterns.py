"""Activation patterns: on which side of each data hyperplane a neuron's weight vector lies (theory.md 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_ROWS_AT_ONCE = 65536


def activation_pattern(weights: ArrayLike, inputs: ArrayLike) -> NDArray[np.int8]:
    """The ternary patterns A(w_j) = (sign <w_j, x_k>)_k, shape (m, n), entries -1, 0, 1.

    `weights` has shape (m, d), `inputs` shape (n, d). The signs are those of the floating-point inner products: an
    exact zero is reported only where the products cancel exactly. Raises ValueError when the dimensions differ.
    """
    w, x = np.asarray(weights, dtype=np.float64), np.asarray(inputs, dtype=np.float64)
    if w.ndim != 2 or x.ndim != 2 or w.shape[1] != x.shape[1]:
        raise ValueError(f"weights (m, d) and inputs (n, d) must share d, not have shapes {w.shape} and {x.shape}")
    patterns = np.empty((len(w), len(x)), dtype=np.int8)
    for first in range(0, len(w), _ROWS_AT_ONCE):  # blocks bound the float workspace for a million neurons
        rows = slice(first, first + _ROWS_AT_ONCE)
        patterns[rows] = np.sign(w[rows] @ x.T)
    return patterns


def starting_signs(weights: NDArray[np.float64], normals: NDArray[np.float64]) -> NDArray[np.int8]:
    """Signs of <w_j, x_i>, shape (m, h), with 0 where the float inner product cannot be told from zero.

    `weights` has shape (m, d), `normals` shape (h, d).
    """
    products = weights @ normals.T
    dimension = normals.shape[1]
    rounding = 2 * (dimension + 1) * np.finfo(np.float64).eps * (np.abs(weights) @ np.abs(normals).T)
    return np.where(np.abs(products) <= rounding, 0, np.sign(products)).astype(np.int8)
