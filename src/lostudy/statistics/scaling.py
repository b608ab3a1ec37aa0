"""One scale for every computation: estimates must not depend on units and origins.

Years or days, dollars or thousands, a birth year or an age: a likelihood is searched on columns of
mean 0 and length 1 per row, and what is found is turned back.
"""

from __future__ import annotations

import numpy as np


def centred(X: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns with mean 0 and SD 1, their means and their SDs (1 for a constant column).

    >>> [part.tolist() for part in centred(np.array([[1., 5], [3, 5]]))]
    [[[-1.0, 0.0], [1.0, 0.0]], [2.0, 5.0], [1.0, 1.0]]
    """
    if not len(X):
        return X, np.zeros(X.shape[1]), np.ones(X.shape[1])
    middle = X.mean(axis=0)
    size = X.std(axis=0)
    size = np.where(size > 1e-12 * np.abs(X).max(axis=0, initial=0.0), size, 1.0)
    return (X - middle) / size, middle, size
