"""One scale for every computation: estimates must not depend on units and origins.

Years or days, dollars or thousands, a birth year or an age: a likelihood is searched on columns of
mean 0 and length 1 per row, and what is found is turned back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lostudy.statistics.design import Design


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


@dataclass(frozen=True)
class Scaled:
    """A linear model on columns of length 1 per row and independent, and the way back.

    `data`: its X are such columns for the same space, its y the least-squares residuals with mean
    square 1. With c the coefficients there, those of the model as given are `least` + `size` *
    `turn` @ c; variances are `size` squared times theirs. `log_turn`: log |det turn|.
    """

    data: Design
    least: np.ndarray
    turn: np.ndarray
    size: float

    @property
    def log_turn(self) -> float:
        return float(np.log(np.abs(np.diag(self.turn))).sum())

    @property
    def exact(self) -> bool:
        """Whether least squares leave nothing but rounding."""
        return self.size == 0.0


def scaled(data: Design) -> Scaled:
    """The same model in its own units: no estimate then depends on those of y and X.

    `data`: without a `problem`. Neither the space that X spans nor what lies outside it changes.

    >>> from lostudy.statistics.design import complete
    >>> found = scaled(complete([1000, 1002.], np.ones((2, 1))))
    >>> found.data.y.round(6).tolist(), found.least.round(6).tolist(), round(found.size, 6)
    ([-1.0, 1.0], [1001.0], 1.0)
    """
    root = np.sqrt(len(data.y))
    largest = np.abs(data.X).max(axis=0)
    Q, R = np.linalg.qr(data.X / largest)
    sign = np.sign(np.diag(R)) * root
    turn = np.linalg.inv(R) * sign / largest[:, None]
    X = Q * sign
    inner = X.T @ data.y / len(data.y)
    rest = data.y - X @ inner
    rest = rest - X @ (X.T @ rest) / len(data.y)
    size = float(np.sqrt((rest**2).mean()))
    if size <= 1e-12 * float(np.abs(data.y).max()):
        return Scaled(replace(data, X=X, y=np.zeros(len(rest))), turn @ inner, turn, 0.0)
    return Scaled(replace(data, X=X, y=rest / size), turn @ inner, turn, size)
